"""Every figure that a page of odds shows of one plan: the run as `plan simulate` prints it, and what `plan odds` adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np

from kalata.planning.rules import fan, whatif
from kalata.planning.rules.calendars import Calendar
from kalata.planning.rules.forward import early, net_of
from kalata.planning.rules.odds import Asked, Run, Tick, no_tick, rank, run_of, share
from kalata.planning.rules.plan import Plan, Type
from kalata.planning.rules.telling import aims, record

MOST_RISKS = 12


def polls_of(plan: Plan, cal: Calendar) -> tuple[str, ...]:
    """The polling days, in the plan's order; the activity that ends the plan where it has none."""
    polls = tuple(a.id for a in plan.activities if a.type is Type.EVENT)
    if polls:
        return polls
    finish = early(net_of(plan), cal).finish
    return (plan.activities[finish.index(max(finish))].id,)


def chances(plan: Plan, cal: Calendar, asked: Asked, j1: date, j2: date | None, tick: Tick = no_tick) -> dict[str, Any]:
    """The odds of a plan: dates and cost together, what drives the first polling day, the chance of each legal date."""
    run = run_of(plan, cal, replace(asked, targets=asked.targets or polls_of(plan, cal)), tick)
    at = aims(run)[0]
    target = plan.activities[at].id
    told = record(run, tick)
    by = cal.offset(j1) + 1
    kept = int(np.count_nonzero(run.drawn.finish[at] <= by))
    critical = [c for c in criticality(told["criticality"]) if c["target"] in (target, None)]
    return {
        **{name: told[name] for name in ("engine", "inputs_sha256", "draws", "seed", "milestones", "cost", "findings")},
        "criticality": critical, "done": fan.done_by(run, at), "safe": fan.latest_starts(run, at, by, [c["id"] for c in critical if c["id"] != target]),
        "risks": strongest(told["risks"], target), "remainder_days": told["remainder_days"], "target": target,
        "fan": whatif.fan(run, at), "windows": whatif.by_window(run, at), "tornado": whatif.tornado(run, at),
        "legal": whatif.legal(run, j1, j2), "by": j1.isoformat(), "chance": share(kept, run.n), "p90": p90(run), "ends": ends(run, at),
    }  # fmt: skip


def criticality(rows: Any) -> list[dict[str, Any]]:
    return [{"target": None, **row} for row in rows]


def strongest(rows: Any, target: str) -> list[dict[str, Any]]:
    """The risks that add most days to the P80 of the target."""
    moving = [row for row in rows if row["delta_p80_days"].get(target) or row["delta_cost_p80"]]
    return sorted(moving, key=lambda row: (-row["delta_p80_days"].get(target, 0), row["id"]))[:MOST_RISKS]


def ends(run: Run, target: int) -> list[list[int]]:
    """How many draws end the target at each finish: the chance of any day follows."""
    finish, count = np.unique(run.drawn.finish[target], return_counts=True)
    return [[int(f), int(c)] for f, c in zip(finish, count, strict=True)]


def ready_by(figures: Mapping[str, Any], t0: date, day: date) -> Odd:
    """The chance that the target of a run is ready for a day."""
    kept = sum(count for finish, count in figures["ends"] if finish <= (day - t0).days + 1)
    return Odd(Fraction(kept, figures["draws"]), figures["draws"])


def p90(run: Run) -> dict[str, int]:
    """The finish of each activity in nine draws out of ten."""
    at = rank(run.n, 90) - 1
    return {a.id: int(np.partition(run.drawn.finish[i], at)[at]) for i, a in enumerate(run.plan.activities)}


@dataclass(frozen=True, slots=True)
class Odd:
    """A chance, and how far the draws can be trusted on it (95 times in 100)."""

    chance: Fraction
    draws: int

    @property
    def around(self) -> Fraction:
        p = float(self.chance)
        return Fraction(round(1.96 * (p * (1 - p) / self.draws) ** 0.5 * 10_000), 10_000)

    @property
    def sure(self) -> int:
        """1: held in every draw, -1: in none. The draws prove neither always nor never."""
        return (self.chance == 1) - (self.chance == 0)

    @property
    def least(self) -> Fraction:
        return Fraction(1, 1_000)

    @property
    def most(self) -> Fraction:
        return 1 - self.least

    @property
    def kept(self) -> bool:
        """Four times in five at least."""
        return self.chance >= Fraction(4, 5)


def odd(text: str, draws: int) -> Odd:
    return Odd(Fraction(text), draws)


def branches(figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The ways the target may go: one, or as many as an annual window has openings. Two chances are never one percentile."""
    found: list[dict[str, Any]] = []
    for row in figures["windows"]:
        if len([w for w in figures["windows"] if w["id"] == row["id"]]) > 1:
            found.append(row)
    if found:
        return found
    whole = next(m for m in figures["milestones"] if m["id"] == figures["target"])
    return [{**whole, "id": "", "opens": "", "share": "1.0000"}]
