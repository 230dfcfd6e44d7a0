"""Legal time counted the slow way, straight from its definition: one day, or one minute, after the other.

Nothing of the product is used but the values of a rule and of a suspension.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from kalata.deadlines.rules.steps import Counting, Suspension, Unit

DAY, MINUTE = timedelta(1), timedelta(minutes=1)


def days_of(pauses: Iterable[Suspension]) -> set[date]:
    """The suspended days as a set: a day said twice is in it once."""
    return {p.first + i * DAY for p in pauses for i in range((p.last - p.first).days + 1)}


def same_day_of_month(day: date, months: int) -> date:
    year, month = day.year, day.month
    for _turn in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def last_day(rule: Counting, trigger: date, holidays: set[date], pauses: Sequence[Suspension]) -> date:
    """The last day of a forward limit in days, working days, weeks, months or years, without roll."""
    dead = days_of(pauses)
    by_days = rule.unit in (Unit.DAY, Unit.WORKING_DAY)
    sieve = rule.skip_up_to is None or rule.n <= rule.skip_up_to

    def counts(day: date) -> bool:
        return not sieve or (day.weekday() not in rule.skip and not (rule.skip_holidays and day in holidays))

    if by_days:
        lengths = [(rule.n, counts)] + [(1, counts)] * rule.clear
    else:
        start, lengths = trigger, []
        if rule.clear and not rule.clamp_then_clear:
            while True:
                start += DAY
                if counts(start):
                    break
            lengths.append((1, counts))
        end = start
        if rule.unit is Unit.WEEK:
            end += 7 * rule.n * DAY
        else:
            end = same_day_of_month(end, rule.n * (12 if rule.unit is Unit.YEAR else 1))
        lengths.append(((end - start).days, lambda day: True))
        if rule.clear and rule.clamp_then_clear:
            lengths.append((1, counts))
    lengths.append((rule.distance, lambda day: True))
    day = trigger - DAY if rule.includes_start and by_days else trigger
    for n, kind in lengths:
        while n:
            day += DAY
            if kind(day) and day not in dead:
                n -= 1
    return day


def last_minute(minutes: int, trigger: datetime, tz: str, pauses: Sequence[Suspension]) -> datetime:
    """The instant at which so many minutes have run that are in no suspended day of the country, in UTC."""
    dead = days_of(pauses)
    here, now = ZoneInfo(tz), trigger.astimezone(UTC)
    while minutes:
        if now.astimezone(here).date() not in dead:
            minutes -= 1
        now += MINUTE
    return now
