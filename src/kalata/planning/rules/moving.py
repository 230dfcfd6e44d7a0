"""What another polling day does to a schedule: each legal date before and after, and each activity that lacks days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kalata.planning.rules.scheduling import Schedule


@dataclass(frozen=True, slots=True)
class Limit:
    """A legal date on both sides. margin: days to spare, below zero late; None: not on that side. early, was_early: before
    a day that the law says exactly, which is not kept either."""

    code: str
    name: str
    norm: str
    anchor: str
    before: date | None
    after: date
    margin_before: int | None
    margin: int
    early: bool = False
    was_early: bool = False

    @property
    def missed(self) -> bool:
        return self.margin < 0 or self.early

    @property
    def breaks(self) -> bool:
        return self.missed and (self.margin_before is None or (self.margin_before >= 0 and not self.was_early))


@dataclass(frozen=True, slots=True)
class Short:
    """An activity that would need more days than it has. days: how many are missing, in its own unit. breaks: the
    legal dates after it that are missed."""

    code: str
    name: str
    days: int
    unit: str
    before: int
    breaks: tuple[str, ...]


def limits(before: Schedule, after: Schedule) -> list[Limit]:
    """In the plan's order."""
    was = {one.id: one for one in before.anchors}
    out = []
    for one in after.anchors:
        a, old = after.plan.by_id[one.id], was.get(one.id)
        out.append(
            Limit(one.id, a.name(), a.columns.get("norm", ""), one.anchor.text, before.calendar.day(old.required) if old else None,
                  after.calendar.day(one.required), old.margin if old else None, one.margin,
                  early=one.early, was_early=old is not None and old.early)
        )  # fmt: skip
    return out


def shorts(before: Schedule, after: Schedule) -> list[Short]:
    """The activities with less than no float, the shortest first. Days are counted as the float is: in its own unit."""
    missed = [(one.id, ahead_of(after, after.plan.places[one.id])) for one in after.anchors if one.margin < 0]
    out = []
    for i, a in enumerate(after.plan.activities):
        if after.total[i] >= 0 or not a.likely:
            continue
        at = before.plan.places.get(a.id)
        spare = before.total[at] if at is not None else 0
        out.append(Short(a.id, a.name(), -after.total[i], a.unit.value, spare, tuple(code for code, ahead in missed if i in ahead)))  # fmt: skip
    return sorted(out, key=lambda s: (-s.days, after.plan.places[s.code]))


def ahead_of(one: Schedule, at: int) -> set[int]:
    """An activity and all that must come before it."""
    seen, todo = {at}, [at]
    while todo:
        for arc in one.net.into[todo.pop()]:
            if arc.pred not in seen:
                seen.add(arc.pred)
                todo.append(arc.pred)
    return seen
