"""Late dates and floats: the greatest start that lets every successor keep its dates, and the plan its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kalata.planning.rules.calendars import Calendar
from kalata.planning.rules.forward import FREE, Bounds, Early, Net, finish_of, opened

Dates = tuple[Sequence[int | None], Sequence[int | None]]
"""Starts and finishes by place; None: it asks nothing."""


@dataclass(slots=True)
class Late:
    start: list[int]
    finish: list[int]


def greatest_start(
    net: Net, cal: Calendar, i: int, by: int, later: Dates, days: Sequence[int], bounds: Bounds = FREE
) -> int:
    """The greatest start of i, ended by `by`, for which the successors that have dates keep them."""
    end = min(by, bounds.by.get(i, by))
    start = bounds.on.get(i)
    starts, finishes = later
    for arc in net.out[i]:
        date = (finishes if arc.to_finish else starts)[arc.succ]
        if date is None:
            continue
        limit = cal.latest(date, arc.lag(days), arc.working)
        if arc.from_finish:
            end = min(end, limit)
        else:
            start = limit if start is None else min(start, limit)
    beat = net.beat(cal, i)
    found = beat.begin(end, days[i]) if beat else end - days[i]
    found = found if start is None else min(found, start)
    if beat:
        found = beat.last(found)
    opens = net.opens[i]
    return found if opens is None else opened(beat or cal, opens, beat is not None, found)


def late(net: Net, cal: Calendar, by: int, days: Sequence[int] | None = None, bounds: Bounds = FREE) -> Late:
    """by: the exclusive end the plan must keep."""
    days = net.days if days is None else days
    found = Late([0] * len(days), [0] * len(days))
    for i in reversed(net.order):
        start = greatest_start(net, cal, i, by, (found.start, found.finish), days, bounds)
        found.start[i], found.finish[i] = start, finish_of(net, cal, i, start, days)
    return found


def between(net: Net, cal: Calendar, i: int, start: int, end: int) -> int:
    """Days from one start to another, in the activity's own unit."""
    own = net.beat(cal, i) if net.working[i] else None
    return own.count(end) - own.count(start) if own else end - start


def total_floats(net: Net, cal: Calendar, found: Early, last: Late) -> list[int]:
    return [between(net, cal, i, found.start[i], last.start[i]) for i in range(len(net.days))]


def free_floats(
    net: Net, cal: Calendar, found: Early, by: int, days: Sequence[int] | None = None, bounds: Bounds = FREE
) -> list[int]:
    """How far each start may go while the successors keep their early dates, and the plan its end."""
    days = net.days if days is None else days
    dates = (found.start, found.finish)
    return [
        between(net, cal, i, found.start[i], greatest_start(net, cal, i, by, dates, days, bounds))
        for i in range(len(days))
    ]


def to_target(net: Net, cal: Calendar, found: Early, target: int, days: Sequence[int] | None = None) -> dict[int, int]:
    """Float of each activity that leads to a target, by place: how far its start may go while the target keeps its dates."""
    days = net.days if days is None else days
    starts: list[int | None] = [None] * len(days)
    finishes: list[int | None] = [None] * len(days)
    starts[target], finishes[target] = found.start[target], found.finish[target]
    for i in reversed(net.order):
        if i == target or all(starts[arc.succ] is None for arc in net.out[i]):
            continue
        at = greatest_start(net, cal, i, found.end, (starts, finishes), days)
        starts[i], finishes[i] = at, finish_of(net, cal, i, at, days)
    return {i: between(net, cal, i, found.start[i], at) for i, at in enumerate(starts) if at is not None}
