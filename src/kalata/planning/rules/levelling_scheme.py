"""Schedules by a serial generation scheme, justified forward and backward: tight loops over whole numbers.

What every pool has left on a day is one number: a field for each pool, and above each field a guard bit. A need fits
where taking it away borrows no guard: one subtraction and one mask for all the pools of a day at once.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from kalata.planning.rules.levelling_project import Project


@dataclass(frozen=True, slots=True)
class Packed:
    """A project ready for the loops. free: what the pools have on each day of the horizon, guards set."""

    durations: tuple[int, ...]
    needs: tuple[int, ...]
    before: tuple[tuple[int, ...], ...]
    after: tuple[tuple[int, ...], ...]
    free: tuple[int, ...]
    guard: int
    tails: tuple[int, ...]
    """The longest way from the start of each job to the end."""

    @property
    def size(self) -> int:
        return len(self.durations)


@dataclass(frozen=True, slots=True)
class Found:
    """A schedule: its makespan, the end of each job, the jobs by their starts."""

    makespan: int
    ends: tuple[int, ...]
    order: tuple[int, ...]


def packed(project: Project) -> Packed:
    width = max([*project.capacities, 1]).bit_length() + 1
    guard = sum(1 << (width * pool + width - 1) for pool in range(len(project.pools)))
    each = guard | fields(project.capacities, width)
    horizon = sum(project.durations)
    return Packed(
        project.durations,
        tuple(fields(needs, width) for needs in project.needs),
        project.before,
        project.after,
        (each,) * (horizon + 1),
        guard,
        tails_of(project.durations, project.after),
    )


def fields(values: Sequence[int], width: int) -> int:
    return sum(value << (width * place) for place, value in enumerate(values))


def tails_of(durations: Sequence[int], after: Sequence[Sequence[int]]) -> tuple[int, ...]:
    before: list[list[int]] = [[] for _job in durations]
    for job, later in enumerate(after):
        for other in later:
            before[other].append(job)
    tails = [0] * len(durations)
    for job in by_priority([0.0] * len(durations), after, before):
        tails[job] = durations[job] + max((tails[other] for other in after[job]), default=0)
    return tuple(tails)


def place(order: Sequence[int], p: Packed, before: Sequence[Sequence[int]], free: list[int]) -> list[int]:
    """The end of each job, placed in turn on the first day where it may start and every pool holds it. Uses `free` up."""
    durations, needs, guard = p.durations, p.needs, p.guard
    ends = [0] * len(durations)
    for job in order:
        start = 0
        for other in before[job]:
            if ends[other] > start:
                start = ends[other]
        length, need = durations[job], needs[job]
        end = start + length
        if need and length:
            seen, day = start, end - 1
            while day >= seen:
                if (free[day] - need) & guard == guard:
                    day -= 1
                else:  # nothing fits that covers this day: begin after it; the days beyond it were looked at
                    start, seen = day + 1, max(end, day + 1)
                    end = start + length
                    day = end - 1
            for day in range(start, end):
                free[day] -= need
        ends[job] = end
    return ends


def justified(p: Packed, order: Sequence[int]) -> Found:
    """Placed in that order, then pushed back and forth for as long as it gets shorter."""
    ends = place(order, p, p.before, list(p.free))
    makespan = max(ends)
    jobs = range(p.size)
    while True:
        last_first = in_line(sorted(jobs, key=ends.__getitem__, reverse=True), p.after)
        back = place(last_first, p, p.after, [*reversed(p.free[:makespan]), *p.free[makespan:]])
        first_first = in_line(sorted(jobs, key=back.__getitem__, reverse=True), p.before)
        ends = place(first_first, p, p.before, list(p.free))
        now = max(ends)
        if now >= makespan:
            break
        makespan = now
    starts = [end - length for end, length in zip(ends, p.durations, strict=True)]
    return Found(makespan, tuple(ends), tuple(in_line(sorted(jobs, key=starts.__getitem__), p.before)))


def in_line(order: list[int], before: Sequence[Sequence[int]]) -> list[int]:
    """The same order, where no job comes before one that it waits for (jobs of no length, on one day)."""
    seen = [False] * len(order)
    out: list[int] = []
    while order:
        rest: list[int] = []
        for job in order:
            if all(seen[other] for other in before[job]):
                seen[job] = True
                out.append(job)
            else:
                rest.append(job)
        order = rest
    return out


def by_priority(keys: Sequence[float], before: Sequence[Sequence[int]], after: Sequence[Sequence[int]]) -> list[int]:
    """Of the jobs that may come next, the one with the greatest key, again and again."""
    waits = [len(b) for b in before]
    ready = [(-keys[job], job) for job, n in enumerate(waits) if not n]
    heapq.heapify(ready)
    out: list[int] = []
    while ready:
        _key, job = heapq.heappop(ready)
        out.append(job)
        for other in after[job]:
            waits[other] -= 1
            if not waits[other]:
                heapq.heappush(ready, (-keys[other], other))
    return out
