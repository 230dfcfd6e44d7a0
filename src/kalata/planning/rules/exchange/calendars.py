"""Calendars of an MS Project file: the week, weeks of a period, exceptions once and recurring, and what they inherit.

On a day the first that speaks decides: an exception of one period, a recurring one, a week of a period, the week, then
the calendar it is based on, whose exceptions stand above the week of its own.
"""

from __future__ import annotations

import calendar as civil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from kalata.planning.rules.exchange.worktime import DAY, Shifts, date_of, day_of, joined

STANDARD: Shifts = ((8 * 3600, 12 * 3600), (13 * 3600, 17 * 3600))
WEEK: Mapping[int, Shifts] = {d: STANDARD if d < 5 else () for d in range(7)}
"""Monday to Friday, eight hours: what a file without calendars means."""
MOST_DAYS = 40_000
WEAKEST = (6, 4, 5, 2, 3, 7)
"""Types of recurrence, the one that gives way to all others first."""


def within(element: Any, name: str) -> Any:
    return element.find(beside(element, name))


def beside(element: Any, name: str) -> str:
    """A tag of the namespace that an element is in."""
    space, closes, _own = element.tag.rpartition("}")
    return f"{space}{closes}{name}"


def each(element: Any, *names: str) -> Iterator[Any]:
    """Children of a nested group: each(calendar, "WeekDays", "WeekDay")."""
    for name in names[:-1]:
        element = within(element, name)
        if element is None:
            return
    yield from element.iterfind(beside(element, names[-1]))


def said(element: Any, name: str) -> str:
    found = within(element, name) if element is not None else None
    return (found.text or "").strip() if found is not None else ""


def whole(element: Any, name: str, otherwise: int = 0) -> int:
    given = said(element, name)
    return int(given) if given.lstrip("-").isdigit() and len(given) < 10 else otherwise


def clock(given: str) -> int | None:
    parts = given[:8].split(":")
    if len(parts) < 2 or not all(p.isdigit() for p in parts):
        return None
    numbers = [int(p) for p in parts] + [0]
    found = numbers[0] * 3600 + numbers[1] * 60 + numbers[2]
    return found if found <= DAY else None


def shifts_of(element: Any) -> Shifts:
    found = []
    for one in each(element, "WorkingTimes", "WorkingTime"):
        begins, ends = clock(said(one, "FromTime")), clock(said(one, "ToTime"))
        if begins is not None and ends is not None:
            found.append((begins, ends if ends > begins else DAY))
    return joined(tuple(found))


def period_of(element: Any) -> tuple[date, date] | None:
    period = within(element, "TimePeriod")
    try:
        return date.fromisoformat(said(period, "FromDate")[:10]), date.fromisoformat(said(period, "ToDate")[:10])
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Recurrence:
    """type: 1 each day, 2 and 3 yearly, 4 and 5 monthly, 6 weekly, 7 every so many days."""

    type: int
    every: int
    weekdays: int
    item: int
    position: int
    month: int
    day: int
    occurrences: int

    def days(self, first: date, last: date) -> Iterator[date]:
        for n, day in enumerate(self.every_day(first, last)):
            if (self.occurrences and n >= self.occurrences) or n > MOST_DAYS:
                return
            yield day

    def every_day(self, first: date, last: date) -> Iterator[date]:
        if self.type in {1, 7}:
            step = self.every if self.type == 7 else 1
            yield from (first + timedelta(days=n) for n in range(0, (last - first).days + 1, max(step, 1)))
        elif self.type == 6:
            yield from self.weekly(first, last)
        else:
            yield from (d for d in self.monthly(first, last) if first <= d <= last)

    def weekly(self, first: date, last: date) -> Iterator[date]:
        sunday = first - timedelta(days=(first.weekday() + 1) % 7)
        while sunday <= last:
            for n in range(7):
                day = sunday + timedelta(days=n)
                if self.weekdays >> n & 1 and first <= day <= last:
                    yield day
            sunday += timedelta(weeks=max(self.every, 1))

    def monthly(self, first: date, last: date) -> Iterator[date]:
        yearly = self.type in {2, 3}
        year, month = first.year, self.month + 1 if yearly else first.month
        while (year, month) <= (last.year, last.month):
            if found := self.of_month(year, month):
                yield found
            if yearly:
                year += 1
            else:
                year, month = year + (month - 1 + max(self.every, 1)) // 12, (month - 1 + max(self.every, 1)) % 12 + 1

    def of_month(self, year: int, month: int) -> date | None:
        length = civil.monthrange(year, month)[1]
        if self.type in {2, 4}:
            return date(year, month, self.day) if 0 < self.day <= length else None
        wanted = {0: range(7), 1: range(5), 2: range(5, 7)}.get(self.item, ((self.item - 4) % 7,))
        days = [date(year, month, n) for n in range(1, length + 1) if date(year, month, n).weekday() in wanted]
        at = -1 if self.position == 4 else self.position
        return days[at] if -len(days) <= at < len(days) else None


@dataclass(frozen=True)
class Calendar:
    uid: str
    name: str
    base: str
    week: Mapping[int, Shifts]
    """Monday 0: only the days it speaks of."""
    once: tuple[tuple[int, int, Shifts], ...] = ()
    again: tuple[tuple[int, int, Recurrence, Shifts], ...] = ()
    weeks: tuple[tuple[int, int, Mapping[int, Shifts]], ...] = ()

    @cached_property
    def recurring(self) -> dict[int, Shifts]:
        """Daily rules stand above yearly ones, those above monthly and weekly ones; the last written above the first."""
        found: dict[int, Shifts] = {}
        for first, last, rule, shifts in sorted(self.again, key=lambda a: WEAKEST.index(a[2].type)):
            for day in rule.days(date_of(first), date_of(last)):
                found[day_of(day)] = shifts
        return found

    def exception(self, day: int) -> Shifts | None:
        for first, last, shifts in self.once:
            if first <= day <= last:
                return shifts
        return self.recurring.get(day)

    def usual(self, day: int) -> Shifts | None:
        weekday = (day + 3) % 7  # 1970-01-01 was a Thursday
        for first, last, week in self.weeks:
            if first <= day <= last and weekday in week:
                return week[weekday]
        return self.week.get(weekday)


def recurrence_of(element: Any, kind: int) -> Recurrence:
    counted = said(element, "EnteredByOccurrences") in {"1", "true"}
    return Recurrence(
        kind,
        whole(element, "Period", 1),
        whole(element, "DaysOfWeek"),
        whole(element, "MonthItem"),
        whole(element, "MonthPosition"),
        whole(element, "Month"),
        whole(element, "MonthDay"),
        whole(element, "Occurrences") if counted else 0,
    )


def week_of(element: Any) -> dict[int, Shifts]:
    found = {}
    for day in each(element, "WeekDays", "WeekDay"):
        kind = whole(day, "DayType", -1)
        if 1 <= kind <= 7:
            works = said(day, "DayWorking") in {"1", "true"}
            found[(kind + 5) % 7] = shifts_of(day) if works else ()
    return found


def calendar_of(element: Any) -> Calendar:
    once: list[tuple[int, int, Shifts]] = []
    again: list[tuple[int, int, Recurrence, Shifts]] = []
    for one in each(element, "Exceptions", "Exception"):
        if (period := period_of(one)) is None:
            continue
        kind, first, last = whole(one, "Type", 1), day_of(period[0]), day_of(period[1])
        if kind in {2, 3, 4, 5, 6, 7}:
            again.append((first, last, recurrence_of(one, kind), shifts_of(one)))
        else:
            once.append((first, last, shifts_of(one)))
    if not once and not again:  # as before 2007: exceptions among the days of the week
        for day in each(element, "WeekDays", "WeekDay"):
            if whole(day, "DayType", -1) == 0 and (period := period_of(day)):
                works = said(day, "DayWorking") in {"1", "true"}
                once.append((day_of(period[0]), day_of(period[1]), shifts_of(day) if works else ()))
    weeks = tuple(
        (day_of(period[0]), day_of(period[1]), week_of(one))
        for one in each(element, "WorkWeeks", "WorkWeek")
        if (period := period_of(one))
    )
    return Calendar(
        said(element, "UID"), said(element, "Name"), said(element, "BaseCalendarUID"), week_of(element),
        tuple(once), tuple(again), weeks,
    )  # fmt: skip


def calendars_of(root: Any) -> dict[str, Calendar]:
    return {c.uid: c for c in map(calendar_of, each(root, "Calendars", "Calendar"))}


def line_of(calendars: Mapping[str, Calendar], uid: str) -> list[Calendar]:
    """A calendar and those it is based on, itself first."""
    found: list[Calendar] = []
    while (one := calendars.get(uid)) is not None and one not in found:
        found.append(one)
        uid = one.base
    return found


def shifts_on(line: list[Calendar], day: int) -> Shifts:
    for one in line:
        if (shifts := one.exception(day)) is not None:
            return shifts
    for one in line:
        if (shifts := one.usual(day)) is not None:
            return shifts
    return WEEK[(day + 3) % 7]
