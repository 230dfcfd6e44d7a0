"""When a tender must be published so that the goods are there in time, four times out of five; how much is bought to spare.

Backwards from the day of need, in each draw: delivery, making, tender, each by its own calendar; where the tender fails,
a second tender before it. The date given is the greatest from which 80 % of the draws reach the day of need.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kalata.planning.rules.calendars import Calendar
from kalata.planning.rules.draws import days_of, steps, uniforms
from kalata.planning.rules.odds import ranks_around
from kalata.planning.rules.plan import Activity, Unit

DRAWS, SEED = 4_000, 1
SHARES = (50, 80, 90)


@dataclass(frozen=True, slots=True)
class Latest:
    """Offsets: publish by `day` to hold with `share` %; around: where the true figure is, 95 times out of 100."""

    share: int
    day: int
    around: tuple[int, int]


def latest(needed: int, chain: Sequence[Activity], fails_percent: int, cal: Calendar) -> list[Latest]:
    """chain: the tender first, then what follows it. The same seed gives the same days."""
    known = steps([a.three for a in chain])
    drawn = [days_of(uniforms(SEED, f"buy:{a.id}", DRAWS), a.three, known) for a in chain]
    again = days_of(uniforms(SEED, f"again:{chain[0].id}", DRAWS), chain[0].three, known)
    fails = uniforms(SEED, f"fails:{chain[0].id}", DRAWS) < fails_percent / 100
    found = []
    for n in range(DRAWS):
        at = needed
        for a, days in zip(reversed(chain), reversed(drawn), strict=True):
            at = begun(cal, a, at, int(days[n]))
        if fails[n]:
            at = begun(cal, chain[0], at, int(again[n]))
        found.append(at)
    found.sort(reverse=True)
    out = []
    for share in SHARES:
        low, high = ranks_around(DRAWS, share)
        rank = -(-DRAWS * share // 100)
        out.append(Latest(share, found[rank - 1], (found[high - 1], found[low - 1])))
    return out


def begun(cal: Calendar, a: Activity, finish: int, days: int) -> int:
    return cal.begin(finish, days) if a.unit is Unit.WORKING else finish - days


def reserve(quantity: int | None, percent: int | None) -> int | None:
    """How many are bought to spare, rounded up. None: one of the two is not said."""
    return None if quantity is None or percent is None else -(-quantity * percent // 100)
