"""Errors of station records joined to who trained the station: shrunken effects, and a placebo that may say that there is none.

Each station has an error or none (a sum that does not hold, a correction, a signature missing: the caller says which). An
effect of a trainer is the share of errors of their stations less the share of the region, so that a hard region is nobody's
fault. It is shrunk towards nothing by how little it rests on: with n stations of regional share p, variance v = p(1 - p) / n
and spread t2 between trainers (method of moments, never below 0), the effect is kept by t2 / (t2 + v). Before any effect is
shown, trainers are shuffled within their region: unless the observed spread exceeds 95 % of the shuffled ones, the answer is
that no effect is distinguishable. No Django here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

SHUFFLES = 1_000
LEVEL = 0.95
LEAST_STATIONS, LEAST_TRAINERS = 30, 3
Z = 1.959964


@dataclass(frozen=True, slots=True)
class Record:
    """trainer "": nobody is known to have trained it; it counts in the share of its region alone."""

    station: str
    region: str
    trainer: str
    error: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """effect, low, high: in shares; shrunken, with a 95 % interval. raw: before shrinking."""

    trainer: str
    stations: int
    errors: int
    raw: float
    effect: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Joined:
    """distinguishable: the spread exceeds what chance gives. rank: share of shuffles with a smaller spread. effects: only then.

    refused: why nothing is said, "" otherwise.
    """

    stations: int
    errors: int
    trainers: int
    spread: float
    placebo: float
    rank: float
    distinguishable: bool
    effects: tuple[Effect, ...] = ()
    refused: str = ""


def joined(records: Sequence[Record], seed: int = 1, shuffles: int = SHUFFLES) -> Joined:
    """What training can be said to have to do with errors. The same records and seed give the same answer, in any order."""
    rows = sorted(records, key=lambda r: (r.region, r.station))
    known = [r for r in rows if r.trainer]
    names = sorted({r.trainer for r in known})
    errors = sum(r.error for r in rows)
    if len(known) < LEAST_STATIONS or len(names) < LEAST_TRAINERS:
        return Joined(len(rows), errors, len(names), 0.0, 0.0, 0.0, False, refused="few")
    if not 0 < errors < len(rows):
        return Joined(len(rows), errors, len(names), 0.0, 0.0, 0.0, False, refused="no_variation")
    shares = by_region(rows)
    base = np.array([shares[r.region] for r in known])
    over = np.array([float(r.error) for r in known]) - base
    at = {name: n for n, name in enumerate(names)}
    who = np.array([at[r.trainer] for r in known])
    counts = np.bincount(who, minlength=len(names))
    noise = np.bincount(who, base * (1 - base), len(names)) / counts**2
    found = spread_of(who, over, counts, noise)
    blocks = region_blocks([r.region for r in known])
    draw = np.random.default_rng(seed)
    placebo = np.empty(shuffles)
    for n in range(shuffles):
        mixed = who.copy()
        for start, end in blocks:
            mixed[start:end] = draw.permutation(mixed[start:end])
        placebo[n] = spread_of(mixed, over, counts, noise)
    limit = float(np.quantile(placebo, LEVEL))
    rank = float((placebo < found).mean())
    seen = found > limit
    effects = effects_of(names, who, over, [r.error for r in known], counts, noise, found) if seen else ()
    return Joined(len(rows), errors, len(names), sqrt(max(found, 0.0)), sqrt(max(limit, 0.0)), rank, seen, effects)


def by_region(rows: Sequence[Record]) -> dict[str, float]:
    total: dict[str, list[int]] = {}
    for r in rows:
        pair = total.setdefault(r.region, [0, 0])
        pair[0] += r.error
        pair[1] += 1
    return {region: wrong / n for region, (wrong, n) in total.items()}


def region_blocks(regions: Sequence[str]) -> list[tuple[int, int]]:
    """Where each region begins and ends among records in order of region."""
    cuts = [0, *(n for n in range(1, len(regions)) if regions[n] != regions[n - 1]), len(regions)]
    return [(cuts[n], cuts[n + 1]) for n in range(len(cuts) - 1)]


def spread_of(who: np.ndarray, over: np.ndarray, counts: np.ndarray, noise: np.ndarray) -> float:
    """Variance between trainers beyond that of chance, each weighted by their stations."""
    means = np.bincount(who, over, len(counts)) / counts
    weights = counts / counts.sum()
    return float((weights * (means**2 - noise)).sum())


def effects_of(
    names: Sequence[str], who: np.ndarray, over: np.ndarray, wrong: Sequence[bool], counts: np.ndarray, noise: np.ndarray, spread: float
) -> tuple[Effect, ...]:  # fmt: skip
    means = np.bincount(who, over, len(names)) / counts
    errors = np.bincount(who, np.array(wrong, dtype=float), len(names))
    out = []
    for n, name in enumerate(names):
        keep = spread / (spread + noise[n]) if spread + noise[n] > 0 else 0.0
        middle, half = float(keep * means[n]), Z * sqrt(float(max(keep * noise[n], 0.0)))
        out.append(Effect(name, int(counts[n]), int(errors[n]), float(means[n]), middle, middle - half, middle + half))
    return tuple(sorted(out, key=lambda e: (-e.effect, e.trainer)))
