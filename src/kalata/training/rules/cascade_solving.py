"""A plan of a cascade proved or refuted: classes with their day, room and pair, or the rows that clash.

Without travel the answer is exact. A pair, and a room, holds floor(days / class.days) classes whatever their order, so
that a class needs a pair and a room of one slot. All classes fit exactly when each area has no more than rooms x slots, and
no set of rows needs more than the pairs able to teach any of them can hold (Hall); the days then follow by colouring.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kalata.training.rules.cascade import Answer, Class, Conflict, Kind, Pair, Plan, Row, Scope
from kalata.training.rules.cascade_days import coloured, shared_out
from kalata.training.rules.cascade_flow import Flow, clashing
from kalata.training.rules.cascade_most import most_served


@dataclass(frozen=True, slots=True)
class Kinds:
    """Pairs alike: same reach, same languages, a woman among them or not. serves: kinds of each row, those that stay in their area first."""

    pairs: tuple[tuple[Pair, ...], ...]
    serves: tuple[tuple[int, ...], ...]

    def caps(self, slots: int) -> list[int]:
        return [len(alike) * slots for alike in self.pairs]

    def able(self, rows: Sequence[int]) -> int:
        return sum(len(self.pairs[k]) for k in {k for r in rows for k in self.serves[r]})


ORDER = {Scope.AREA: 0, Scope.PARENT: 1, Scope.NATIONAL: 2}


def kinds_of(plan: Plan) -> Kinds:
    alike: dict[tuple[int, str, tuple[str, ...], bool], list[Pair]] = {}
    asked = any(area.women for area in plan.areas.values())
    for pair in plan.pairs:
        alike.setdefault((ORDER[pair.scope], pair.home, pair.languages, asked and pair.women), []).append(pair)
    keys = sorted(alike)
    by_reach: dict[tuple[int, str], list[int]] = {}
    for k, (order, home, _languages, _women) in enumerate(keys):
        by_reach.setdefault((order, home), []).append(k)
    serves = []
    for row in plan.rows:
        reach = ((0, row.area), (1, plan.areas[row.area].parent), (2, ""))
        women = plan.areas[row.area].women
        able = (k for at in reach for k in by_reach.get(at, ()) if row.language in keys[k][2])
        serves.append(tuple(k for k in able if keys[k][3] or not women))
    return Kinds(tuple(tuple(sorted(alike[key], key=lambda p: p.code)) for key in keys), tuple(serves))


def room_lack(plan: Plan, needs: Sequence[int], slots: int) -> dict[str, int]:
    """Classes that each area cannot hold in its rooms; areas that can hold theirs are not there."""
    total: Counter[str] = Counter()
    for row, n in zip(plan.rows, needs, strict=True):
        total[row.area] += n
    return {a: n - plan.areas[a].rooms * slots for a, n in sorted(total.items()) if n > plan.areas[a].rooms * slots}


def fits(plan: Plan, kinds: Kinds, *, most: int | None = None, slots: int | None = None) -> bool:
    """Whether all classes can be held, with another class_max or another number of slots; without travel."""
    needs, slots = plan.needs(most), plan.slots if slots is None else slots
    if room_lack(plan, needs, slots):
        return False
    return not any(Flow(needs, kinds.caps(slots), kinds.serves).filled().left)


def conflicts(plan: Plan, kinds: Kinds) -> list[Conflict]:
    """What clashes, without travel: the window, then areas without rooms enough, then rows without pairs enough.

    Each is minimal (taking out any of its rows leaves a set that fits) and shares no row with those before it.
    """
    needs, slots = plan.needs(), plan.slots
    first = next((i for i, n in enumerate(needs) if n), None)
    if first is None:
        return []
    if not slots:
        row = plan.rows[first]
        return [Conflict(Kind.WINDOW, ((row.area, row.language),), needs[first], 0)]
    found = [
        Conflict(Kind.ROOMS, ((area, None),), lack + plan.areas[area].rooms * slots, plan.areas[area].rooms * slots)
        for area, lack in room_lack(plan, needs, slots).items()
    ]
    flow = Flow(needs, kinds.caps(slots), kinds.serves).filled()
    at = 0
    while at < len(needs):
        if flow.pressed([at]) is None:
            at += 1
            continue
        rows = clashing(flow, at)
        able = kinds.able(rows)
        named = tuple((plan.rows[r].area, plan.rows[r].language) for r in rows)
        found.append(Conflict(Kind.PAIRS, named, sum(needs[r] for r in rows), able * slots, able))
        for one in rows:
            flow.drop(one)
    return found


def exactly(plan: Plan) -> Answer:
    """The answer without travel: a plan of all classes, or of as many as can be with what clashes."""
    kinds = kinds_of(plan)
    clash = conflicts(plan, kinds)
    if not clash:
        given: Sequence[Mapping[int, int]] = Flow(plan.needs(), kinds.caps(plan.slots), kinds.serves).filled().given
    elif clash[0].kind is Kind.WINDOW:
        given = [{} for _row in plan.rows]
    else:
        given = served(plan, kinds)
    classes = held(plan, kinds, given)
    return Answer(plan, classes, clash[0] if clash else None, tuple(clash[1:]))


def served(plan: Plan, kinds: Kinds) -> list[dict[int, int]]:
    places = {code: i for i, code in enumerate(sorted(plan.areas))}
    rooms = [plan.areas[code].rooms * plan.slots for code in sorted(plan.areas)]
    area_of = [places[row.area] for row in plan.rows]
    return most_served(plan.needs(), kinds.caps(plan.slots), kinds.serves, area_of, rooms)


def held(plan: Plan, kinds: Kinds, given: Sequence[Mapping[int, int]]) -> tuple[Class, ...]:
    """The classes with pair, room and day, in order of row and day."""
    by_kind: dict[int, dict[int, int]] = {}
    for row, kinds_of_row in enumerate(given):
        for kind, n in kinds_of_row.items():
            by_kind.setdefault(kind, {})[row] = n
    taught: list[tuple[int, str]] = []
    for kind in sorted(by_kind):
        alike = kinds.pairs[kind]
        stays = alike[0].scope is Scope.AREA
        taught += [(row, alike[i].code) for row, i in shared_out(by_kind[kind], len(alike), plan.slots, stays)]
    taught.sort(key=lambda t: (plan.rows[t[0]].area, t[1], t[0]))
    codes = {code: i for i, code in enumerate(dict.fromkeys(code for _row, code in taught))}
    rooms: dict[tuple[str, int], int] = {}
    edges: list[tuple[int, int]] = []
    named: list[int] = []
    met: Counter[str] = Counter()
    for row, code in taught:
        area = plan.rows[row].area
        room = met[area] % plan.areas[area].rooms
        met[area] += 1
        named.append(room + 1)
        edges.append((codes[code], rooms.setdefault((area, room), len(rooms))))
    slots = coloured(edges, plan.slots)
    placed = [(row, slot * plan.class_days, room, code) for (row, code), slot, room in zip(taught, slots, named, strict=True)]  # fmt: skip
    return seated(plan, placed)


def seated(plan: Plan, placed: Sequence[tuple[int, int, int, str]]) -> tuple[Class, ...]:
    """Classes of (row, first day, room, pair) with their trainees, shared as evenly as can be; the fuller ones first."""
    rank: Counter[int] = Counter()
    out = []
    for row, first, room, code in sorted(placed):
        n = plan.rows[row].classes(plan.class_max)
        places = plan.rows[row].trainees // n + (rank[row] < plan.rows[row].trainees % n)
        rank[row] += 1
        out.append(Class(plan.rows[row], room, code, first, places))
    return tuple(out)


def faults_of(plan: Plan, classes: Sequence[Class]) -> list[str]:
    """What does not hold in classes that are said to be held: nothing, or the plan is never given."""
    pairs = {p.code: p for p in plan.pairs}
    busy: dict[tuple[str, int], Row] = {}
    rooms: set[tuple[str, int, int]] = set()
    out = []
    for c in classes:
        pair = pairs[c.pair]
        reach = {Scope.AREA: pair.home == c.row.area, Scope.PARENT: pair.home == plan.areas[c.row.area].parent, Scope.NATIONAL: True}  # fmt: skip
        if not reach[pair.scope] or c.row.language not in pair.languages or not 1 <= c.room <= plan.areas[c.row.area].rooms:  # fmt: skip
            out.append(f"{c.pair} {c.row.area}")
        if plan.areas[c.row.area].women and not pair.women:
            out.append(f"{c.pair} {c.row.area} -")
        if c.first < 0 or c.first + plan.class_days > len(plan.days) or not 1 <= c.places <= plan.class_max:
            out.append(f"{c.pair} {c.first}")
        for day in range(c.first, c.first + plan.class_days):
            if (c.pair, day) in busy or (c.row.area, c.room, day) in rooms:
                out.append(f"{c.pair} {c.row.area} {day}")
            busy[c.pair, day] = c.row
            rooms.add((c.row.area, c.room, day))
    return out + strayed(plan, classes)


def strayed(plan: Plan, classes: Sequence[Class]) -> list[str]:
    """Pairs that are in another area before the days of travel have passed."""
    last: dict[str, Class] = {}
    out = []
    for c in sorted(classes, key=lambda c: (c.pair, c.first)):
        before = last.get(c.pair)
        if before and before.row.area != c.row.area and c.first < before.first + plan.class_days + plan.travel_days:
            out.append(f"{c.pair} {before.row.area} {c.row.area}")
        last[c.pair] = c
    return out
