"""The cascade of a contest with the plan's own numbers: the average, then each place, then the ways out with their price.

Pairs stay in their place. How many each place has is not known before a list is brought: those of the plan are shared out
by stations (largest remainders, one at least), which is an assumption and is said to be one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from kalata.training.rules.cascade import TRAINERS, Answer, Area, Costs, Pair, Plan, Row, Scope, trainees_of
from kalata.training.rules.cascade_costs import cost_of
from kalata.training.rules.cascade_solving import exactly, kinds_of
from kalata.training.rules.cascade_ways import Way, added_to, pairs_to_add

NO_LIMIT = 10**6
"""Rooms of a place of which nothing is known: they limit nothing, and the page says so."""
LANGUAGE = "-"
BANDS = ((1, 3), (4, 7), (8, 10), (11, 14), (15, None))
"""Classes a place needs, by which the places are told."""


@dataclass(frozen=True, slots=True)
class Place:
    code: str
    name: str
    parent: str
    stations: int


@dataclass(frozen=True, slots=True)
class Terms:
    """last: days from the last teaching day to the poll."""

    class_max: int
    days: int
    reserve: Fraction
    per_station: int
    pairs: int
    last: int
    costs: Costs


def shared(places: Sequence[Place], pairs: int) -> dict[str, int]:
    """Pairs by place: one each, the rest by stations, largest remainders first (ties by code)."""
    total = sum(p.stations for p in places)
    left = pairs - len(places)
    if left < 0 or not total:
        most = sorted(places, key=lambda p: (-p.stations, p.code))[: max(pairs, 0)]
        return {p.code: int(p in most) for p in places}
    parts = {p.code: Fraction(left * p.stations, total) for p in places}
    out = {code: 1 + part.numerator // part.denominator for code, part in parts.items()}
    over = pairs - sum(out.values())
    for code in sorted(parts, key=lambda c: (-(parts[c] % 1), c))[:over]:
        out[code] += 1
    return out


def plan_of(places: Sequence[Place], terms: Terms, poll: date) -> Plan:
    """The plan of these terms; its days end `last` days before the poll."""
    end = poll - timedelta(terms.last)
    known = sorted(places, key=lambda p: p.code)
    own = shared(known, terms.pairs)
    return Plan(
        days=tuple(end - timedelta(n) for n in reversed(range(terms.days))),
        class_max=terms.class_max, class_days=1, travel_days=0,
        areas={p.code: Area(p.code, p.parent, NO_LIMIT) for p in known},
        rows=tuple(Row(p.code, LANGUAGE, trainees_of(p.stations, terms.per_station, terms.reserve)) for p in known),
        pairs=tuple(Pair(f"{p.code}/{n:04d}", p.code, Scope.AREA, (LANGUAGE,)) for p in known for n in range(own[p.code])),
        costs=terms.costs,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Average:
    """Staff in classes as if all places were one: the least that is needed and the most that pairs can hold."""

    trainees: int
    classes: int
    capacity: int
    pairs: int

    @property
    def lack(self) -> int:
        return self.classes - self.capacity

    @property
    def per_pair(self) -> Fraction | None:
        return Fraction(self.classes, self.pairs) if self.pairs else None


def average(stations: int, terms: Terms, reserve: Fraction) -> Average:
    trainees = trainees_of(stations, terms.per_station, reserve)
    return Average(trainees, -(-trainees // terms.class_max), terms.pairs * terms.days, terms.pairs)


@dataclass(frozen=True, slots=True)
class Line:
    """One place, or several together. lack: classes without a pair."""

    name: str
    places: int
    stations: int
    trainees: int
    classes: int
    pairs: int
    held: int

    @property
    def lack(self) -> int:
        return self.classes - self.held


def lines_of(places: Sequence[Place], answer: Answer) -> list[tuple[Place, Line]]:
    """Each place with what it needs and what is held there, in order of code."""
    held = Counter(c.row.area for c in answer.classes)
    pairs = Counter(p.home for p in answer.plan.pairs)
    by_code = {p.code: p for p in places}
    return [
        (by_code[r.area], Line(by_code[r.area].name, 1, by_code[r.area].stations, r.trainees, n, pairs[r.area], held[r.area]))
        for r, n in zip(answer.plan.rows, answer.plan.needs(), strict=True)
    ]  # fmt: skip


def summed(name: str, lines: Sequence[Line]) -> Line:
    figures = (
        [getattr(line, f) for line in lines] for f in ("places", "stations", "trainees", "classes", "pairs", "held")
    )
    return Line(name, *(sum(f) for f in figures))


def banded(lines: Sequence[Line]) -> list[tuple[tuple[int, int | None], Line]]:
    """The places by how many classes they need."""
    return [
        (band, summed("", [one for one in lines if one.classes >= band[0] and (band[1] is None or one.classes <= band[1])]))
        for band in BANDS
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exit:
    """A way out as a whole plan: who, when, how many, at what price. rooms: classes at the same time in `where`, its fullest place."""

    name: str
    days: tuple[date, ...]
    class_max: int
    classes: int
    more_pairs: int
    rooms: int
    before_poll: Fraction
    cost: int
    proved: bool = True
    """False: the pairs are enough, fewer may be."""


def exits(places: Sequence[Place], terms: Terms, poll: date, larger: int, longest: int, travel: int = 1) -> list[Exit]:
    """More pairs; larger classes too; a longer window; both; mobile teams; all on one day: each with the pairs it needs.

    None has a pair too many but mobile teams, whose number is enough and not proved the least. travel: days they lose at a move.
    """
    tried = (
        ("pairs", terms.days, terms.class_max), ("pairs_classes", terms.days, larger), ("window", longest, terms.class_max),
        ("window_classes", longest, larger), ("one_day", 1, terms.class_max),
    )  # fmt: skip
    out = [exit_of(name, places, replace(terms, days=days, class_max=most), poll) for name, days, most in tried]
    return [*out[:-1], mobile(places, terms, poll, travel), out[-1]]


@dataclass(frozen=True, slots=True)
class Visit:
    """A class held by a mobile team: its place, and the rank of its day."""

    team: int
    area: str
    day: int


def visits(plan: Plan, travel: int) -> tuple[list[Visit], int]:
    """Every class of the plan by teams that go from place to place of one parent, and how many moves they make.

    A team ends a place before it leaves; a move loses `travel` days; a team out of days is followed by another one.
    """
    days, team, moves = len(plan.days), 0, 0
    out: list[Visit] = []
    by_parent: dict[str, list[tuple[str, int]]] = {}
    for row, n in zip(plan.rows, plan.needs(), strict=True):
        by_parent.setdefault(plan.areas[row.area].parent, []).append((row.area, n))
    for parent in sorted(by_parent):
        day = days
        for area, n in sorted(by_parent[parent], key=lambda r: (-r[1], r[0])):
            moved = day < days
            day = day + travel if moved else day
            if n and moved and day < days:
                moves += 1
            for _class in range(n):
                if day >= days:
                    team, day = team + 1, 0
                out.append(Visit(team, area, day))
                day += 1
    return out, moves


def mobile(places: Sequence[Place], terms: Terms, poll: date, travel: int) -> Exit:
    """Mobile teams on the same days: fewer pairs, days on the road paid to their trainers."""
    plan = plan_of(places, terms, poll)
    held, moves = visits(plan, travel)
    teams = len({v.team for v in held})
    at = Counter((v.area, v.day) for v in held)
    before = sum((poll - plan.days[v.day]).days for v in held)
    more = teams - terms.pairs
    cost = cost_of(plan, len(held), plan.trainees).total + (terms.costs.new_pair or 0) * max(more, 0)
    cost += moves * travel * TRAINERS * (terms.costs.trainer or 0)
    return Exit(
        "mobile", plan.days, terms.class_max, len(held), more, max(at.values(), default=0), Fraction(before, len(held) or 1), cost, proved=False,
    )  # fmt: skip


def exit_of(name: str, places: Sequence[Place], terms: Terms, poll: date) -> Exit:
    plan = plan_of(places, terms, poll)
    added = pairs_to_add(plan, kinds_of(plan))
    full = added_to(plan, Way("pairs", pairs=added))
    answer = exactly(full)
    assert answer.feasible
    n = sum(p.n for p in added)
    at = Counter((c.row.area, c.first) for c in answer.classes)
    before = sum((poll - plan.days[c.first]).days for c in answer.classes)
    cost = cost_of(full, len(answer.classes), plan.trainees).total + (terms.costs.new_pair or 0) * n
    return Exit(
        name, plan.days, terms.class_max, len(answer.classes), n, max(at.values(), default=0),
        Fraction(before, len(answer.classes) or 1), cost,
    )  # fmt: skip


def hardest(lines: Sequence[tuple[Place, Line]]) -> tuple[str, list[Line]] | None:
    """The parent whose places lack most classes, and its places, the worst first; None where nothing is lacking."""
    by_parent: dict[str, list[Line]] = {}
    for place, line in lines:
        by_parent.setdefault(place.parent, []).append(line)
    lack: Mapping[str, int] = {p: sum(max(one.lack, 0) for one in own) for p, own in by_parent.items()}
    worst = max(sorted(lack), key=lambda p: lack[p], default=None)
    if worst is None or not lack[worst]:
        return None
    return worst, sorted(by_parent[worst], key=lambda one: (-one.lack, one.name))
