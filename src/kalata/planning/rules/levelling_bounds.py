"""What no schedule can beat, overloads before levelling, and whether a schedule holds: told without any search."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from kalata.planning.rules.levelling_project import Project
from kalata.planning.rules.levelling_scheme import by_priority, tails_of

MOST_PAIRS = 60
"""Heads and tails tried together for a pool."""


@dataclass(frozen=True, slots=True)
class Overload:
    """On each day of [first, after) the pool is asked for `over` more than it has."""

    pool: str
    first: int
    after: int
    over: int


def heads_of(project: Project) -> tuple[int, ...]:
    """The earliest start of each job where resources are no limit."""
    ends = [0] * project.size
    before = project.before
    for job in by_priority([0.0] * project.size, before, project.after):
        ends[job] = project.durations[job] + max((ends[other] for other in before[job]), default=0)
    return tuple(end - length for end, length in zip(ends, project.durations, strict=True))


def lower_bound(project: Project) -> int:
    """The greatest of the longest way and of what each pool needs between the heads and the tails of its jobs."""
    heads, tails = heads_of(project), tails_of(project.durations, project.after)
    best = max((h + t for h, t in zip(heads, tails, strict=True)), default=0)
    for pool, capacity in enumerate(project.capacities):
        jobs = [
            (heads[job], tails[job] - project.durations[job], project.durations[job] * needs[pool])
            for job, needs in enumerate(project.needs)
            if needs[pool] and project.durations[job]
        ]
        if capacity:
            best = max(best, energy(jobs, capacity))
    return best


def energy(jobs: list[tuple[int, int, int]], capacity: int) -> int:
    """Jobs that start after a head and end before a tail do their work between the two: the greatest length it takes."""
    best = 0
    for head in thinned({h for h, _q, _e in jobs}):
        for tail in thinned({q for _h, q, _e in jobs}):
            work = sum(e for h, q, e in jobs if h >= head and q >= tail)
            if work:
                best = max(best, head + tail + -(-work // capacity))
    return best


def thinned(values: set[int]) -> list[int]:
    ordered = sorted(values)
    step = -(-len(ordered) // MOST_PAIRS) if ordered else 1
    return ordered[::step]


def overloads(project: Project, starts: Sequence[int]) -> list[Overload]:
    """Where pools are asked for more than they have, by runs of days of one excess."""
    found: list[Overload] = []
    for pool, name in enumerate(project.pools):
        changes: dict[int, int] = {}
        for job, start in enumerate(starts):
            need, length = project.needs[job][pool], project.durations[job]
            if need and length:
                changes[start] = changes.get(start, 0) + need
                changes[start + length] = changes.get(start + length, 0) - need
        used = 0
        days = sorted(changes)
        for day, following in itertools.pairwise(days):
            used += changes[day]
            over = used - project.capacities[pool]
            if over > 0:
                if found and (found[-1].pool, found[-1].after, found[-1].over) == (name, day, over):
                    found[-1] = Overload(name, found[-1].first, following, over)
                else:
                    found.append(Overload(name, day, following, over))
    return found


def holds(project: Project, starts: Sequence[int]) -> bool:
    """Is this a schedule? Every precedence, every pool on every day."""
    if any(start < 0 for start in starts) or len(starts) != project.size:
        return False
    kept = all(starts[job] + project.durations[job] <= starts[other] for job in range(project.size) for other in project.after[job])  # fmt: skip
    return kept and not overloads(project, starts)
