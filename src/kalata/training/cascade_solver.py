"""A solver for a region where pairs lose days on the road: as many classes as can be, or how many no plan exceeds.

The solver is the optional extra `planning`; where it is absent nothing is proved, and that is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kalata.training.rules.cascade import Plan
from kalata.training.rules.cascade_solving import Kinds

MOST_CHOICES = 150_000
"""Pair x row x day; beyond, the solver would not begin before the time is over."""


@dataclass(frozen=True, slots=True)
class Solved:
    """placed: (row, first day, pair). most: no plan holds more classes."""

    placed: tuple[tuple[int, int, str], ...]
    most: int


def solve(plan: Plan, kinds: Kinds, rows: Sequence[int], limit: float) -> Solved | None:
    """For these rows alone; None without a solver, for too large a plan, or where nothing was found in time."""
    try:
        from ortools.sat.python import cp_model
    except ImportError:
        return None
    days, starts = plan.class_days, range(len(plan.days) - plan.class_days + 1)
    needs = plan.needs()
    able = {r: [p for k in kinds.serves[r] for p in kinds.pairs[k]] for r in rows}
    if sum(map(len, able.values())) * len(starts) > MOST_CHOICES:
        return None
    model = cp_model.CpModel()
    at = {(p.code, r, s): model.new_bool_var("") for r in rows for p in able[r] for s in starts}
    for r in rows:
        model.add(sum(at[p.code, r, s] for p in able[r] for s in starts) <= needs[r])
    in_area: dict[str, list[int]] = {}
    for r in rows:
        in_area.setdefault(plan.rows[r].area, []).append(r)
    by_pair: dict[str, list[int]] = {}
    for r in rows:
        for p in able[r]:
            by_pair.setdefault(p.code, []).append(r)
    for day in range(len(plan.days)):
        on = [s for s in starts if s <= day < s + days]
        for area, own in in_area.items():
            model.add(sum(at[p.code, r, s] for r in own for p in able[r] for s in on) <= plan.areas[area].rooms)
        for code, own in by_pair.items():
            model.add_at_most_one(at[code, r, s] for r in own for s in on)
    if plan.travel_days:
        roads(model, plan, at, by_pair, starts)
    model.maximize(sum(at.values()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = limit
    solver.parameters.max_time_in_seconds = limit
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    placed = sorted((r, s, code) for (code, r, s), var in at.items() if solver.value(var))
    return Solved(tuple(placed), int(solver.best_objective_bound + 1e-6))


def roads(model, plan: Plan, at, by_pair: dict[str, list[int]], starts: range) -> None:  # type: ignore[no-untyped-def]
    """Within the days of one class and of one way, a pair begins classes in one area only."""
    span = plan.class_days + plan.travel_days
    for code, rows in by_pair.items():
        areas: dict[str, list[int]] = {}
        for r in rows:
            areas.setdefault(plan.rows[r].area, []).append(r)
        if len(areas) < 2:
            continue
        for first in starts:
            here = []
            for own in areas.values():
                one = model.new_bool_var("")
                for r in own:
                    for s in starts:
                        if first <= s < first + span:
                            model.add_implication(at[code, r, s], one)
                here.append(one)
            model.add_at_most_one(here)
