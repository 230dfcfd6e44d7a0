"""How long to wait after wrong tries: nothing at first, then twice as long each time, never for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

FREE = 10
"""Wrong tries that cost nothing: people mistype."""
FIRST = timedelta(seconds=30)
LONGEST = timedelta(minutes=30)
FORGOTTEN = timedelta(hours=24)
"""Without a wrong try for so long, the count starts again."""


def wait_after(failures: int) -> timedelta:
    """The wait that `failures` wrong tries in a row impose: 10 -> 30 s, 11 -> 1 min, ... at most 30 min."""
    if failures < FREE:
        return timedelta()
    return min(FIRST * 2 ** min(failures - FREE, 16), LONGEST)


def opens_at(failures: int, last: datetime) -> datetime:
    """The first moment at which the next try is read again; that moment itself is in time."""
    return last + wait_after(failures)


def counted(failures: int, last: datetime, now: datetime) -> int:
    """The count with one more try at `now`."""
    return 1 if now - last >= FORGOTTEN else failures + 1
