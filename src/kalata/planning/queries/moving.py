"""Another polling day, tried on a version before anybody does it: what breaks, by which text, and what is short."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import date

from kalata.planning.models import PlanVersion
from kalata.planning.queries import content, effects, legal
from kalata.planning.queries.schedule import schedule_of_sheet
from kalata.planning.rules.effects import Effect, effect_of
from kalata.planning.rules.legal import Computed
from kalata.planning.rules.moving import Limit, Short, limits, shorts
from kalata.planning.rules.refusals import DayPassed, NoSecondRound
from kalata.text import Message


@dataclass(frozen=True, slots=True)
class Trial:
    """shorts: the activities that have fewer days than they need. feasible: whether the norms hold together that day."""

    j1: date
    j2: date | None
    effect: Effect
    limits: list[Limit]
    shorts: list[Short]
    laws: dict[str, Computed]
    feasible: bool
    said: list[Message]


def trial(version: PlanVersion, j1: date) -> Trial:
    """What this polling day does to a version; nothing is written.

    Raises: PLN-214 no second round in the texts, PLN-216 before the plan begins.
    """
    plan = version.plan
    if version.t0 >= j1:
        raise DayPassed(start=version.t0, day=j1)
    j2 = legal.second_round(plan, j1) if plan.rounds == 2 else None
    if plan.rounds == 2 and j2 is None:
        raise NoSecondRound(day=j1)
    moved = copy(version)
    moved.j1, moved.j2 = j1, j2
    old = content.sheet(version)
    was, now = schedule_of_sheet(version, old), schedule_of_sheet(moved, legal.dated(moved, old))
    money = effects.budget(was, content.drivers(version)), effects.budget(now, content.drivers(version))
    answer, said = legal.together(plan, j1)
    return Trial(
        j1, j2, effect_of(was.schedule, now.schedule, money), limits(was.schedule, now.schedule), shorts(was.schedule, now.schedule),
        legal.computed(plan, j1), answer.feasible, said,
    )  # fmt: skip
