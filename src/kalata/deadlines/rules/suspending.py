"""Time that does not run. Suspensions are a set of days: said twice or overlapping, a day is one day.

A limit counts so many units; a unit that is suspended is not counted, and the next one is. A
suspension over what is not counted anyway (a Sunday of a limit in working days, the day of the
event, a date that the calendar fixes) changes nothing. What is counted backwards is not suspended.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time

from kalata.text import gettext_noop as _

from .moments import DAY, Deadline, Edge, deadline_at, local_day, zone
from .steps import Counting, Kind, Suspension, Unit, quantity
from .walk import Stretch, Walk

FIXED = frozenset({Kind.WINDOW, Kind.WEEKDAY_OF_PERIOD, Kind.ON})
"""Dates that the calendar fixes: nothing is counted, nothing can be suspended."""


def united(pauses: Iterable[Suspension], *, restarts: bool) -> list[tuple[date, date]]:
    """The days of the suspensions (or of the interruptions) as spans in order that never overlap."""
    out: list[tuple[date, date]] = []
    for first, last in sorted((p.first, p.last) for p in pauses if p.restarts is restarts):
        if out and first <= out[-1][1]:
            out[-1] = (out[-1][0], max(last, out[-1][1]))
        else:
            out.append((first, last))
    return out


def advanced(base: date, stretches: Sequence[Stretch], spans: Sequence[tuple[date, date]]) -> tuple[date, list[int]]:
    """The day on which the stretches end where the days of `spans` do not count, and how many each one cost."""
    day, cost, at = base, [0] * len(spans), 0
    for n, kind in stretches:
        left = n
        while left:
            while at < len(spans) and spans[at][1] <= day:
                at += 1
            first, last = spans[at] if at < len(spans) else (date.max, date.max)
            if kind is None:  # every day counts: jump to the end, or to the next span
                free = min(left, max((first - day).days - 1, 0))
                day, left = day + free * DAY, left - free
                if left:
                    cost[at] += (last - day).days
                    day, at = last, at + 1
                continue
            day += DAY
            if kind(day):
                if first <= day:
                    cost[at] += 1
                else:
                    left -= 1
    return day, cost


def suspend(walk: Walk, rule: Counting, pauses: Sequence[Suspension]) -> None:
    """Push the limit by what each span of suspended days takes from the running limit, as it grows."""
    spans = united(pauses, restarts=False)
    if rule.before or not walk.stretches:
        return
    for place, (first, last) in enumerate(spans):
        if first > walk.day:
            return
        day, cost = advanced(walk.base, walk.stretches, spans[: place + 1])
        if not cost[place]:
            continue
        moved, walk.day = (day - walk.day).days, day
        unit = rule.unit if rule.unit is Unit.WORKING_DAY else Unit.DAY
        walk.say(
            "SUSPEND",
            _("Le délai est suspendu du %(first)s au %(last)s : %(more)s de plus, échéance le %(day)s."),
            {"first": first, "last": last, "more": quantity(cost[place], unit), "day": day},
            days=moved,
        )


def instants(spans: Iterable[tuple[date, date]], tz: str) -> list[tuple[datetime, datetime]]:
    """From 0 h of the first day to 24 h of the last, in UTC."""
    return [
        (
            datetime.combine(first, time(), zone(tz)).astimezone(UTC),
            datetime.combine(last + DAY, time(), zone(tz)).astimezone(UTC),
        )
        for first, last in spans
    ]


def suspend_clock(walk: Walk, rule: Counting, trigger: datetime, pauses: Sequence[Suspension]) -> Deadline:
    """The same to the minute: the instants of the days suspended do not run."""
    assert walk.instant is not None
    spans = [] if rule.before else united(pauses, restarts=False)
    for (first, last), (begins, ends) in zip(spans, instants(spans, walk.tz), strict=True):
        begins = max(begins, trigger)
        if begins >= walk.instant:
            break
        if ends <= begins:
            continue
        walk.instant += ends - begins
        walk.say(
            "SUSPEND",
            _("Le délai est suspendu du %(first)s au %(last)s : %(more)s de plus, %(limit)s."),
            {
                "first": first,
                "last": last,
                "more": ends - begins,
                "limit": deadline_at(walk.instant, walk.tz).sentence(),
            },
            minutes=int((ends - begins).total_seconds() // 60),
        )
    return deadline_at(walk.instant, walk.tz)


def restarted(
    walk: Walk, rule: Counting, trigger: date | datetime, limit: Deadline, pauses: Sequence[Suspension]
) -> date | datetime | None:
    """The new trigger where an interruption falls inside the running limit; None otherwise.

    Interruptions that overlap are one; one that had begun before the event still holds it back.
    """
    if rule.before or rule.kind in FIXED:
        return None
    origin = local_day(trigger, walk.tz)
    begun = trigger if isinstance(trigger, datetime) else Deadline(trigger, Edge.END, None, walk.tz).instant
    spans = united(pauses, restarts=True)
    for (first, last), (begins, ends) in zip(spans, instants(spans, walk.tz), strict=True):
        if (ends > begun and begins < limit.instant) if rule.by_clock else (last > origin and first <= limit.day):
            walk.say(
                "INTERRUPT",
                _("Le délai est interrompu : il repart de zéro le %(day)s."),
                {"day": last},
                day=last.isoformat(),
            )
            return datetime.combine(last + DAY, time(), zone(walk.tz)) if rule.by_clock else last
    return None
