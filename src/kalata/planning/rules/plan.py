"""A plan as values: activities, the links that hold them together, the anchors the law gives them. Days are whole.

An offset is a whole number of days from the plan's start: `start` is the first day occupied, `finish` the day after
the last one. What a file holds beside is kept as it was written, in `columns`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType


def nothing() -> Mapping[str, str]:
    return MappingProxyType({})


class Unit(StrEnum):
    """What a duration is counted in."""

    WORKING = "wd"
    CALENDAR = "cd"


class LinkType(StrEnum):
    FS = "FS"
    SS = "SS"
    FF = "FF"
    SF = "SF"


class LagUnit(StrEnum):
    WORKING = "wd"
    CALENDAR = "cd"
    ELAPSED = "ed"
    PERCENT = "%"


class Type(StrEnum):
    TASK = "task"
    EVENT = "event"
    MILESTONE = "milestone"
    LEGAL = "legal_deadline"


@dataclass(frozen=True, slots=True)
class Lag:
    """A delay (an advance where it is below zero). `%`: of the predecessor's duration, in its own unit, half up."""

    n: int = 0
    unit: LagUnit = LagUnit.CALENDAR

    @property
    def written(self) -> str:
        """The unit as the scripted interface says it: calendar days are `d`."""
        return "d" if self.unit is LagUnit.CALENDAR else self.unit.value

    def __str__(self) -> str:
        return f"{self.n:+d}{self.written}" if self.n else ""


NO_LAG = Lag()


@dataclass(frozen=True, slots=True)
class Link:
    pred: str
    type: LinkType = LinkType.FS
    lag: Lag = NO_LAG

    def __str__(self) -> str:
        if not self.lag.n:
            return self.pred if self.type is LinkType.FS else f"{self.pred}:{self.type}"
        return f"{self.pred}:{self.type}{self.lag}"


class AnchorKind(StrEnum):
    """point: on that day. span: from the first day to the last one. until: ended by that day. follows: counted from
    another activity. window: every year, starts only on its first day."""

    POINT = "point"
    SPAN = "span"
    UNTIL = "until"
    FOLLOWS = "follows"
    WINDOW = "window"


@dataclass(frozen=True, slots=True)
class Point:
    """A day said from an event: T0, J1-40, J2+5."""

    event: str
    days: int = 0

    def __str__(self) -> str:
        return f"{self.event}{self.days:+d}" if self.days else self.event


@dataclass(frozen=True, slots=True)
class Anchor:
    """first: the day of a point, the first of a span. last: the last day of a span or of an `until`.
    after, days: `J2 = R07+21d`. opens, closes: (month, day) of the window of every year."""

    kind: AnchorKind
    text: str
    first: Point | None = None
    last: Point | None = None
    after: str = ""
    days: int = 0
    opens: tuple[int, int] | None = None
    closes: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Prices:
    """Of one unit, in whole francs."""

    low: int
    likely: int
    high: int


@dataclass(frozen=True, slots=True)
class Activity:
    id: str
    optimistic: int
    likely: int
    pessimistic: int
    unit: Unit
    links: tuple[Link, ...] = ()
    type: Type = Type.TASK
    anchor: Anchor | None = None
    phase: str = ""
    name_fr: str = ""
    name_en: str = ""
    cost_driver: str = ""
    quantity_expr: str = ""
    quantity: str = ""
    prices: Prices | None = None
    resources: tuple[tuple[str, int], ...] = ()
    time_dependent: bool = False
    percent_complete: int | None = None
    actual_start: date | None = None
    actual_finish: date | None = None
    baseline_finish: date | None = None
    row: int = 0
    """Its row in the file, as a spreadsheet numbers it: the heading is row 1."""
    columns: Mapping[str, str] = field(default_factory=nothing, repr=False, compare=False)
    """Every cell as it was written, by the name of its column."""

    def name(self, lang: str = "fr") -> str:
        return (self.name_fr if lang == "fr" else self.name_en) or self.name_fr or self.name_en or self.id

    @property
    def three(self) -> tuple[int, int, int]:
        return self.optimistic, self.likely, self.pessimistic


@dataclass(frozen=True, slots=True)
class Plan:
    """activities: in the order of the file. header: its columns, in order."""

    activities: tuple[Activity, ...]
    header: tuple[str, ...] = ()
    start: date | None = None

    @property
    def by_id(self) -> dict[str, Activity]:
        return {a.id: a for a in self.activities}

    @property
    def places(self) -> dict[str, int]:
        """The place of each activity in the file's order."""
        return {a.id: i for i, a in enumerate(self.activities)}
