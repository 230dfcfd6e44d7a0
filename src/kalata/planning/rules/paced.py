"""A calendar on which days do not count alike: a day of a slow season is a part of a day's work, a closure none.

Work is counted in hundredths of a day. `finish(s, d)`: the first evening by which d days' work are done from s; `begin` its
reverse: the greatest start from which they are done by an evening. Where every day is whole both are those of `Calendar`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from kalata.planning.rules.calendars import STEP, Calendar
from kalata.planning.rules.faults import NoWorkingDay
from kalata.planning.rules.spells import WHOLE, During, Feast, Feasts, Spell, Work, during


def no_feasts(_first: int, _last: int) -> Sequence[Feast]:
    return ()


@dataclass(slots=True)
class Paced(Calendar):
    """Working days of which some are slower. run: the same for durations in calendar days, which rest and holidays do not stop."""

    spells: tuple[Spell, ...] = ()
    feasts: Feasts = no_feasts
    work: Work | None = None
    run: Paced | None = None
    years: dict[int, list[During]] = field(default_factory=dict)
    slow: dict[int, dict[int, int]] = field(default_factory=dict)
    """By year and ordinal of the day: its percent, where it is slowed or stopped."""
    caps: list[int] = field(default_factory=lambda: [0])
    """caps[d]: hundredths of work in [0, d)."""
    past: list[int] = field(default_factory=lambda: [0])
    """past[d]: hundredths of work in [-d, 0)."""

    def of(self, day: date) -> list[During]:
        """What slows or stops a day."""
        if day.year not in self.years:
            self._year(day.year)
        return [d for d in self.years[day.year] if d.first <= day <= d.last]

    def _year(self, year: int) -> None:
        """What slows or stops the days of a year; of each such day, the hardest counts."""
        found = self.years[year] = [d for spell in self.spells for d in during(spell, year, self.feasts)]
        slow = self.slow[year] = {}
        for one in found:
            for day in range(one.first.toordinal(), one.last.toordinal() + 1):
                slow[day] = min(one.spell.percent, slow.get(day, WHOLE))

    def percent(self, offset: int) -> int:
        """Of an ordinary day's work, on a day that is worked; the hardest of what slows it counts."""
        day = self.day(offset)
        if day.year not in self.slow:
            self._year(day.year)
        return self.slow[day.year].get(day.toordinal(), WHOLE)

    def works(self, offset: int) -> bool:
        return Calendar.works(self, offset) and self.percent(offset) > 0

    def done(self, offset: int) -> int:
        """Hundredths of work before an offset, below zero before T0."""
        self.count(offset)
        while len(self.caps) <= offset:
            d = len(self.caps) - 1
            self.caps.append(self.caps[-1] + (self.percent(d) if self.counts[d + 1] > self.counts[d] else 0))
        while len(self.past) <= -offset:
            d = len(self.past)
            self.past.append(self.past[-1] + (self.percent(-d) if self.back[d] > self.back[d - 1] else 0))
        return self.caps[offset] if offset >= 0 else -self.past[-offset]

    def finish(self, start: int, days: int) -> int:
        if not days:
            return start
        need = self.done(start) + WHOLE * days
        if need <= 0:
            return 1 - bisect_right(self.past, -need)
        self._work(need, self.caps, 1)
        return bisect_left(self.caps, need)

    def begin(self, finish: int, days: int) -> int:
        if not days:
            return finish
        limit = self.done(finish) - WHOLE * days
        if limit >= 0:
            return bisect_right(self.caps, limit) - 1
        self._work(-limit, self.past, -1)
        return -bisect_left(self.past, -limit)

    def _work(self, need: int, sums: list[int], side: int) -> None:
        """Count on until so much work is done on a side of T0."""
        empty = 0
        while sums[-1] < need:
            had = sums[-1]
            self.done(side * (len(sums) + STEP))
            empty = empty + 1 if sums[-1] == had else 0
            if empty > 30:
                raise NoWorkingDay(value=self.name, rows=[], field="spells")

    def told(self) -> list[object]:
        """What its days rest on, as values."""
        days = sorted(d.isoformat() for d in self.off if self.start <= d <= self.day(max(len(self.counts) - 1, 0)))
        slow = [[d.first.isoformat(), d.last.isoformat(), d.spell.percent] for year in sorted(self.years) for d in self.years[year]]
        return [sorted(self.weekdays), days, slow]

    def touched(self, start: int, finish: int) -> list[During]:
        """What slows or stops the days from a start to a finish, each once, in order."""
        found: dict[During, None] = {}
        for offset in range(start, finish):
            if self.spells:
                found |= dict.fromkeys(self.of(self.day(offset)))
        return list(found)


def paced(plan: Calendar, work: Work, feasts: Feasts, own: Calendar | None = None) -> Paced:
    """A named calendar beside that of the plan. own: the days off of its country, where it has one of its own."""
    base = own or plan
    weekdays = base.weekdays if work.rest is None else frozenset(range(7)) - work.rest
    made = Paced(
        plan.start, weekdays, base.fetch, work.code, set(), set(base.off), spells=work.spells, feasts=feasts, work=work,
    )  # fmt: skip
    if work.spells:
        made.run = replace(made, weekdays=frozenset(range(7)), fetch=None, known=set(), off=set(), estimated=[], ahead=[], behind=[],
                           counts=[0], back=[0], years={}, slow={}, caps=[0], past=[0])  # fmt: skip
    return made


def named(plan: Calendar, works: Sequence[Work], feasts: Feasts, owns: dict[str, Calendar] | None = None) -> Calendar:
    """The plan's calendar with the named ones beside; owns: by country, the days off of suppliers."""
    plan.named = {w.code: paced(plan, w, feasts, (owns or {}).get(w.country)) for w in works}
    plan.places = {place.casefold(): w.code for w in works for place in w.places}
    return plan
