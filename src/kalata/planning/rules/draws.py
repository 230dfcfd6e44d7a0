"""Draws of durations and prices: Beta-PERT (lambda 4) by its inverse distribution, one stream for each name.

A stream is keyed by the seed and the name of what is drawn, so that editing one activity leaves the others as they
were, and a scenario differs from the plan by its own changes alone. A uniform number is turned into a duration by
the distribution itself: a longer estimate never gives a shorter day in the same draw. Durations are rounded half up.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Days = npt.NDArray[np.int32]
Three = tuple[int, int, int]

LAMBDA = 4
WIDEST = 2_000
"""Days between the shortest and the longest duration above which the distribution is read from a finer scale."""
NODES = 2_048
CELLS = 4_096
EDGES = np.arange(CELLS + 1) / CELLS


def uniforms(seed: int, name: str, n: int) -> Floats:
    """n uniform numbers of the stream of a name."""
    key = int.from_bytes(hashlib.sha256(f"{seed}\n{name}".encode()).digest()[:16], "big")
    return np.random.Generator(np.random.PCG64(key)).random(n)


def shapes(low: float, likely: float, high: float) -> tuple[float, float]:
    """a and b of the Beta of three points."""
    at = (likely - low) / (high - low)
    return 1 + LAMBDA * at, 1 + LAMBDA * (1 - at)


def distribution(a: Floats, b: Floats, x: Floats) -> Floats:
    """The regularised incomplete beta function, element by element (continued fraction of Lentz)."""
    swapped = x > (a + 1) / (a + b + 2)
    a, b, x = np.where(swapped, b, a), np.where(swapped, a, b), np.where(swapped, 1 - x, x)
    inside = (x > 0) & (x < 1)
    y = np.where(inside, x, 0.5)
    tiny = 1e-300
    ab, a1, a_1 = a + b, a + 1, a - 1
    c = np.ones_like(y)
    d = 1 - ab * y / a1
    d = 1 / np.where(np.abs(d) < tiny, tiny, d)
    h = d.copy()
    for m in range(1, 200):
        for step in (
            m * (b - m) * y / ((a_1 + 2 * m) * (a + 2 * m)),
            -(a + m) * (ab + m) * y / ((a + 2 * m) * (a1 + 2 * m)),
        ):
            d = 1 + step * d
            d = 1 / np.where(np.abs(d) < tiny, tiny, d)
            c = 1 + step / c
            c = np.where(np.abs(c) < tiny, tiny, c)
            change = d * c
            h *= change
        if np.all(np.abs(change - 1) < 1e-14):
            break
    front = np.exp(a * np.log(y) + b * np.log1p(-y) - log_beta(a, b)) / a
    value = np.where(inside, front * h, np.where(x >= 1, 1.0, 0.0))
    return np.where(swapped, 1 - value, value)


def log_beta(a: Floats, b: Floats) -> Floats:
    pairs, back = np.unique(np.stack([a, b]), axis=1, return_inverse=True)
    values = np.array([math.lgamma(p) + math.lgamma(q) - math.lgamma(p + q) for p, q in pairs.T])
    return values[back.reshape(-1)].reshape(a.shape)


def steps(points: Sequence[Three]) -> dict[Three, Floats]:
    """For each estimate, the chances below its half days: u under the k-th gives a duration of at most `low + k` days."""
    wanted = sorted({t for t in points if 0 < t[2] - t[0] <= WIDEST})
    if not wanted:
        return {}
    sizes = [high - low for low, _m, high in wanted]
    ab = [shapes(*t) for t in wanted]
    a = np.repeat([s[0] for s in ab], sizes)
    b = np.repeat([s[1] for s in ab], sizes)
    x = np.concatenate([(np.arange(n) + 0.5) / n for n in sizes])
    cuts = np.cumsum(sizes)[:-1]
    return dict(zip(wanted, np.split(distribution(a, b, x), cuts), strict=True))


@lru_cache(maxsize=2_048)
def scale(low: float, likely: float, high: float, halves: bool = False) -> tuple[Floats, Floats]:
    """Chances and values of a fine scale of the distribution; with every half day on it where `halves`."""
    x = np.linspace(0.0, 1.0, NODES + 1)
    width = high - low
    if halves and width <= WIDEST:
        x = np.union1d(x, (np.arange(int(width)) + 0.5) / width)
    a, b = shapes(low, likely, high)
    return distribution(np.full_like(x, a), np.full_like(x, b), x), low + width * x


def values_of(u: Floats, low: float, likely: float, high: float, halves: bool = False) -> Floats:
    """The values of uniform numbers, not rounded."""
    if high <= low:
        return np.full(len(u), float(likely))
    return np.interp(u, *scale(low, likely, high, halves))


def whole(values: Floats) -> Days:
    """Rounded half up."""
    return np.floor(values + 0.5).astype(np.int32)


def days_of(u: Floats, three: Three, known: dict[Three, Floats]) -> Days:
    """The whole days of uniform numbers."""
    low, _likely, high = three
    if high == low:
        return np.full(len(u), low, dtype=np.int32)
    if three in known:
        return counted(u, known[three]) + np.int32(low)
    return whole(values_of(u, *three))


def counted(u: Floats, cuts: Floats) -> Days:
    """How many of the sorted cuts each number reaches: read from a coarse table, searched only where a cut falls in a cell."""
    edges = np.searchsorted(cuts, EDGES, side="right").astype(np.int32)
    cells = (u * CELLS).astype(np.int32)
    found = edges[cells]
    unsure = np.flatnonzero((edges[1:] != edges[:-1])[cells])
    found[unsure] = np.searchsorted(cuts, u[unsure], side="right")
    return found
