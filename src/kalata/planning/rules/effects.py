"""What a change does, read before it is decided: days of each milestone, legal dates kept or missed, francs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from kalata.planning.rules.cost import Budget
from kalata.planning.rules.plan import Type
from kalata.planning.rules.scheduling import Schedule


@dataclass(frozen=True, slots=True)
class Moved:
    """A milestone whose day is another. None: not in the plan on that side."""

    code: str
    name: str
    before: str | None
    after: str | None

    @property
    def days(self) -> int | None:
        if self.before is None or self.after is None:
            return None
        return (date.fromisoformat(self.after) - date.fromisoformat(self.before)).days


@dataclass(frozen=True, slots=True)
class Margin:
    """Days to spare before a legal date; below zero: late. None: no such anchor on that side. early, was_early: it comes
    before a day that the law says exactly, which is not kept either (`anchoring.Held.missed`)."""

    code: str
    name: str
    anchor: str
    required: str
    before: int | None
    after: int | None
    norm: str = ""
    early: bool = False
    was_early: bool = False

    @property
    def missed(self) -> bool:
        return self.after is not None and (self.after < 0 or self.early)

    @property
    def was_missed(self) -> bool:
        return self.before is not None and (self.before < 0 or self.was_early)

    @property
    def breaks(self) -> bool:
        return self.missed and not self.was_missed

    @property
    def mends(self) -> bool:
        return self.was_missed and self.after is not None and not self.missed


@dataclass(frozen=True, slots=True)
class Effect:
    """end: the last day of the plan. francs: low, likely, high (all lines, no escalation)."""

    end: tuple[str, str]
    moved: tuple[Moved, ...] = ()
    legal: tuple[Margin, ...] = ()
    francs_before: tuple[int, int, int] = (0, 0, 0)
    francs_after: tuple[int, int, int] = (0, 0, 0)
    critical: tuple[str, ...] = field(default=())
    """Activities without float after, that had some before."""

    @property
    def francs(self) -> int:
        return self.francs_after[1] - self.francs_before[1]

    @property
    def late(self) -> list[Margin]:
        return [m for m in self.legal if m.missed]

    @property
    def broken(self) -> list[Margin]:
        return [m for m in self.legal if m.breaks]


def effect_of(before: Schedule, after: Schedule, money: tuple[Budget, Budget]) -> Effect:
    return Effect(
        end=(last_day(before), last_day(after)),
        moved=tuple(m for m in milestones(before, after) if m.before != m.after),
        legal=tuple(margins(before, after)),
        francs_before=money[0].total, francs_after=money[1].total,
        critical=tuple(sorted(without_float(after) - without_float(before))),
    )  # fmt: skip


def last_day(one: Schedule) -> str:
    return one.calendar.day(max(one.finish - 1, 0)).isoformat()


def days(one: Schedule) -> dict[str, tuple[str, str]]:
    """Of each milestone, event and legal date: its name and the last day it occupies."""
    found: dict[str, tuple[str, str]] = {}
    for i, a in enumerate(one.plan.activities):
        if a.type is not Type.TASK:
            start, finish = one.early.start[i], one.early.finish[i]
            found[a.id] = (a.name(), one.calendar.day(max(start, finish - 1)).isoformat())
    return found


def milestones(before: Schedule, after: Schedule) -> list[Moved]:
    was, now = days(before), days(after)
    names = {c: name for c, (name, _day) in [*was.items(), *now.items()]}
    return [Moved(c, names[c], was[c][1] if c in was else None, now[c][1] if c in now else None) for c in names]


def margins(before: Schedule, after: Schedule) -> list[Margin]:
    was = {one.id: one for one in before.anchors}
    out = []
    for one in after.anchors:
        a, old = after.plan.by_id[one.id], was.get(one.id)
        required = after.calendar.day(one.required).isoformat()
        norm = a.columns.get("norm", "")
        out.append(Margin(one.id, a.name(), one.anchor.text, required, old.margin if old else None, one.margin, norm,
                          early=one.early, was_early=old is not None and old.early))  # fmt: skip
    return out


def without_float(one: Schedule) -> set[str]:
    return {a.id for i, a in enumerate(one.plan.activities) if one.critical(i)}


def record(effect: Effect) -> dict[str, object]:
    """An effect as it is kept with the request that showed it."""
    return asdict(effect)


def recorded(kept: Mapping[str, Any]) -> Effect:
    """A kept effect, read again: it is shown as it was decided on."""
    first, last = kept["end"]
    before, after = (tuple(int(n) for n in kept[name]) for name in ("francs_before", "francs_after"))
    return Effect(
        (str(first), str(last)), tuple(Moved(**m) for m in kept["moved"]), tuple(Margin(**m) for m in kept["legal"]),
        (before[0], before[1], before[2]), (after[0], after[1], after[2]), tuple(kept["critical"]),
    )  # fmt: skip
