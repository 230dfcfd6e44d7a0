"""A plan as dates: early and late, floats, what each date comes from, the chain that drives the end, the anchors."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from kalata.planning.rules.anchoring import Held, bounds_of, held, own_polls, polls_of
from kalata.planning.rules.backward import Late, free_floats, late, to_target, total_floats
from kalata.planning.rules.calendars import Calendar, Range
from kalata.planning.rules.faults import NoTarget
from kalata.planning.rules.forward import FREE, Arc, Bounds, Early, Net, early, least_start, net_of, rested
from kalata.planning.rules.plan import Activity, Plan


@dataclass(frozen=True, slots=True)
class Driver:
    """Why a start is where it is. kind: link, start, window, anchor or calendar. arc: the link. day: the offset asked."""

    kind: str
    day: int
    arc: Arc | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    net: Net
    calendar: Calendar
    early: Early
    late: Late
    total: tuple[int, ...]
    free: tuple[int, ...]
    drivers: tuple[tuple[Driver, ...], ...]
    chain: tuple[int, ...]
    """Places along the driving chain, from the start to the target."""
    anchors: tuple[Held, ...]
    target: int
    to_target: dict[int, int] = field(default_factory=dict)
    bounds: Bounds = FREE

    @property
    def plan(self) -> Plan:
        return self.net.plan

    @property
    def finish(self) -> int:
        return self.early.end

    def critical(self, i: int) -> bool:
        return self.total[i] <= 0

    @property
    def estimated(self) -> list[Range]:
        """Feasts of the plan's time whose day is only estimated."""
        first, last = self.calendar.start, self.calendar.day(max(self.finish - 1, 0))
        return sorted(
            (r for r in self.calendar.estimated if r.last >= first and r.first <= last), key=lambda r: r.first
        )


def scheduled(
    plan: Plan, cal: Calendar, *, windows: bool = True, j1: date | None = None, j2: date | None = None, target: str = ""
) -> Schedule:
    """Dates, floats, drivers and anchors of a plan.

    j1, j2: the polling days; anchors are then bounds. target: the activity whose driving chain is asked, else the end.

    Raises: PLN-107, PLN-112.
    """
    places = plan.places
    if target and target not in places:
        raise NoTarget(value=target[:60], rows=[])
    net = net_of(plan, windows)
    polls = polls_of(net, cal, j1, j2)
    bounds = bounds_of(plan, polls) if polls.applied else FREE
    found = early(net, cal, bounds=bounds)
    last = late(net, cal, found.end, bounds=bounds)
    if not polls.applied:
        polls = own_polls(net, found)
    drivers = tuple(drivers_of(net, cal, found, bounds, i) for i in range(len(plan.activities)))
    at = places[target] if target else max(range(len(found.finish)), key=lambda i: (found.finish[i], -i))
    return Schedule(
        net, cal, found, last, tuple(total_floats(net, cal, found, last)), tuple(free_floats(net, cal, found, found.end, bounds=bounds)),
        drivers, tuple(chain_to(drivers, at)), tuple(held(net, cal, found, polls)), at,
        to_target(net, cal, found, at) if target else {}, bounds,
    )  # fmt: skip


def drivers_of(net: Net, cal: Calendar, found: Early, bounds: Bounds, i: int) -> tuple[Driver, ...]:
    """What holds a start where it is: its window where that moved it, else its anchor, its links, or the first day."""
    days = net.days
    asked = [
        (arc, least_start(net, cal, arc, found.finish[arc.pred] if arc.from_finish else found.start[arc.pred], days))
        for arc in net.into[i]
    ]
    on = bounds.on.get(i, 0)
    least = max(0, on, *(day for _arc, day in asked))
    first = rested(net, cal, i, least)
    if net.opens[i] is not None and found.start[i] != first:
        return (Driver("window", found.start[i]),)
    out = [Driver("link", day, arc) for arc, day in asked if day == least]
    if i in bounds.on and on == least:
        out.insert(0, Driver("anchor", on))
    if not out:
        out.append(Driver("start", 0))
    moved = first != least or any(d.arc and slept(net, cal, found, d.arc) for d in out)
    return (*out, Driver("calendar", found.start[i])) if moved else tuple(out)


def slept(net: Net, cal: Calendar, found: Early, arc: Arc) -> bool:
    """Whether a link leads to a day that is not worked, so that its successor waits for the next one."""
    if net.beat(cal, arc.succ) is None or arc.to_finish:
        return False
    x = found.finish[arc.pred] if arc.from_finish else found.start[arc.pred]
    return cal.after(x, arc.lag(net.days), arc.working) != found.start[arc.succ]


def chain_to(drivers: tuple[tuple[Driver, ...], ...], target: int) -> list[int]:
    """The first driving link of each, walked back from a target."""
    chain = [target]
    while arc := next((d.arc for d in drivers[chain[-1]] if d.arc), None):
        chain.append(arc.pred)
    chain.reverse()
    return chain


def record(s: Schedule) -> dict[str, object]:
    """The schedule as the scripted interface prints it."""
    from kalata.planning.rules.findings import findings_of

    cal, plan = s.calendar, s.plan
    by_id = plan.by_id
    ids = list(by_id)
    return {
        "start": cal.start.isoformat(), "finish": s.finish, "finish_date": last_date(cal, 0, s.finish),
        "activities": [activity_record(s, i) for i in range(len(ids))],
        "critical_path": [ids[i] for i in s.chain],
        "anchors": [anchor_record(s, by_id[one.id], one) for one in s.anchors],
        "findings": findings_of(s),
        "calendar": {
            "name": cal.name, "working_weekdays": sorted(cal.weekdays),
            "estimated": [{"name": r.name, "first": r.first.isoformat(), "last": r.last.isoformat()} for r in s.estimated],
        },
    }  # fmt: skip


def last_date(cal: Calendar, start: int, finish: int) -> str:
    """The last day occupied; of a milestone, its day."""
    return cal.day(max(start, finish - 1)).isoformat()


def activity_record(s: Schedule, i: int) -> dict[str, object]:
    cal, a = s.calendar, s.plan.activities[i]
    start, finish = s.early.start[i], s.early.finish[i]
    out = {
        "id": a.id, "start": start, "finish": finish, "start_date": cal.day(start).isoformat(),
        "finish_date": last_date(cal, start, finish), "late_start": s.late.start[i], "late_finish": s.late.finish[i],
        "total_float": s.total[i], "free_float": s.free[i], "float_unit": a.unit.value, "critical": s.critical(i),
        "driven_by": [driver_record(s, a, d) for d in s.drivers[i]],
    }  # fmt: skip
    return out | ({"target_float": s.to_target[i]} if i in s.to_target else {})


def driver_record(s: Schedule, own: Activity, d: Driver) -> dict[str, object]:
    if d.arc is not None:
        link = s.plan.activities[d.arc.succ].links[d.arc.nth]
        return {
            "kind": "link",
            "id": link.pred,
            "type": link.type.value,
            "lag": link.lag.n,
            "lag_unit": link.lag.written,
        }
    anchor = own.anchor
    said = {"anchor": anchor.text} if anchor and d.kind in ("anchor", "window") else {}
    return {"kind": d.kind, "date": s.calendar.day(d.day).isoformat(), **said}


def anchor_record(s: Schedule, a: Activity, one: Held) -> dict[str, object]:
    return {
        "id": one.id, "anchor": one.anchor.text, "required": s.calendar.day(one.required).isoformat(),
        "scheduled": s.calendar.day(one.scheduled).isoformat(), "margin_days": one.margin,
        "basis": a.columns.get("duration_or_anchor_source", "").strip(), "flag": a.columns.get("duration_flag", "").strip(),
        "missed": one.missed,
    }  # fmt: skip
