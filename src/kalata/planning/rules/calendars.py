"""The days on which a plan works, counted both ways from its start without end: `finish(s, d)` and its reverse.

`count(d)`: working days before offset d; `place(k)`: offset of the k-th working day. Both go on before T0, where
late dates may lie. A lag in working days is the same step; in calendar days it is a sum.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kalata.planning.rules.faults import NoWorkingDay, PlanFault

if TYPE_CHECKING:
    from kalata.planning.rules.paced import Paced

FURTHEST = 400_000
"""Days from the start beyond which no plan is counted: more than a thousand years."""
STEP = 400
WEEK = frozenset(range(5))
MOST_HOLIDAYS = 20_000


@dataclass(frozen=True, slots=True)
class Range:
    """A feast whose day is only estimated: any day from first to last may be the one.

    likely: the day on which it is counted; sure: nobody works that day whatever the moon says.
    """

    name: str
    first: date
    last: date
    likely: date | None = field(default=None, compare=False)
    sure: bool = field(default=False, compare=False)


Holidays = Callable[[int, int], tuple[frozenset[date], tuple[Range, ...]]]
"""(first year, last year) -> the days nobody works, estimated ones by their most likely day, and what is only estimated."""


@dataclass(slots=True)
class Calendar:
    """Working days around `start`. `fetch` gives the holidays of years when they are first needed."""

    start: date
    weekdays: frozenset[int] = WEEK
    fetch: Holidays | None = None
    name: str = ""
    known: set[int] = field(default_factory=set)
    off: set[date] = field(default_factory=set)
    estimated: list[Range] = field(default_factory=list)
    ahead: list[int] = field(default_factory=list)
    """Offsets of the working days from T0 on."""
    behind: list[int] = field(default_factory=list)
    """Offsets of the working days before T0, the nearest first."""
    counts: list[int] = field(default_factory=lambda: [0])
    """counts[d]: working days in [0, d)."""
    back: list[int] = field(default_factory=lambda: [0])
    """back[d]: working days in [-d, 0)."""
    named: Mapping[str, Paced] = field(default_factory=dict)
    """The calendars that activities name, beside this one, which is the plan's."""
    places: Mapping[str, str] = field(default_factory=dict)
    """Territory (in small letters) -> the calendar that its activities follow where they name none."""

    def __post_init__(self) -> None:
        if not self.weekdays:
            raise NoWorkingDay(value=self.name or "[]", rows=[], field="working_weekdays")

    def own(self, code: str, territory: str) -> Paced | None:
        """The named calendar that an activity follows; None: the plan's."""
        return self.named.get(code) if code else self.named.get(self.places.get(territory.casefold(), ""))

    def day(self, offset: int) -> date:
        return self.start + timedelta(offset)

    def offset(self, day: date) -> int:
        return (day - self.start).days

    def works(self, offset: int) -> bool:
        day = self.day(offset)
        if day.weekday() not in self.weekdays:
            return False
        if self.fetch is not None and day.year not in self.known:
            off, estimated = self.fetch(day.year, day.year)
            self.known.add(day.year)
            self.off |= off
            self.estimated += [r for r in estimated if r not in self.estimated]
        return day not in self.off

    def _reach(self, offset: int) -> None:
        """Count the days up to an offset, on its side of T0."""
        if abs(offset) > FURTHEST or not date.min.toordinal() < self.start.toordinal() + offset < date.max.toordinal():
            raise PlanFault(rows=[], field="dur_likely", value=str(offset), form=f"< {FURTHEST}")
        while len(self.counts) <= offset:
            d = len(self.counts) - 1
            works = self.works(d)
            if works:
                self.ahead.append(d)
            self.counts.append(self.counts[-1] + works)
        while len(self.back) <= -offset:
            d = -len(self.back)
            works = self.works(d)
            if works:
                self.behind.append(d)
            self.back.append(self.back[-1] + works)

    def count(self, offset: int) -> int:
        """Working days before the offset, below zero before T0."""
        if not -len(self.back) < offset < len(self.counts):
            self._reach(offset)
        return self.counts[offset] if offset >= 0 else -self.back[-offset]

    def place(self, k: int) -> int:
        """The offset of the k-th working day (0: the first one from T0 on)."""
        empty = 0
        while k >= len(self.ahead) or k < -len(self.behind):
            had = len(self.ahead), len(self.behind)
            self._reach(len(self.counts) + STEP if k >= 0 else -len(self.back) - STEP)
            empty = empty + 1 if had == (len(self.ahead), len(self.behind)) else 0
            if empty > 30:
                raise NoWorkingDay(value=self.name, rows=[], field="holidays")
        return self.ahead[k] if k >= 0 else self.behind[-k - 1]

    def next(self, offset: int) -> int:
        """The first working day from an offset on."""
        return self.place(self.count(offset))

    def last(self, offset: int) -> int:
        """The last working day up to an offset, itself counted."""
        return self.place(self.count(offset + 1) - 1)

    def finish(self, start: int, days: int) -> int:
        """The exclusive end of `days` working days from a start."""
        return self.place(self.count(start) + days - 1) + 1 if days else start

    def begin(self, finish: int, days: int) -> int:
        """The start from which `days` working days end by a finish."""
        return self.place(self.count(finish) - days) if days else finish

    def after(self, x: int, n: int, working: bool) -> int:
        """`n` days of lag after x; before it where n is below zero."""
        if not working or not n:
            return x + n
        return self.finish(x, n) if n > 0 else self.begin(x, -n)

    def latest(self, limit: int, n: int, working: bool) -> int:
        """The greatest x for which `after(x, n)` is not beyond the limit."""
        if not working or not n:
            return limit - n
        return self.place(self.count(limit) - n) if n > 0 else self.place(self.count(limit + 1) - 1 - n)


def no_holidays(start: date, weekdays: Iterable[int] = WEEK) -> Calendar:
    """Monday to Friday, no holiday."""
    return Calendar(start, frozenset(weekdays), name="none")


def calendar_of_json(text: str | bytes, start: date, name: str = "JSON") -> Calendar:
    """The calendar of `{"working_weekdays": [0, 1, 2, 3, 4], "holidays": ["2026-01-20"]}`.

    Raises: PLN-107 no working day, PLN-110 unreadable.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise PlanFault(rows=[], field="--calendar", value=name, form="JSON") from None
    if not isinstance(found, Mapping) or not isinstance(found.get("working_weekdays", []), list):
        raise PlanFault(
            rows=[], field="--calendar", value=name, form='{"working_weekdays": [0,1,2,3,4], "holidays": []}'
        )
    weekdays = found.get("working_weekdays", sorted(WEEK))
    holidays = found.get("holidays", [])
    if not all(type(d) is int and 0 <= d <= 6 for d in weekdays):
        raise PlanFault(rows=[], field="working_weekdays", value=str(weekdays)[:60], form="[0,1,2,3,4]")
    if not isinstance(holidays, list) or len(holidays) > MOST_HOLIDAYS:
        raise PlanFault(rows=[], field="holidays", value=str(holidays)[:60], form='["2026-01-20"]')
    days = set()
    for text_ in holidays:
        try:
            if not isinstance(text_, str) or len(text_) != 10:
                raise ValueError
            days.add(date.fromisoformat(text_))
        except ValueError:
            raise PlanFault(rows=[], field="holidays", value=str(text_)[:60], form="2026-01-20") from None
    return Calendar(start, frozenset(weekdays), name=name, off=days)
