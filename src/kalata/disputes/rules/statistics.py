"""Statistics of disputes, computed from the cases: every figure names the cases it was made from.

Shares are exact fractions; a share of nothing is None, never zero. A breakdown by what a person is (sex, region) hides
cells of fewer than ten, and a second one where the first could be found by subtraction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from kalata.text import decimal_string
from kalata.text import gettext_noop as _

FEWEST = 10
"""Below so many persons a cell is not shown."""
PERSONAL = ("region", "sex")


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What is counted of one petition. None: not known. limit: the end of the time to decide, where the law has one."""

    number: str
    received: datetime
    about: str = ""
    region: str = ""
    sex: str = ""
    channel: str = ""
    grounds: tuple[str, ...] = ()
    decided: datetime | None = None
    published: datetime | None = None
    limit: datetime | None = None
    outcome: str = ""
    on_form: bool | None = None  # dismissed for a defect of form
    joined: bool = False
    hearing: bool | None = None
    both_heard: bool | None = None
    reasoned: bool | None = None
    public: bool | None = None
    rule_cited: bool | None = None
    outcome_test: bool | None = None
    rapporteur: str = ""
    stations: int = 0  # annulled
    votes: int = 0  # moved
    seats: int = 0  # changed

    @property
    def took(self) -> timedelta | None:
        return self.decided - self.received if self.decided else None

    @property
    def in_time(self) -> bool | None:
        """Decided before the end of its limit; None where there is no limit, or no decision yet."""
        return None if self.decided is None or self.limit is None else self.decided < self.limit


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and the cases behind it. value None: there was nothing to make it of."""

    value: int | Fraction | timedelta | None
    cases: tuple[str, ...] = ()
    of: int | None = None

    def record(self) -> dict[str, Any]:
        value: Any = self.value
        if isinstance(value, Fraction):
            value = {"fraction": f"{value.numerator}/{value.denominator}", "decimal": decimal_string(value, 6)}
        elif isinstance(value, timedelta):
            value = {"minutes": value // timedelta(minutes=1)}
        return {"value": value, **({"of": self.of} if self.of is not None else {}), "cases": list(self.cases)}


def share(cases: Sequence[CaseFacts], of: Callable[[CaseFacts], bool | None]) -> Figure:
    """The share of those of which it is true among those of which it is known; the cases that make it true."""
    known = [(c, value) for c in cases if (value := of(c)) is not None]
    good = tuple(c.number for c, value in known if value)
    return Figure(Fraction(len(good), len(known)) if known else None, good, len(known))


def total(cases: Sequence[CaseFacts], of: Callable[[CaseFacts], int]) -> Figure:
    return Figure(sum(of(c) for c in cases), tuple(c.number for c in cases if of(c)))


def rank(values: Sequence[timedelta], part: Fraction) -> timedelta | None:
    """The value at a share of the ordered ones, by nearest rank: the smallest that at least so many do not exceed."""
    if not values:
        return None
    place = -(-len(values) * part.numerator // part.denominator)
    return sorted(values)[max(place, 1) - 1]


def times(cases: Sequence[CaseFacts], of: Callable[[CaseFacts], timedelta | None], part: Fraction) -> Figure:
    known = [(c, value) for c in cases if (value := of(c)) is not None]
    return Figure(rank([v for _c, v in known], part), tuple(c.number for c, _v in known), len(known))


@dataclass(frozen=True, slots=True)
class Cell:
    """One line of a breakdown. count None: fewer than ten persons, or it would give away one that is."""

    key: str
    count: int | None
    cases: tuple[str, ...] = ()

    def record(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"key": self.key, "count": self.count}
        return shown | ({"suppressed": True} if self.count is None else {"cases": list(self.cases)})


def breakdown(
    cases: Sequence[CaseFacts], of: Callable[[CaseFacts], Iterable[str]], *, personal: bool = False
) -> tuple[Cell, ...]:
    """Cases by a word of theirs, most first; by what a person is, small cells hidden."""
    where: dict[str, list[str]] = {}
    for case in cases:
        for key in dict.fromkeys(of(case)):
            where.setdefault(key, []).append(case.number)
    cells = [Cell(k, len(v), tuple(v)) for k, v in sorted(where.items(), key=lambda kv: (-len(kv[1]), kv[0]))]
    if not personal:
        return tuple(cells)
    hidden = {c.key for c in cells if (c.count or 0) < FEWEST}
    if len(hidden) == 1 and len(cells) > 1:
        hidden.add(min((c for c in cells if c.key not in hidden), key=lambda c: (c.count or 0, c.key)).key)
    return tuple(Cell(c.key, None) if c.key in hidden else c for c in cells)


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the cases add up to."""

    cases: tuple[CaseFacts, ...]
    figures: Mapping[str, Figure] = field(default_factory=dict)
    breakdowns: Mapping[str, tuple[Cell, ...]] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        return {
            "figures": {name: f.record() for name, f in self.figures.items()},
            "breakdowns": {name: [c.record() for c in cells] for name, cells in self.breakdowns.items()},
        }


FIGURE_LABELS: Mapping[str, str] = {
    "filed": _("Requêtes reçues"),
    "decided": _("Requêtes jugées"),
    "median_time": _("Temps médian pour juger"),
    "p90_time": _("Neuf sur dix jugées en"),
    "in_time": _("Jugées dans le délai"),
    "hearing": _("Avec audience"),
    "both_heard": _("Les deux parties entendues"),
    "dismissed_on_form": _("Rejetées pour la forme"),
    "joined": _("Jointes"),
    "granted": _("Accueillies"),
    "stations_annulled": _("Bureaux annulés"),
    "votes_moved": _("Voix déplacées"),
    "seats_changed": _("Sièges changés"),
    "publication_time": _("De la décision à sa publication"),
}


def statistics(cases: Sequence[CaseFacts]) -> Statistics:
    """Every figure of the room, each with its cases."""
    decided = [c for c in cases if c.decided is not None]
    half, nine = Fraction(1, 2), Fraction(9, 10)

    def published(case: CaseFacts) -> timedelta | None:
        return case.published - case.decided if case.published and case.decided else None

    figures = {
        "filed": Figure(len(cases), tuple(c.number for c in cases)),
        "decided": Figure(len(decided), tuple(c.number for c in decided), len(cases)),
        "median_time": times(cases, lambda c: c.took, half),
        "p90_time": times(cases, lambda c: c.took, nine),
        "in_time": share(cases, lambda c: c.in_time),
        "hearing": share(decided, lambda c: c.hearing),
        "both_heard": share(decided, lambda c: c.both_heard),
        "dismissed_on_form": share(decided, lambda c: c.on_form),
        "joined": share(cases, lambda c: c.joined),
        "granted": share(decided, lambda c: c.outcome == "granted" if c.outcome else None),
        "stations_annulled": total(cases, lambda c: c.stations),
        "votes_moved": total(cases, lambda c: c.votes),
        "seats_changed": total(cases, lambda c: c.seats),
        "publication_time": times(cases, published, half),
    }
    breakdowns = {
        "about": breakdown(cases, lambda c: [c.about or "–"]),
        "ground": breakdown(cases, lambda c: c.grounds),
        "channel": breakdown(cases, lambda c: [c.channel or "–"]),
        "outcome": breakdown(decided, lambda c: [c.outcome or "–"]),
        "rapporteur": breakdown(cases, lambda c: [c.rapporteur] if c.rapporteur else []),
        "region": breakdown(cases, lambda c: [c.region or "–"], personal=True),
        "sex": breakdown(cases, lambda c: [c.sex or "–"], personal=True),
    }
    return Statistics(tuple(cases), figures, breakdowns)


@dataclass(frozen=True, slots=True)
class Forecast:
    """When a pile of petitions is cleared. day: of the window and after, from 1; None where nothing is ever judged."""

    day: int | None
    worst: int
    left: int  # not judged at the limit

    def record(self) -> dict[str, Any]:
        return {"cleared_on_day": self.day, "worst_backlog": self.worst, "left_at_limit": self.left}


def forecast(arrivals: Sequence[int], a_day: int, limit: int, waiting: int = 0) -> Forecast:
    """A queue of whole petitions: what arrives each day, so many judged a day, how many are left on day `limit`.

    No chance in it: the same figures give the same day.
    """
    pile, worst, left, day = waiting, waiting, waiting if limit <= 0 else 0, 0
    while day < len(arrivals) or pile:
        if day >= len(arrivals) and a_day <= 0:
            return Forecast(None, worst, pile if limit >= day else left)
        pile += arrivals[day] if day < len(arrivals) else 0
        worst = max(worst, pile)
        pile -= min(pile, max(a_day, 0))
        day += 1
        if day == limit:
            left = pile
    return Forecast(day, worst, left)


def load(cases: Sequence[CaseFacts]) -> dict[str, int]:
    """Cases of each reporting judge."""
    return dict(Counter(c.rapporteur for c in cases if c.rapporteur))
