"""Levelling a plan of activities: its own links, calendars, windows and changing pools, by the scheme and then the solver."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from kalata.planning.levelling import CLOSING, FIRST_MOST, FIRST_SHARE, WORTH_SOLVING
from kalata.planning.rules.backward import late
from kalata.planning.rules.forward import Arc, finish_of
from kalata.planning.rules.levelling_bounds import Overload
from kalata.planning.rules.levelling_plan import NoPlace, Placed, Yard, allowed, floor_of, improved, overloaded, stands

LISTENS_S = 0.25
Halted = Callable[[], bool]


@dataclass(slots=True)
class Levelled:
    """status: optimal, feasible, or infeasible with the activity that fits nowhere."""

    status: str
    before: list[Overload]
    schedule: Placed = field(default_factory=lambda: Placed((), ()))
    lower_bound: int = 0
    seconds: float = 0.0
    engine: str = "scheme"
    nowhere: str = ""


def never() -> bool:
    return False


def level_plan(
    yard: Yard, *, limit: float, seed: int, workers: int | None = None, begun: float | None = None, halted: Halted = never
) -> Levelled:  # fmt: skip
    """The earliest end of the plan that its pools can hold, within the limit. halted: asked often; True ends the search
    with the best that was found."""
    begun = time.monotonic() if begun is None else begun
    ends = begun + limit
    first = yard.first
    before = overloaded(yard, first.start, first.finish)
    floor = floor_of(yard)
    until = min(ends - CLOSING, begun + min(FIRST_MOST, limit * FIRST_SHARE))
    try:
        best = improved(yard, seed=seed, floor=floor, stop=lambda: halted() or time.monotonic() >= until)
    except NoPlace as nowhere:
        code = yard.net.plan.activities[nowhere.place].id
        return Levelled("infeasible", before, seconds=time.monotonic() - begun, nowhere=code)
    engine = "scheme"
    if best.end > floor and ends - time.monotonic() > WORTH_SOLVING and not halted():
        try:
            from ortools.sat.python import cp_model
        except ImportError:
            best = min(best, improved(yard, seed=seed + 1, floor=floor, stop=lambda: halted() or time.monotonic() >= ends - CLOSING), key=lambda p: p.end)  # fmt: skip
        else:
            engine = "scheme+cp-sat"
            best, floor = Exact(cp_model, yard, best, floor).solved(
                ends - CLOSING, seed, workers or os.cpu_count() or 1, halted
            )
    if not stands(yard, best):
        raise AssertionError("a schedule that does not hold")
    floor = min(floor, best.end)
    status = "optimal" if floor == best.end else "feasible"
    return Levelled(status, before, best, floor, time.monotonic() - begun, engine)


class Exact:
    """The plan as a model: a start among the days its calendar and window allow, the finish that goes with it."""

    def __init__(self, cp: Any, yard: Yard, best: Placed, floor: int) -> None:
        self.cp, self.yard, self.best, self.floor = cp, yard, best, floor
        self.model = cp.CpModel()
        net, cal = yard.net, yard.calendar
        self.first = yard.first
        self.last = late(net, cal, best.end)
        self.starts: list[Any] = []
        self.finishes: list[Any] = []
        self.runs: list[Any] = []
        for i in range(len(net.days)):
            self.activity(i)
        for arcs in net.into:
            for arc in arcs:
                self.link(arc)
        self.pools()
        self.end = self.model.new_int_var(floor, best.end, "")
        for finish in self.finishes:
            self.model.add(self.end >= finish)
        self.model.minimize(self.end)
        for var, value in zip(self.starts, best.starts, strict=True):
            self.model.add_hint(var, value)

    def activity(self, i: int) -> None:
        """Its start: any allowed day from the earliest to the latest that keeps the end; its finish by its calendar."""
        net, cal, days = self.yard.net, self.yard.calendar, self.yard.net.days
        low, high = self.first.start[i], max(self.last.start[i], self.best.starts[i])
        options, day = [], low
        while day <= high:
            day = allowed(self.yard, i, day)
            if day <= high:
                options.append(day)
            day += 1
        start = self.model.new_int_var_from_domain(self.cp.Domain.from_values(options), "")
        self.starts.append(start)
        if net.beat(cal, i) is None or not days[i]:
            self.finishes.append(start + days[i])
            self.runs.append(self.model.new_fixed_size_interval_var(start, days[i], ""))
            return
        ends = [finish_of(net, cal, i, day, days) for day in range(low, options[-1] + 1)]
        finish = self.model.new_int_var(ends[0], ends[-1], "")
        self.model.add_element(start - low, ends, finish)
        length = self.model.new_int_var(days[i], max(end - day for day, end in enumerate(ends, low)), "")
        self.runs.append(self.model.new_interval_var(start, length, finish, ""))
        self.finishes.append(finish)

    def link(self, arc: Arc) -> None:
        """What leaves a predecessor, its lag in its own days, binds the start or the finish of the successor."""
        net, cal = self.yard.net, self.yard.calendar
        left = self.finishes[arc.pred] if arc.from_finish else self.starts[arc.pred]
        bound = self.finishes[arc.succ] if arc.to_finish else self.starts[arc.succ]
        lag = arc.lag(net.days)
        if not arc.working or not lag:
            self.model.add(bound >= left + lag)
            return
        dates = self.first.finish if arc.from_finish else self.first.start
        low, high = dates[arc.pred], self.best.end
        table = [cal.after(day, lag, True) for day in range(low, high + 1)]
        moved = self.model.new_int_var(min(table), max(table), "")
        self.model.add_element(left - low, table, moved)
        self.model.add(bound >= moved)

    def pools(self) -> None:
        model, yard = self.model, self.yard
        runs = self.runs
        for pool in range(len(yard.pools)):
            days = yard.capacities[pool][: self.best.end]
            most = max(days, default=0)
            using = [(runs[i], needs[pool]) for i, needs in enumerate(yard.needs) if needs[pool] and yard.net.days[i]]
            for first, after, held in runs_of(days):
                if held < most:
                    using.append((model.new_fixed_size_interval_var(first, after - first, ""), most - held))
            if using:
                model.add_cumulative([run for run, _need in using], [need for _run, need in using], most)

    def solved(self, until: float, seed: int, workers: int, halted: Halted = never) -> tuple[Placed, int]:
        cp = self.cp
        solver = cp.CpSolver()
        solver.parameters.max_time_in_seconds = max(0.1, until - time.monotonic())
        solver.parameters.num_workers = workers
        solver.parameters.random_seed = seed
        answers: list[Any] = []
        search = threading.Thread(target=lambda: answers.append(solver.solve(self.model)), daemon=True)
        search.start()  # the search is deaf while it runs: this thread listens for it
        while search.is_alive():
            search.join(LISTENS_S)
            if halted():
                solver.stop_search()
        status = answers[0] if answers else cp.UNKNOWN
        if status not in (cp.OPTIMAL, cp.FEASIBLE):
            return self.best, self.floor
        found = Placed(tuple(solver.value(s) for s in self.starts), tuple(solver.value(f) for f in self.finishes))
        return min(found, self.best, key=lambda p: p.end), max(self.floor, int(-(-solver.best_objective_bound // 1)))


def runs_of(days: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """Runs of days of one capacity: first, day after the last, capacity."""
    found: list[tuple[int, int, int]] = []
    for day, held in enumerate(days):
        if found and found[-1][2] == held:
            found[-1] = (found[-1][0], day + 1, held)
        else:
            found.append((day, day + 1, held))
    return found
