"""Days on which nobody works: weekly rest, holidays, and feasts whose day is only estimated.

Feasts fixed by the sight of the moon are an interval around an estimate, never a date. A rule
that skips or rolls is then computed for every day the feast may fall on: `earliest` and `latest`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice, product

from .moments import DAY

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOST_CASES = 256
"""Above this many combinations of estimated feasts, the container (none of them, all of them) is used."""


@dataclass(frozen=True, slots=True)
class Feast:
    """A holiday whose day is estimated: any day from `first` to `last` may be the one."""

    name: str
    first: date
    last: date

    def days(self) -> tuple[date, ...]:
        return tuple(self.first + DAY * i for i in range((self.last - self.first).days + 1))


@dataclass(frozen=True, slots=True)
class DaysOff:
    """A country's holidays over some years. `sure`: day -> name. `source` says where they come from."""

    sure: Mapping[date, str] = field(default_factory=dict)
    feasts: tuple[Feast, ...] = ()
    rest: frozenset[int] = frozenset({5, 6})
    source: str = ""
    years: tuple[int, int] | None = None

    def name(self, day: date) -> str | None:
        return self.sure.get(day)

    def is_holiday(self, day: date) -> bool:
        return day in self.sure

    def is_working(self, day: date) -> bool:
        return day.weekday() not in self.rest and day not in self.sure

    def covers(self, first: date, last: date) -> bool:
        return self.years is None or (self.years[0] <= first.year and last.year <= self.years[1])

    def near(self, first: date, last: date) -> tuple[Feast, ...]:
        return tuple(f for f in self.feasts if f.first <= last and f.last >= first)

    def with_days(self, days: Iterable[tuple[date, str]]) -> DaysOff:
        return replace(self, sure={**self.sure, **dict(days)}, feasts=())

    def decreed(self, feast: str, day: date, name: str = "") -> DaysOff:
        """The calendar once a decree has fixed the day of a feast (the nearest one of that name)."""
        known = [f for f in self.feasts if f.name == feast]
        if not known:
            return replace(self, sure={**self.sure, day: name or feast})
        nearest = min(known, key=lambda f: abs((f.first - day).days))
        return replace(
            self,
            sure={**self.sure, day: name or feast},
            feasts=tuple(f for f in self.feasts if f is not nearest),
        )

    def realisations(self, first: date, last: date) -> Iterator[DaysOff]:
        """Every calendar the estimated feasts between two days allow; itself where there is none."""
        near = self.near(first, last)
        if not near:
            yield replace(self, feasts=())
            return
        cases = 1
        for feast in near:
            cases *= len(feast.days())
        if cases > MOST_CASES:  # a container: nobody's day off, then everybody's
            yield replace(self, feasts=())
            yield self.with_days((day, f.name) for f in near for day in f.days())
            return
        for days in islice(product(*(f.days() for f in near)), MOST_CASES):
            yield self.with_days((day, f.name) for day, f in zip(days, near, strict=True))


NO_DAYS_OFF = DaysOff(source="")
