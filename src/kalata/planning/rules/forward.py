"""Early dates: for each activity the smallest start from which every incoming link holds on the end it binds.

The links of a plan are compiled once (`Net`); the durations come apart, so that a drawn plan is the same network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kalata.planning.rules.calendars import Calendar
from kalata.planning.rules.network import order_of
from kalata.planning.rules.paced import Paced
from kalata.planning.rules.plan import AnchorKind, LagUnit, LinkType, Plan, Unit


@dataclass(frozen=True, slots=True)
class Arc:
    """A link between places. n in `working` days or calendar days; a percentage where `percent`."""

    pred: int
    succ: int
    type: LinkType
    n: int
    working: bool
    percent: bool
    nth: int
    """Its place among the links of the successor."""

    def lag(self, days: Sequence[int]) -> int:
        """In days, for these durations: a percentage is of the predecessor's, half up."""
        return (2 * self.n * days[self.pred] + 100) // 200 if self.percent else self.n

    @property
    def from_finish(self) -> bool:
        return self.type in (LinkType.FS, LinkType.FF)

    @property
    def to_finish(self) -> bool:
        return self.type in (LinkType.FF, LinkType.SF)


@dataclass(frozen=True, slots=True)
class Net:
    """A plan by places. order: each after its predecessors. working: counted in working days."""

    plan: Plan
    order: tuple[int, ...]
    into: tuple[tuple[Arc, ...], ...]
    out: tuple[tuple[Arc, ...], ...]
    working: tuple[bool, ...]
    days: tuple[int, ...]
    opens: tuple[tuple[int, int] | None, ...]
    """(month, day) on which alone an activity starts, where it has such a window."""
    follows: tuple[tuple[str, str], ...]
    """(calendar named, territory) of each activity."""

    def own(self, cal: Calendar, i: int) -> Paced | None:
        """The named calendar that an activity follows; None: the plan's."""
        return cal.own(*self.follows[i]) if cal.named else None

    def beat(self, cal: Calendar, i: int) -> Calendar | None:
        """By what an activity's days are counted; None: every day counts, and counts whole."""
        own = self.own(cal, i)
        if self.working[i]:
            return own or cal
        return own.run if own else None


def net_of(plan: Plan, windows: bool = True) -> Net:
    places = plan.places
    working = tuple(a.unit is Unit.WORKING for a in plan.activities)
    into: list[tuple[Arc, ...]] = []
    out: list[list[Arc]] = [[] for _a in plan.activities]
    for i, a in enumerate(plan.activities):
        arcs = []
        for nth, k in enumerate(a.links):
            pred = places[k.pred]
            percent = k.lag.unit is LagUnit.PERCENT
            counted = working[pred] if percent else k.lag.unit is LagUnit.WORKING
            arcs.append(Arc(pred, i, k.type, k.lag.n, counted, percent, nth))
            out[pred].append(arcs[-1])
        into.append(tuple(arcs))
    opens = tuple(
        a.anchor.opens if windows and a.anchor and a.anchor.kind is AnchorKind.WINDOW else None for a in plan.activities
    )
    days = tuple(a.likely for a in plan.activities)
    follows = tuple((a.columns.get("calendar", "").strip(), a.columns.get("territory", "").strip()) for a in plan.activities)
    return Net(plan, tuple(order_of(plan)), tuple(into), tuple(map(tuple, out)), working, days, opens, follows)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the law asks, by place: must start on that offset, or end by that one (exclusive)."""

    on: dict[int, int]
    by: dict[int, int]


FREE = Bounds({}, {})


def finish_of(net: Net, cal: Calendar, i: int, start: int, days: Sequence[int]) -> int:
    beat = net.beat(cal, i)
    return beat.finish(start, days[i]) if beat else start + days[i]


def rested(net: Net, cal: Calendar, i: int, start: int) -> int:
    """The first day from a start on which the activity may begin by its calendar."""
    beat = net.beat(cal, i)
    return beat.next(start) if beat else start


def least_start(net: Net, cal: Calendar, arc: Arc, x: int, days: Sequence[int]) -> int:
    """The smallest start of the successor for which this link holds; x: the date of the predecessor it leaves from."""
    i = arc.succ
    bound = cal.after(x, arc.lag(days), arc.working)
    if arc.to_finish:
        beat = net.beat(cal, i)
        if beat is None or not days[i]:
            bound -= days[i]
        else:  # the first working day whose evening reaches the bound ends it
            return beat.next(beat.begin(bound - 1, days[i]) + 1)
    return rested(net, cal, i, bound)


def opening(cal: Calendar, opens: tuple[int, int], working: bool, start: int) -> int:
    """The first opening of a window from a start on."""
    for year in range(cal.day(start).year - 1, cal.day(start).year + 2):
        at = cal.offset(date(year, *opens))
        at = cal.next(at) if working else at
        if at >= start:
            return at
    raise AssertionError("a window opens every year")


def opened(cal: Calendar, opens: tuple[int, int], working: bool, limit: int) -> int:
    """The last opening of a window up to a limit."""
    for year in range(cal.day(limit).year, cal.day(limit).year - 2, -1):
        at = cal.offset(date(year, *opens))
        at = cal.next(at) if working else at
        if at <= limit:
            return at
    return cal.offset(date(cal.day(limit).year - 1, *opens))


@dataclass(slots=True)
class Early:
    """Early starts and finishes by place; `asked`: the start before the window, the anchor and T0 were looked at."""

    start: list[int]
    finish: list[int]
    asked: list[int | None]

    @property
    def end(self) -> int:
        return max(self.finish, default=0)


def early(net: Net, cal: Calendar, days: Sequence[int] | None = None, bounds: Bounds = FREE) -> Early:
    days = net.days if days is None else days
    n = len(net.days)
    found = Early([0] * n, [0] * n, [None] * n)
    for i in net.order:
        asked = [
            least_start(net, cal, arc, found.finish[arc.pred] if arc.from_finish else found.start[arc.pred], days)
            for arc in net.into[i]
        ]
        found.asked[i] = max(asked, default=None)
        start = max(0, bounds.on.get(i, 0), *asked)
        start = rested(net, cal, i, start)
        opens = net.opens[i]
        if opens is not None:
            beat = net.beat(cal, i)
            start = opening(beat or cal, opens, beat is not None, start)
        found.start[i], found.finish[i] = start, finish_of(net, cal, i, start, days)
    return found
