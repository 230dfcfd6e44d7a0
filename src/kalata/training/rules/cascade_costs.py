"""What a plan costs, in whole francs: by its classes and their trainees, without rounding. And the levels above, sized from its pairs."""

from __future__ import annotations

from dataclasses import dataclass

from kalata.training.rules.cascade import TRAINERS, Plan


@dataclass(frozen=True, slots=True)
class Cost:
    """venue = classes x days; allowance = trainees x days; trainer = 2 x classes x days; print = trainees."""

    venue: int
    allowance: int
    trainer: int
    print: int

    @property
    def total(self) -> int:
        return self.venue + self.allowance + self.trainer + self.print


def cost_of(plan: Plan, classes: int, trainees: int) -> Cost:
    c, days = plan.costs, plan.class_days
    return Cost(
        classes * days * (c.venue or 0), trainees * days * (c.allowance or 0), TRAINERS * classes * days * (c.trainer or 0),
        trainees * (c.print or 0),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sized:
    level: str
    people: int
    classes: int
    trainers: int


def levels_of(plan: Plan) -> list[Sized]:
    """Each level above: it teaches the trainers of the one below, in classes of two trainers."""
    people, out = TRAINERS * len(plan.pairs), []
    for level in plan.levels:
        classes = -(-people // level.class_max)
        out.append(Sized(level.level, people, classes, TRAINERS * classes))
        people = TRAINERS * classes
    return out
