"""The plan of a cascade as values: teaching days, areas with their rooms, trainees by language, pairs of trainers, prices.

Needs, in the letters of the guide: trainees = ceil(stations x per_station x (1 + reserve)), classes = ceil(trainees / max).
40 stations, 5 a station, a reserve of 1/10, classes of 25: 220 trainees, 9 classes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import ceil

TRAINERS = 2
"""Of a pair."""


class Scope(StrEnum):
    """Where a pair may teach: its own area, any area of a parent, everywhere."""

    AREA = "area"
    PARENT = "parent"
    NATIONAL = "national"


@dataclass(frozen=True, slots=True)
class Area:
    """women: its classes need a pair with a woman. safe: False where no class can be held; whose people go elsewhere
    are rows of that other area (`regrouped`)."""

    code: str
    parent: str
    rooms: int
    women: bool = False
    safe: bool = True


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """Those who are taught in one language in one area."""

    area: str
    language: str
    trainees: int = field(compare=False, default=0)

    def classes(self, most: int) -> int:
        return -(-self.trainees // most)


@dataclass(frozen=True, slots=True)
class Pair:
    code: str
    home: str
    scope: Scope
    languages: tuple[str, ...]
    women: bool = False
    """One of them is a woman, or both."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Francs (XOF); None where the plan gives no price."""

    venue: int | None = None
    allowance: int | None = None
    trainer: int | None = None
    print: int | None = None
    new_pair: int | None = None
    new_room: int | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """A level above: those who train the level below."""

    level: str
    class_max: int
    days: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Rows and pairs are in order of their codes: the order of the files is forgotten here."""

    days: tuple[date, ...]
    class_max: int
    class_days: int
    travel_days: int
    areas: Mapping[str, Area]
    rows: tuple[Row, ...]
    pairs: tuple[Pair, ...]
    costs: Costs = Costs()
    levels: tuple[Level, ...] = ()
    regrouped: tuple[tuple[str, str, int], ...] = ()
    """(area where no class can be held, area where its people are taught, how many)."""
    said: tuple[str, ...] = ()
    """Warnings of the reading, as codes of `cascade_telling.WARNINGS` with what they name."""

    @property
    def slots(self) -> int:
        """Classes that one pair, or one room, can hold one after another."""
        return len(self.days) // self.class_days

    @property
    def trainees(self) -> int:
        return sum(r.trainees for r in self.rows)

    def needs(self, most: int | None = None) -> list[int]:
        return [row.classes(most or self.class_max) for row in self.rows]

    def with_pairs(self, more: tuple[Pair, ...]) -> Plan:
        return replace(self, pairs=(*self.pairs, *more))

    def with_rooms(self, more: Mapping[str, int]) -> Plan:
        areas = {c: replace(a, rooms=a.rooms + more.get(c, 0)) for c, a in self.areas.items()}
        return replace(self, areas=areas)


def trainees_of(stations: int, per_station: int, reserve: Fraction) -> int:
    return ceil(stations * per_station * (1 + reserve))


@dataclass(frozen=True, slots=True)
class Class:
    """first: the rank of its first teaching day. room: from 1 in its area. places: its trainees."""

    row: Row
    room: int
    pair: str
    first: int
    places: int


class Kind(StrEnum):
    """What a plan breaks: not enough pairs, not enough rooms in one area, not enough teaching days for one class."""

    PAIRS = "pairs"
    ROOMS = "rooms"
    WINDOW = "window"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rows that together need more classes than can be held. language None: the whole area (rooms)."""

    kind: Kind
    rows: tuple[tuple[str, str | None], ...]
    needs: int
    has: int
    pairs: int = 0
    """How many pairs can teach any of them."""

    @property
    def shortfall(self) -> int:
        return self.needs - self.has


@dataclass(frozen=True, slots=True)
class Bound:
    """What is known where travel counts. served_at_most: no plan holds more classes than that, whatever its order."""

    proved: bool
    served_at_most: int
    minimal: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """conflict: the first that clashes; others: those that share no row with it. bound: None where the answer is exact."""

    plan: Plan
    classes: tuple[Class, ...]
    conflict: Conflict | None = None
    others: tuple[Conflict, ...] = ()
    bound: Bound | None = None

    @property
    def feasible(self) -> bool:
        return self.conflict is None

    @property
    def unserved(self) -> int:
        return sum(self.plan.needs()) - len(self.classes)
