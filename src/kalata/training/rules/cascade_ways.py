"""Ways out of a plan that does not hold: larger classes, more days, rooms or pairs; each alone makes the whole plan hold.

The class size and the number of days are the smallest that do; of rooms and of pairs to add, none can be reduced by one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from kalata.training.rules.cascade import Pair, Plan, Scope
from kalata.training.rules.cascade_costs import cost_of
from kalata.training.rules.cascade_flow import Flow
from kalata.training.rules.cascade_solving import Kinds, fits, kinds_of, room_lack


@dataclass(frozen=True, slots=True)
class NewPairs:
    home: str
    language: str
    n: int
    women: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """limit: class_max, days, rooms or pairs. cost_xof: what it adds (or spares, negative). priced: whether the plan prices it."""

    limit: str
    to: int | None = None
    rooms: Mapping[str, int] = field(default_factory=dict)
    pairs: tuple[NewPairs, ...] = ()
    cost_xof: int = 0
    priced: bool = True
    proved: bool = True


def least(low: int, high: int, holds: Callable[[int], bool]) -> int | None:
    """The smallest number from low to high that holds, what holds being held by every larger one; None without any."""
    if low > high or not holds(high):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def ways_out(plan: Plan) -> list[Way]:
    """Of a plan that does not hold without travel."""
    kinds = kinds_of(plan)
    found = [by_class(plan, kinds), by_days(plan, kinds)]
    if plan.slots:
        lack = room_lack(plan, plan.needs(), plan.slots)
        rooms = {a: -(-n // plan.slots) for a, n in lack.items()}
        pairs = pairs_to_add(plan, kinds)
        found += [
            by_rooms(plan, rooms) if rooms and not pairs and rooms_help(plan, rooms) else None,
            by_pairs(plan, pairs) if pairs and not rooms else None,
        ]
    return [way for way in found if way]


def together(plan: Plan) -> list[Way]:
    """Rooms and pairs, where neither is enough alone."""
    if not plan.slots:
        return []
    kinds = kinds_of(plan)
    lack = room_lack(plan, plan.needs(), plan.slots)
    pairs = pairs_to_add(plan, kinds) if lack and rooms_help(plan, lack) else ()
    return [by_rooms(plan, {a: -(-n // plan.slots) for a, n in lack.items()}), by_pairs(plan, pairs)] if pairs else []


def rooms_help(plan: Plan, lack: Mapping[str, int]) -> bool:
    """A room more is no way out of a place where no class can be held."""
    return all(plan.areas[area].safe for area in lack)


def by_class(plan: Plan, kinds: Kinds) -> Way | None:
    most = max((r.trainees for r in plan.rows), default=0)
    to = least(plan.class_max + 1, most, lambda size: fits(plan, kinds, most=size))
    return way_of_class(plan, to) if to else None


def way_of_class(plan: Plan, to: int, proved: bool = True) -> Way:
    now, then = (cost_of(plan, sum(plan.needs(size)), plan.trainees).total for size in (plan.class_max, to))
    c = plan.costs
    return Way(
        "class_max", to=to, cost_xof=then - now, priced=c.venue is not None and c.trainer is not None, proved=proved
    )


def by_days(plan: Plan, kinds: Kinds) -> Way | None:
    slots = least(plan.slots + 1, max(sum(plan.needs()), 1), lambda n: fits(plan, kinds, slots=n))
    return Way("days", to=slots * plan.class_days, priced=False) if slots else None


def by_rooms(plan: Plan, rooms: Mapping[str, int]) -> Way:
    price = plan.costs.new_room
    return Way("rooms", rooms=rooms, cost_xof=(price or 0) * sum(rooms.values()), priced=price is not None)


def by_pairs(plan: Plan, pairs: tuple[NewPairs, ...], proved: bool = True) -> Way:
    price = plan.costs.new_pair
    n = sum(p.n for p in pairs)
    return Way("pairs", pairs=pairs, cost_xof=(price or 0) * n, priced=price is not None, proved=proved)


def pairs_to_add(plan: Plan, kinds: Kinds) -> tuple[NewPairs, ...]:
    """Pairs of one area and language which together give every class a pair; none of them can be spared.

    Each is put where a row without a place reaches the row with most classes, which it frees for others; then each is
    taken away again, and stays away where all still fits.
    """
    needs, slots = plan.needs(), plan.slots
    rows = len(needs)
    base = kinds.caps(slots)
    serves = [(len(base) + r, *kinds.serves[r]) for r in range(rows)]  # one kind more for each row, of no pair yet
    flow = Flow(needs, [*base, *([0] * rows)], serves).filled()
    added = [0] * rows
    for row in range(rows):
        while flow.pressed([row]) is not None:
            met = flow.walk(row)[2]
            best = max(met, key=lambda r: (needs[r] - slots * added[r], -r))
            added[best] += 1
            flow.free[len(base) + best] += slots
    for row in range(rows):
        while added[row] and spared(flow, len(base) + row, slots):
            added[row] -= 1
    return tuple(NewPairs(plan.rows[r].area, plan.rows[r].language, n, plan.areas[plan.rows[r].area].women) for r, n in enumerate(added) if n)


def spared(flow: Flow, kind: int, slots: int) -> bool:
    """Whether a kind can lose a pair and all still fit; if not, all is as it was."""
    flow.undo = []
    over = slots - flow.free[kind]
    held = list(flow.holds[kind].items())
    for row, n in held:
        if over > 0:
            away = min(n, over)
            flow.move(row, kind, -away)
            over -= away
    flow.free[kind] -= slots
    done = flow.undo
    if flow.pressed([r for r, n in enumerate(flow.left) if n]) is None:
        flow.undo = None
        return True
    flow.undo = None
    for row, k, n in reversed(done):
        flow.move(row, k, -n)
    flow.free[kind] += slots
    return False


def added_to(plan: Plan, way: Way) -> Plan:
    """The plan with a way out taken; days are not added here (they need dates)."""
    if way.limit == "class_max" and way.to:
        return replace(plan, class_max=way.to)
    more = tuple(
        Pair(f"+{p.home}-{p.language}-{i + 1}", p.home, Scope.AREA, (p.language,), p.women)
        for p in way.pairs
        for i in range(p.n)
    )  # fmt: skip
    return plan.with_rooms(way.rooms).with_pairs(more)
