"""The smallest number of contested stations whose annulment gives another outcome, and one such set. Pure and exact.

For one limit, taking the stations that weigh most on it is optimal, so that its count is certain. Where an alternative
has several limits, or is always true, every subset of a size is tried, with what the rest can still bring as a bound:
all of them up to TRIED_WHOLE stations, a bounded number of them beyond, and then it is said that it is not exact.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from kalata.results.rules.outcome import Outcome

from .conditions import Alternative, Limit, alternatives
from .places import Place, Variable

TRIED_WHOLE = 20
BUDGET = 20_000
"""Subsets tried where there are more stations than that."""
WIDEST = 40_000
"""Stations times size of the subsets, beyond which none is tried one by one."""


@dataclass(frozen=True, slots=True)
class Found:
    """chosen: places in the pool, None where no set is known. at_least: no smaller set exists. exact: nothing is left open."""

    chosen: tuple[int, ...] | None
    outcome: Outcome | None
    exact: bool
    at_least: int

    @property
    def size(self) -> int:
        return len(self.chosen or ())


NOTHING = Found(None, None, True, 0)


def smallest(place: Place, *, decided: bool = False) -> Found:
    """The smallest set for this place. Nothing found and exact: no annulment among its contested stations does it."""
    if not place.pool:
        return NOTHING
    search = Search(place, alternatives(place, decided=decided), place.decided if decided else lambda f: not place.same(f))  # fmt: skip
    return search.run()


class Search:
    def __init__(self, place: Place, ways: Sequence[Alternative], accept: Callable[[Outcome], bool]) -> None:
        self.place, self.accept = place, accept
        self.size = len(place.pool)
        self.weights: dict[Limit, list[int]] = {}
        self.sorted: dict[Variable, list[int]] = {}
        self.best: tuple[int, ...] | None = None
        self.outcome: Outcome | None = None
        self.ways = ways

    # --- one limit -----------------------------------------------------------------------------------------
    def weigh(self, limit: Limit) -> list[int]:
        """What each station of the pool brings to a limit."""
        found = self.weights.get(limit)
        if found is None:
            columns = [(w, self.place.columns(v)) for v, w in limit.weights]
            if len(columns) == 2:
                (a, one), (b, two) = columns
                found = [a * x + b * y for x, y in zip(one, two, strict=True)]
            else:
                found = [0] * self.size
                for w, column in columns:
                    found = [have + w * x for have, x in zip(found, column, strict=True)]
            self.weights[limit] = found
        return found

    def early(self, limit: Limit, *, sharp: bool = False) -> int:
        """A number of stations below which a limit is certainly not met: only what weighs for it is looked at.

        sharp: by the largest ones in order, which costs a sort; else by the largest of all.
        """
        if limit.need <= 0:
            return 0
        heavy = [(v, w) for v, w in limit.weights if w > 0]
        if not heavy:
            return self.size + 1
        if len(heavy) > 1:
            return 1
        ((v, w),) = heavy
        need = -(-limit.need // w)
        if not sharp:
            most = max(self.place.columns(v))
            return -(-need // most) if most else self.size + 1
        prefix = self.sorted.get(v)
        if prefix is None:
            prefix = self.sorted[v] = list(accumulate(sorted(self.place.columns(v), reverse=True)))
        return bisect_left(prefix, need) + 1

    def greedy(self, limit: Limit) -> tuple[int, ...] | None:
        """The stations that weigh most, just enough of them to meet the limit; None where all of them are not enough."""
        if limit.need <= 0:
            return ()
        weights = self.weigh(limit)
        order = sorted((k for k, w in enumerate(weights) if w > 0), key=weights.__getitem__, reverse=True)
        at = bisect_left(list(accumulate(weights[k] for k in order)), limit.need)
        return tuple(order[: at + 1]) if at < len(order) else None

    # --- the whole -------------------------------------------------------------------------------------------
    def run(self) -> Found:
        possible: list[tuple[int, Alternative]] = []
        for low, way in sorted(((max((self.early(x) for x in way), default=0), way) for way in self.ways), key=lambda p: p[0]):  # fmt: skip
            if low > self.size or (self.best is not None and low >= len(self.best)):
                continue
            if self.best is not None and len(way) == 1 and self.early(way[0], sharp=True) >= len(self.best):
                continue
            sets = [self.greedy(limit) for limit in way]
            if any(chosen is None for chosen in sets):
                continue
            known = [chosen for chosen in sets if chosen is not None]
            possible.append((max((len(c) for c in known), default=0), way))
            for chosen in known:
                self.offer(chosen)
        if not possible:
            return NOTHING if self.best is None else self.found(len(self.best))
        least = max(min(low for low, _way in possible), 1)
        if self.best is not None and len(self.best) <= least:
            return self.found(len(self.best))
        return self.between(least, possible)

    def offer(self, chosen: Sequence[int]) -> None:
        """Keep a set that does it, where it is smaller than the one known."""
        if not chosen or (self.best is not None and len(chosen) >= len(self.best)):
            return
        outcome = self.place.without(chosen)
        if self.accept(outcome):
            self.best, self.outcome = tuple(sorted(chosen)), outcome

    def found(self, at_least: int, exact: bool = True) -> Found:
        return Found(self.best, self.outcome, exact, at_least)

    def between(self, least: int, possible: Sequence[tuple[int, Alternative]]) -> Found:
        """Sizes from the least on, each tried whole, until one does it or the budget is spent."""
        whole = self.size <= TRIED_WHOLE
        if not whole:
            self.widen(possible)
        tries = Tries(self, None if whole else BUDGET)
        top = len(self.best) if self.best is not None else self.size + 1
        for size in range(least, top):
            ways = [way for low, way in possible if low <= size]
            if ways and tries.size(size, ways):
                return self.found(size)
            if tries.spent:
                return self.found(size, exact=False)
        return self.found(top if self.best is not None else 0)

    def widen(self, possible: Sequence[tuple[int, Alternative]]) -> None:
        """A set that does it, small if not smallest, where the first ones of each limit did not: more of the same."""
        for _low, way in possible:
            orders = [sorted(range(self.size), key=self.weigh(limit).__getitem__, reverse=True) for limit in way]
            for order in orders or [list(range(self.size))]:
                size = 1
                while size <= self.size and (self.best is None or size < len(self.best)):
                    self.offer(order[:size])
                    size += max(size // 2, 1)
                self.offer(order)


class Tries:
    """Every subset of a size, but for those whose rest cannot meet any alternative."""

    def __init__(self, search: Search, budget: int | None) -> None:
        self.search, self.budget, self.spent = search, budget, False
        self.done = 0

    def size(self, size: int, ways: Sequence[Alternative]) -> bool:
        """Is there a set of this size that does it? It is then the search's best."""
        search = self.search
        if self.budget is not None and search.size * size * max(map(len, ways), default=1) > WIDEST:
            self.spent = True
            return False
        limits = [[(search.weigh(x), x.need) for x in way] for way in ways]
        tops = [[tops_of(weights, size) for weights, _need in way] for way in limits]
        n = search.size
        chosen: list[int] = []
        sums = [[0] * len(way) for way in limits]

        def go(at: int) -> bool:
            left = size - len(chosen)
            if not left:
                return self.test(chosen, sums, limits)
            if n - at < left or self.spent:
                return False
            if not any(
                all(s + t[at][left] >= need for s, t, (_w, need) in zip(have, top, way, strict=True))
                for have, top, way in zip(sums, tops, limits, strict=True)
            ):
                return False
            for k in range(at, n - left + 1):
                chosen.append(k)
                for have, way in zip(sums, limits, strict=True):
                    for j, (weights, _need) in enumerate(way):
                        have[j] += weights[k]
                if go(k + 1):
                    return True
                chosen.pop()
                for have, way in zip(sums, limits, strict=True):
                    for j, (weights, _need) in enumerate(way):
                        have[j] -= weights[k]
            return False

        return go(0)

    def test(self, chosen: Sequence[int], sums: Sequence[Sequence[int]], limits: Sequence[Sequence[tuple[list[int], int]]]) -> bool:  # fmt: skip
        self.done += 1
        if self.budget is not None and self.done > self.budget:
            self.spent = True
            return False
        if not any(all(s >= need for s, (_w, need) in zip(have, way, strict=True)) for have, way in zip(sums, limits, strict=True)):  # fmt: skip
            return False
        self.search.best, before = None, self.search.best
        self.search.offer(chosen)
        if self.search.best is None:
            self.search.best = before
            return False
        return True


def tops_of(weights: Sequence[int], size: int) -> list[list[int]]:
    """By place and number: the most that so many of the stations from that place on bring together."""
    out: list[list[int]] = [[]] * (len(weights) + 1)
    best: list[int] = []
    out[len(weights)] = [0] * (size + 1)
    for at in range(len(weights) - 1, -1, -1):
        best = sorted([*best, weights[at]], reverse=True)[:size]
        line = [0, *accumulate(best)]
        out[at] = line + [line[-1]] * (size + 1 - len(line))
    return out
