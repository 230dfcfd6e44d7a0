"""How far annulment goes towards the one bound that is nearest: its need, what each station brings, the ceiling. Pure, exact.

A bound is a limit of `conditions`: where a single one decides, its ceiling is the sum of the stations that bring
something, and below its need no choice among them has an effect through it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from kalata.text import Message
from kalata.text import gettext_noop as _

from .conditions import Limit, alternatives
from .minimal import Search
from .places import PARTS, REGISTERED, VALID, VOTERS, Place

LEAD = _("avance de %(first)s sur %(second)s")
OVER = _("distance à la règle, en voix pondérées")


@dataclass(frozen=True, slots=True)
class Row:
    """A contested station: its place in the election, what its annulment brings, and the sum down to it (None beyond)."""

    station: int
    brings: int
    running: int | None


@dataclass(frozen=True)
class Reach:
    """The nearest bound of a place. weights: station of the election -> what it brings. first, second: the two options
    whose votes alone make it, by their place; -1 where it is made otherwise."""

    place: Place
    limit: Limit
    weights: Mapping[int, int]
    first: int = -1
    second: int = -1

    @property
    def need(self) -> int:
        return self.limit.need

    @property
    def ceiling(self) -> int:
        return sum(w for w in self.weights.values() if w > 0)

    def brought(self, stations: Iterable[int]) -> int:
        return sum(self.weights.get(at, 0) for at in stations)

    @property
    def label(self) -> Message:
        if self.first < 0:
            return Message(OVER)
        options = self.place.election.options
        return Message(LEAD, {"first": options[self.first], "second": options[self.second]})

    def rows(self) -> list[Row]:
        """Stations by what they bring, most first; the running sum of those that bring something."""
        order = sorted(self.weights, key=lambda at: -self.weights[at])
        sums = accumulate(max(self.weights[at], 0) for at in order)
        return [Row(at, self.weights[at], total if self.weights[at] > 0 else None) for at, total in zip(order, sums, strict=True)]  # fmt: skip


def reach(place: Place) -> Reach | None:
    """The bound that the fewest stations would meet; the nearest one where none can. None: no single bound decides."""
    singles = [way[0] for way in alternatives(place) if len(way) == 1 and way[0].need > 0]
    singles = [limit for limit in singles if not empties(limit)] or singles  # that no vote be left is nobody's margin
    if not place.pool or not singles:
        return None
    search = Search(place, (), lambda _found: False)
    best: tuple[tuple[int, int, int], Limit] | None = None
    for limit in singles:
        met = search.greedy(limit)
        weights = search.weigh(limit)
        ceiling = sum(w for w in weights if w > 0)
        rank = (0, len(met), 0) if met is not None else (1, -(1_000_000 * ceiling // limit.need), limit.need)
        if best is None or rank < best[0]:
            best = (rank, limit)
    assert best is not None
    limit = best[1]
    weights_ = dict(zip(place.pool, search.weigh(limit), strict=True))
    first, second = lead_of(limit)
    return Reach(place, limit, weights_, first, second)


def empties(limit: Limit) -> bool:
    """Is it only that no valid vote at all be left?"""
    return all(variable in (VALID, PARTS) for variable, _weight in limit.weights)


def lead_of(limit: Limit) -> tuple[int, int]:
    """The two options of a limit that is one's votes less the other's; (-1, -1) for any other."""
    if any(v in (VALID, VOTERS, REGISTERED) for v, _w in limit.weights):
        return -1, -1
    found = {w: v for v, w in limit.weights if isinstance(v, int)}
    if len(limit.weights) == 2 and set(found) == {1, -1}:
        return int(found[1]), int(found[-1])
    return -1, -1
