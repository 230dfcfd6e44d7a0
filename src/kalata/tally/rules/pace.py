"""How fast the papers go through, when the last one will be done, and which queue is stuck.

A forecast is a range, never a date alone: the pace of the recent hours, its median for P50 and its
slow tenth for P90. Nothing is said from fewer than two hours of work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction

RECENT = 6
"""Hours of work a forecast looks back on."""


def nearest_rank(sorted_values: Sequence[int], share: Fraction) -> int:
    """The value of rank ceil(share x n), from 1."""
    n = len(sorted_values)
    rank = max(1, -(-share.numerator * n // share.denominator))
    return sorted_values[min(rank, n) - 1]


@dataclass(frozen=True, slots=True)
class Forecast:
    """When nothing is left, at the median pace and at the slow tenth of the recent hours."""

    p50: datetime
    p90: datetime
    pace: int


def forecast(remaining: int, by_hour: Sequence[int], now: datetime) -> Forecast | None:
    """by_hour: papers done in each full hour, oldest first. None where the pace says nothing yet."""
    recent = sorted(by_hour[-RECENT:])
    if len(recent) < 2 or remaining < 0:
        return None
    usual, slow = nearest_rank(recent, Fraction(1, 2)), nearest_rank(recent, Fraction(1, 10))
    if usual == 0 or slow == 0:
        return None
    return Forecast(
        now + timedelta(seconds=3600 * remaining // usual), now + timedelta(seconds=3600 * remaining // slow), usual
    )


@dataclass(frozen=True, slots=True)
class Need:
    """What a queue asks: papers an hour that empty it within its target, papers that left it in the last hour, persons that
    this takes at the pace of those who were there (None: nobody's pace is known)."""

    per_hour: int
    done: int
    people: int | None

    @property
    def met(self) -> bool:
        return self.done >= self.per_hour


def need(count: int, target: timedelta, done: int, people: int) -> Need:
    """Whole papers and whole persons, rounded up.

    >>> need(90, timedelta(minutes=60), 30, 2)
    Need(per_hour=90, done=30, people=6)
    """
    seconds = max(1, int(target.total_seconds()))
    per_hour = -(-count * 3600 // seconds)
    return Need(per_hour, done, -(-per_hour * people // done) if done and people else None)


class Health(StrEnum):
    """What can be said of a queue from the age of its oldest paper and its target."""

    EMPTY = "empty"
    FLOWING = "flowing"
    SLOW = "slow"  # beyond its target
    BLOCKED = "blocked"  # beyond three times its target


def health(age: timedelta | None, target: timedelta) -> Health:
    if age is None:
        return Health.EMPTY
    if age <= target:
        return Health.FLOWING
    return Health.BLOCKED if age > 3 * target else Health.SLOW


def median(values: Sequence[Fraction]) -> Fraction | None:
    """The middle value (mean of the two in the middle); None of nothing."""
    if not values:
        return None
    s, n = sorted(values), len(values)
    return s[n // 2] if n % 2 else (s[n // 2 - 1] + s[n // 2]) / 2
