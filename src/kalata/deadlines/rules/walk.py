"""Where a count is on its way, and the small steps it is made of: months, weekdays, days that count."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from kalata.text import Message

from .dayoff import DaysOff
from .moments import DAY
from .steps import Counting, Step

Stretch = tuple[int, Callable[[date], bool] | None]
"""So many days of one kind to count; None: every day is of that kind."""


@dataclass(slots=True)
class Walk:
    """Where the count is, and what has been said on the way."""

    day: date
    days_off: DaysOff
    tz: str
    opens: date | None = None
    instant: datetime | None = None
    steps: list[Step] = field(default_factory=list)
    warnings: list[Message] = field(default_factory=list)
    base: date = date.min  # the day before the first one that may count
    stretches: list[Stretch] = field(default_factory=list)  # what has been counted since `base`, in order

    def say(self, code: str, template: str, values: Mapping[str, object] | None = None, **args: object) -> None:
        self.steps.append(Step(code, Message(template, values or {}), args))


def add_months(day: date, n: int) -> date:
    """The same day of another month, clamped to its last day: 31 December + 2 -> 28 or 29 February."""
    months = day.year * 12 + day.month - 1 + n
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def nth_weekday(day: date, n: int, weekday: int, before: bool = False) -> date:
    """The n-th `weekday` strictly after (before) `day`: at a distance in [7(n-1)+1, 7n]."""
    gap = (day.weekday() - weekday) % 7 if before else (weekday - day.weekday()) % 7
    return day + DAY * ((gap or 7) + 7 * (n - 1)) * (-1 if before else 1)


def weekday_of_month(year: int, month: int, weekday: int, n: int) -> date:
    """The n-th weekday of a month; n = -1: the last."""
    if n > 0:
        return nth_weekday(date(year, month, 1) - DAY, n, weekday)
    return nth_weekday(date(year, month, monthrange(year, month)[1]) + DAY, -n, weekday, before=True)


def counts(rule: Counting, day: date, days_off: DaysOff) -> bool:
    return day.weekday() not in rule.skip and not (rule.skip_holidays and days_off.is_holiday(day))


def filtered(rule: Counting) -> bool:
    has = bool(rule.skip) or rule.skip_holidays
    return has and (rule.skip_up_to is None or rule.n <= rule.skip_up_to)


def begin(walk: Walk) -> None:
    """Nothing is counted yet: what follows starts from here."""
    walk.base, walk.stretches = walk.day, []


def counted_days(walk: Walk, rule: Counting, n: int) -> None:
    """Remember that `n` days which count under the rule's filter were counted."""
    kind = (lambda day: counts(rule, day, walk.days_off)) if filtered(rule) else None
    walk.stretches.append((n, kind))
