"""Levelling within a time limit: a scheme that always answers, then a solver started from it that proves how far it is.

The solver is the optional extra `planning`; where it is absent the scheme answers alone with its own lower bound.
What comes out was looked at day by day: a schedule that does not hold is never given, nor a bound above one that does.
"""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from kalata.planning.rules.levelling_bounds import Overload, heads_of, holds, lower_bound, overloads
from kalata.planning.rules.levelling_project import Project
from kalata.planning.rules.levelling_scheme import Found, Packed, packed, tails_of
from kalata.planning.rules.levelling_search import search

FIRST_SHARE = 0.10
"""Of the time, for the scheme alone; no more than FIRST_MOST seconds."""
FIRST_MOST = 1.5
CLOSING = 0.35
"""Seconds kept to read the answer, check it and print it."""
WORTH_SOLVING = 1.0
TURNS = (0.4, 0.3, 1.0)
"""Shares of the solver's time, the last one all that is left."""


@dataclass(slots=True)
class Answer:
    """status: optimal, feasible or infeasible. engine: what gave it."""

    status: str
    starts: tuple[int, ...] = ()
    makespan: int = 0
    lower_bound: int = 0
    seconds: float = 0.0
    engine: str = "scheme"
    too_needy: list[tuple[int, int]] = field(default_factory=list)
    overloads: list[Overload] = field(default_factory=list)


class Race:
    """The best schedule of whoever finds one."""

    def __init__(self, until: float) -> None:
        self.until = until
        self.best: Found | None = None
        self.halted = False

    def tell(self, found: Found) -> None:
        if self.best is None or found.makespan < self.best.makespan:
            self.best = found

    def over(self) -> bool:
        return self.halted or time.monotonic() >= self.until


def level(project: Project, *, limit: float, seed: int, workers: int | None = None, begun: float | None = None) -> Answer:  # fmt: skip
    """The best schedule found within the limit, and a bound that no schedule beats."""
    begun = time.monotonic() if begun is None else begun
    ends = begun + limit
    cores = workers or os.cpu_count() or 1
    before = overloads(project, heads_of(project))
    if project.too_needy:
        return Answer("infeasible", seconds=time.monotonic() - begun, too_needy=project.too_needy, overloads=before)
    p = packed(project)
    floor = lower_bound(project)
    race = Race(min(ends - CLOSING, begun + min(FIRST_MOST, limit * FIRST_SHARE)))
    found = search(p, seed=seed, floor=floor, stop=race.over, tell=race.tell)
    engine = "scheme"
    if found.makespan > floor and ends - time.monotonic() > WORTH_SOLVING:
        bound = solved(project, p, race, floor=floor, until=ends - CLOSING, seed=seed, cores=cores)
        engine = "scheme" if bound is None else "scheme+cp-sat"
        floor = max(floor, bound or 0)
    best = race.best or found
    starts = tuple(end - length for end, length in zip(best.ends, project.durations, strict=True))
    if not holds(project, starts):
        raise AssertionError("a schedule that does not hold")
    floor = min(floor, best.makespan)
    return Answer(
        "optimal" if floor == best.makespan else "feasible", starts, best.makespan, floor,
        time.monotonic() - begun, engine, overloads=before,
    )  # fmt: skip


def solved(project: Project, p: Packed, race: Race, *, floor: int, until: float, seed: int, cores: int) -> int | None:
    """The solver from the best schedule known, while the scheme goes on beside it; its bound, or None where it is absent."""
    race.until = until
    beside = threading.Thread(target=search, args=(p,), kwargs={"seed": seed + 1, "floor": floor, "stop": race.over, "tell": race.tell, "first": [race.best]}, daemon=True)  # fmt: skip
    try:
        if cores > 1:
            beside.start()
        try:
            from ortools.sat.python import cp_model
        except ImportError:
            if cores == 1:
                search(p, seed=seed + 1, floor=floor, stop=race.over, tell=race.tell, first=[race.best] if race.best else [])  # fmt: skip
            else:
                beside.join()
            return None
        return Solver(cp_model, project, race, seed, cores).run(floor, until)
    finally:
        race.halted = True
        if beside.is_alive():
            beside.join(timeout=1.0)


class Solver:
    """The exact model: one interval a job, one cumulative a pool."""

    def __init__(self, cp: Any, project: Project, race: Race, seed: int, cores: int) -> None:
        self.cp, self.project, self.race, self.seed, self.cores = cp, project, race, seed, cores

    def run(self, floor: int, until: float) -> int:
        """The bound proved, by turns: each begins from the best schedule that the solver or the scheme has met."""
        total = until - time.monotonic()
        for share in TURNS:
            left = until - time.monotonic()
            best = self.race.best
            if best is None or best.makespan <= floor or left < 0.5:
                break
            floor = max(floor, self.turn(best, floor, min(left, total * share), self.cores))
        return floor

    def turn(self, best: Found, floor: int, seconds: float, cores: int) -> int:
        cp, project = self.cp, self.project
        model = cp.CpModel()
        heads, tails = heads_of(project), tails_of(project.durations, project.after)
        most = best.makespan
        starts = [model.new_int_var(h, most - t, "") for h, t in zip(heads, tails, strict=True)]
        runs = [model.new_fixed_size_interval_var(s, d, "") for s, d in zip(starts, project.durations, strict=True)]
        for job, later in enumerate(project.after):
            for other in later:
                model.add(starts[other] >= starts[job] + project.durations[job])
        for pool, capacity in enumerate(project.capacities):
            using = [job for job in range(project.size) if project.needs[job][pool] and project.durations[job]]
            if using:
                model.add_cumulative([runs[j] for j in using], [project.needs[j][pool] for j in using], capacity)
        end = model.new_int_var(floor, most, "")
        for job, later in enumerate(project.after):
            if not later:
                model.add(end >= starts[job] + project.durations[job])
        for job, start in enumerate(starts):
            model.add_hint(start, best.ends[job] - project.durations[job])
        model.add_hint(end, most)
        model.minimize(end)
        solver = cp.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.num_workers = cores
        solver.parameters.random_seed = self.seed % (1 << 31)
        status = solver.solve(model)
        if status in (cp.OPTIMAL, cp.FEASIBLE):
            ends = tuple(int(solver.value(s)) + d for s, d in zip(starts, project.durations, strict=True))
            order = tuple(sorted(range(project.size), key=lambda j: ends[j] - project.durations[j]))
            self.race.tell(Found(max(ends), ends, order))
            return max(floor, -(-round(solver.best_objective_bound * 1000) // 1000))
        return floor
