"""Working time to the second: a calendar of weeks and exceptions as one growing sum, so that adding time is a look-up.

An instant is a whole number of seconds from 1970-01-01 without a zone; a day is a whole number of days from there.
Every calendar counts its work from the same origin, below zero before it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

EPOCH = datetime(1970, 1, 1)
DAY = 86_400
FIRST, LAST = (date(1970, 1, 1) - date(1970, 1, 1)).days, (date(2200, 1, 1) - date(1970, 1, 1)).days
"""No plan reaches beyond 1970 to 2200: what would is said to be unable to finish."""
CHUNK = 400

Shifts = tuple[tuple[int, int], ...]
"""Working times of a day, in seconds of that day, in order."""


def second_of(moment: datetime) -> int:
    return int((moment - EPOCH).total_seconds())


def moment_of(second: int) -> datetime:
    return EPOCH + timedelta(seconds=second)


def day_of(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def date_of(day: int) -> date:
    return date(1970, 1, 1) + timedelta(days=day)


class Never(Exception):
    """The calendar has no working time where it is asked for some."""


def joined(shifts: Shifts) -> Shifts:
    """In order, those that touch or overlap as one."""
    out: list[tuple[int, int]] = []
    for begins, ends in sorted(s for s in shifts if s[1] > s[0]):
        if out and begins <= out[-1][1]:
            out[-1] = (out[-1][0], max(ends, out[-1][1]))
        else:
            out.append((begins, ends))
    return tuple(out)


def both(left: Shifts, right: Shifts) -> Shifts:
    """The time that two calendars share on a day."""
    return joined(tuple((max(a, c), min(b, d)) for a, b in left for c, d in right if max(a, c) < min(b, d)))


@dataclass(slots=True)
class WorkTime:
    """Working time by a rule that gives the shifts of a day. `cum[i]`: work from the origin to the start of day first + i."""

    of_day: Callable[[int], Shifts]
    name: str = ""
    origin: int = 0
    first: int = 0
    starts: list[int] = field(default_factory=list)
    """The second each shift begins, over all days known."""
    ends: list[int] = field(default_factory=list)
    sums: list[int] = field(default_factory=list)
    """Work from the origin to the start of each shift."""
    upto: int = 0
    """Day after the last one known."""
    below: int = 0

    def __post_init__(self) -> None:
        self.first = self.upto = self.origin

    def cover(self, day: int) -> None:
        """Know every day to this one."""
        while day >= self.upto and self.upto < LAST:
            self.after()
        while day < self.first and self.first > FIRST:
            self.before()

    def after(self) -> None:
        total = self.sums[-1] + self.ends[-1] - self.starts[-1] if self.sums else 0
        for day in range(self.upto, min(self.upto + CHUNK, LAST)):
            for begins, ends in self.of_day(day):
                self.starts.append(day * DAY + begins)
                self.ends.append(day * DAY + ends)
                self.sums.append(total)
                total += ends - begins
        self.upto = min(self.upto + CHUNK, LAST)

    def before(self) -> None:
        down = max(self.first - CHUNK, FIRST)
        shifts = [(d * DAY + b, d * DAY + e) for d in range(down, self.first) for b, e in self.of_day(d)]
        total = self.below - sum(e - b for b, e in shifts)
        self.below, self.first = total, down
        sums = []
        for begins, ends in shifts:
            sums.append(total)
            total += ends - begins
        self.starts[:0], self.ends[:0], self.sums[:0] = [b for b, _e in shifts], [e for _b, e in shifts], sums

    def worked(self, second: int) -> int:
        """Work between the origin and this instant."""
        self.cover(second // DAY)
        at = bisect_right(self.starts, second) - 1
        if at < 0:
            return self.below
        return self.sums[at] + min(second, self.ends[at]) - self.starts[at]

    def opening(self, work: int) -> int:
        """The latest instant at which this much has been worked and the next work begins."""
        while True:
            at = bisect_right(self.sums, work) - 1
            if at >= 0 and work < self.sums[at] + self.ends[at] - self.starts[at]:
                return self.starts[at] + work - self.sums[at]
            self.widen(work, forward=at >= 0 or not self.sums)

    def closing(self, work: int) -> int:
        """The earliest instant at which this much has been worked."""
        while True:
            at = bisect_left(self.sums, work) - 1
            if at >= 0 and work <= self.sums[at] + self.ends[at] - self.starts[at]:
                return self.starts[at] + work - self.sums[at]
            self.widen(work, forward=at >= 0 or (not self.sums and work > 0))

    def widen(self, work: int, *, forward: bool) -> None:
        if forward:
            if self.upto >= LAST:
                raise Never(self.name)
            self.after()
            return
        if self.first <= FIRST:
            if self.upto >= LAST:
                raise Never(self.name)
            self.after()
            return
        self.before()

    def plus(self, second: int, work: int) -> int:
        """The end of this much work from an instant on; the same instant where there is none to do."""
        if not work:
            return second
        return self.closing(self.worked(second) + work) if work > 0 else self.minus(second, -work)

    def minus(self, second: int, work: int) -> int:
        """The start of this much work that ends at an instant."""
        if not work:
            return second
        return self.opening(self.worked(second) - work) if work > 0 else self.plus(second, -work)

    def between(self, start: int, finish: int) -> int:
        return self.worked(finish) - self.worked(start)

    def next_start(self, second: int) -> int:
        """The instant itself where there is work, else the start of the next."""
        return self.opening(self.worked(second))

    def last_finish(self, second: int) -> int:
        """The instant itself inside or at the end of work, else the end of the one before."""
        return self.closing(self.worked(second))


def always(origin: int) -> WorkTime:
    """Every hour of every day: elapsed time."""
    return WorkTime(lambda _day: ((0, DAY),), "24h", origin)
