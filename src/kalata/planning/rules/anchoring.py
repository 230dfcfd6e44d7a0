"""What the law asks of a plan: its anchors as days, once J1 and J2 are known, and whether the dates keep them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kalata.planning.rules.calendars import Calendar
from kalata.planning.rules.forward import Bounds, Early, Net, early, opening
from kalata.planning.rules.plan import Activity, Anchor, AnchorKind, Plan, Point, Type

T0, J1, J2 = "T0", "J1", "J2"


@dataclass(frozen=True, slots=True)
class Polls:
    """The days of the polls, as offsets. applied: given, so that anchors are bounds; else read from the plan itself."""

    at: Mapping[str, int]
    applied: bool = False

    def of(self, point: Point) -> int | None:
        base = self.at.get(point.event)
        return None if base is None else base + point.days


def bounds_of(plan: Plan, polls: Polls) -> Bounds:
    """Anchors as bounds: a day is one on which it must start, the end of a span one by which it must end."""
    on: dict[int, int] = {}
    by: dict[int, int] = {}
    for i, a in enumerate(plan.activities):
        if a.anchor is None or a.anchor.kind is AnchorKind.WINDOW:
            continue
        first = polls.of(a.anchor.first) if a.anchor.first else None
        last = polls.of(a.anchor.last) if a.anchor.last else None
        if first is not None:
            on[i] = first
        if last is not None:
            by[i] = last + 1
    return Bounds(on, by)


def polls_of(net: Net, cal: Calendar, j1: date | None, j2: date | None) -> Polls:
    """The days given; J2, where it is not, is counted from the activity it follows."""
    at = {T0: 0}
    at |= {J1: cal.offset(j1)} if j1 else {}
    at |= {J2: cal.offset(j2)} if j2 else {}
    if not j1 and not j2:
        return Polls(at)
    if J2 not in at:
        found = early(net, cal, bounds=bounds_of(net.plan, Polls(at, True)))
        at |= {J2: day} if (day := followed(net.plan, found)) is not None else {}
    return Polls(at, True)


def own_polls(net: Net, found: Early) -> Polls:
    """The polling days a plan gives itself, where none is given: they tell how its anchors stand, and bind nothing."""
    at = {T0: 0}
    for i, a in enumerate(net.plan.activities):
        point = a.anchor.first if a.anchor else None
        if a.type is Type.EVENT and point and point.event in (J1, J2) and not point.days:
            at.setdefault(point.event, found.start[i])
    return Polls(at)


def followed(plan: Plan, found: Early) -> int | None:
    places = plan.places
    for a in plan.activities:
        if a.anchor and a.anchor.kind is AnchorKind.FOLLOWS and a.anchor.first and a.anchor.first.event == J2:
            return last_day(found, places[a.anchor.after]) + a.anchor.days
    return None


def last_day(found: Early, i: int) -> int:
    """The last day occupied; of a milestone, its day."""
    return max(found.start[i], found.finish[i] - 1)


@dataclass(frozen=True, slots=True)
class Held:
    """An anchor beside the dates: required and scheduled offsets, days to spare (below zero: late)."""

    id: str
    anchor: Anchor
    required: int
    scheduled: int
    margin: int
    missed: bool

    @property
    def early(self) -> bool:
        """Before a day that is said exactly: not late, and not kept."""
        return self.missed and self.margin >= 0


def held(net: Net, cal: Calendar, found: Early, polls: Polls) -> list[Held]:
    out = []
    for i, a in enumerate(net.plan.activities):
        one = of_anchor(net, cal, found, polls, i, a)
        if one is not None:
            out.append(one)
    return out


def of_anchor(net: Net, cal: Calendar, found: Early, polls: Polls, i: int, a: Activity) -> Held | None:
    anchor = a.anchor
    if anchor is None:
        return None
    start, last = found.start[i], last_day(found, i)
    if anchor.kind is AnchorKind.WINDOW:
        assert anchor.opens is not None
        beat = net.beat(cal, i)
        required = opening(beat or cal, anchor.opens, beat is not None, max(0, found.asked[i] or 0))
        return Held(a.id, anchor, required, start, required - start, False)
    if anchor.kind is AnchorKind.FOLLOWS:
        required = last_day(found, net.plan.places[anchor.after]) + anchor.days
        return Held(a.id, anchor, required, start, required - start, required < start or (polls.applied and required != start))  # fmt: skip
    first = polls.of(anchor.first) if anchor.first else None
    end = polls.of(anchor.last) if anchor.last else None
    if anchor.kind is AnchorKind.UNTIL:
        return None if end is None else Held(a.id, anchor, end, last, end - last, last > end)
    if first is None:
        return None
    margin = first - start if end is None else min(first - start, end - last)
    return Held(a.id, anchor, first, start, margin, margin < 0)
