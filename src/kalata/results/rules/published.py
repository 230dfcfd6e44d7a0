"""Which versions of a station's report have been public, and how they are numbered. Pure.

One numbering for the application, the public site and the notices: the first version that was public is number 1,
whatever the house had typed, corrected or taken back before. A version that was never public has number 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from .boxes import Standing

Window: TypeAlias = tuple[datetime, datetime | None]
"""From when to when something was public; None: it still is."""


def both(one: Sequence[Window], other: Sequence[Window]) -> list[Window]:
    """When two things were public at once."""
    found = []
    for a, b in one:
        for c, d in other:
            begin, end = max(a, c), min((e for e in (b, d) if e is not None), default=None)
            if end is None or begin < end:
                found.append((begin, end))
    return sorted(found, key=lambda w: w[0])


Turn: TypeAlias = tuple[datetime, bool]
"""From this moment on, public or not."""


def turns(changes: Sequence[Turn]) -> list[Window]:
    """The windows that a sequence of (moment, is it public from then on) opens and closes."""
    windows: list[Window] = []
    public = False
    for at, now in changes:
        if now == public:
            continue
        public = now
        if public:
            windows.append((at, None))
        else:
            windows[-1] = (windows[-1][0], at)
    return windows


def numbers(rows: Sequence[tuple[datetime, int]], windows: Sequence[Window]) -> list[int]:
    """The public number of each version. rows: (written at, standing) of every version of one station, oldest first."""
    out, last = [], 0
    for place, (begin, standing) in enumerate(rows):
        until = rows[place + 1][0] if place + 1 < len(rows) else None
        shown = standing != Standing.MISSING and any(
            (until is None or opened < until) and (closed is None or begin < closed) for opened, closed in windows
        )
        last += shown
        out.append(last if shown else 0)
    return out
