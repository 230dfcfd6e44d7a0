"""Early dates of many draws at once: one pass over the network, each date a column of draws. No loop over draws.

The rules are those of `forward`: this is the same pass with tables for the calendar, one for each way in which the estimated
feasts may fall.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from kalata.planning.rules.calendars import Calendar
from kalata.planning.rules.draws import Days
from kalata.planning.rules.forward import Arc, Net, early
from kalata.planning.rules.moon import ways_of
from kalata.planning.rules.paced import Paced
from kalata.planning.rules.plan import LinkType
from kalata.planning.rules.spells import WHOLE

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Table:
    """A calendar up to a horizon: working days before each offset, offset of each working day, openings by activity.

    prior: the last working day before the plan. An offset after it and before the plan leads to the first working day of the
    plan; up to it, a link holds nobody.
    """

    count: Days
    place: Days
    opens: dict[int, Days]
    horizon: int
    prior: int
    caps: Days | None = None
    """Hundredths of work before each offset, where days do not count alike."""
    own: Mapping[int, Table] = field(default_factory=dict)
    """By place: the calendar that an activity names, where it names one."""

    def of(self, net: Net, i: int) -> Table | None:
        """By what an activity's days are counted; None: every day counts whole."""
        return self.own.get(i) or (self if net.working[i] else None)

    def least(self, bound: Days, n: Days) -> Days:
        """The smallest start whose n > 0 days end by no evening before a bound."""
        if self.caps is None:
            return self.at(self.counted(bound - 1) - n + 1)
        limit = self.caps[np.maximum(bound - 1, 0)] - WHOLE * n
        found = np.searchsorted(self.caps, limit, side="right").astype(np.int32)
        return np.where((limit < 0) | (bound < 1), np.int32(self.prior), self.next(found))

    def next(self, x: Days) -> Days:
        return self.place[self.count[x]]

    def finish(self, x: Days, n: Days | int) -> Days:
        """The end of n > 0 working days from x."""
        if self.caps is not None:
            return np.searchsorted(self.caps, self.caps[x] + WHOLE * np.asarray(n), side="left").astype(np.int32)
        return self.place[self.count[x] + n - 1] + 1

    def begin(self, x: Days, n: Days | int) -> Days:
        """The start n working days before x."""
        return self.at(self.count[x] - n)

    def at(self, k: Days) -> Days:
        """The offset of the k-th working day; the last one before the plan for each before it, where nothing binds."""
        return np.where(k < 0, np.int32(self.prior), self.place[np.maximum(k, 0)])

    def counted(self, x: Days) -> Days:
        """Working days before x; one too few, whatever they are, from the last working day before the plan back."""
        return np.where(x > self.prior, self.count[np.maximum(x, 0)], np.int32(-1))


@dataclass(frozen=True, slots=True)
class Ways:
    """A table for each way in which the estimated feasts may fall; the draws are shared among them, in order."""

    tables: tuple[Table, ...]

    @property
    def horizon(self) -> int:
        return self.tables[0].horizon

    def shares(self, n: int) -> Iterator[tuple[Table, slice]]:
        ways = len(self.tables)
        for way, table in enumerate(self.tables):
            part = slice(way * n // ways, (way + 1) * n // ways)
            if part.start < part.stop:
                yield table, part


def ways_table(net: Net, cal: Calendar, horizon: int, seed: int) -> Table | Ways:
    """The calendar of a plan up to a horizon, in each way in which its estimated feasts may fall."""
    tables = tuple(table_of(net, one, horizon) for one in ways_of(cal, horizon, seed))
    return tables[0] if len(tables) == 1 else Ways(tables)


def table_of(net: Net, cal: Calendar, horizon: int) -> Table:
    made: dict[int, Table] = {}
    own: dict[int, Table] = {}
    opens: dict[int, Days] = {}
    for i, when in enumerate(net.opens):
        beat = net.beat(cal, i)
        if beat is not None and beat is not cal:
            own[i] = made[id(beat)] if id(beat) in made else made.setdefault(id(beat), counted(beat, horizon))
        if when is not None:
            years = range(cal.day(0).year, cal.day(horizon).year + 2)
            days = [cal.offset(date(year, *when)) for year in years]
            opens[i] = np.array([beat.next(d) if beat else d for d in days], dtype=np.int32)
    return replace(counted(cal, horizon), opens=opens, own=own)


def counted(cal: Calendar, horizon: int) -> Table:
    cal.count(horizon + 1)
    count = np.array(cal.counts[: horizon + 1], dtype=np.int32)
    spare = int(count[-1]) + 1
    while len(cal.ahead) < spare:
        cal.place(spare)
    place = np.array(cal.ahead[:spare], dtype=np.int32)
    caps = None
    if isinstance(cal, Paced) and cal.spells:
        cal.done(horizon)
        caps = np.array(cal.caps[: horizon + 1], dtype=np.int32)
    return Table(count, place, {}, horizon, cal.place(-1), caps)


def horizon_of(net: Net, cal: Calendar, longest: list[int]) -> int:
    """Beyond the end of the plan with every duration at its longest."""
    return early(net, cal, longest).end * 5 // 4 + 800


@dataclass(slots=True)
class Drawn:
    """Columns by place. start, finish: offsets. slipped: where a window moved the start."""

    days: list[Days]
    start: list[Days]
    finish: list[Days]
    slipped: dict[int, Bools] = field(default_factory=dict)

    @property
    def end(self) -> Days:
        out = self.finish[0].copy()
        for column in self.finish[1:]:
            np.maximum(out, column, out=out)
        return out


def lag_of(arc: Arc, days: list[Days]) -> Days | int:
    if not arc.percent:
        return arc.n
    doubled = 2 * arc.n * days[arc.pred].astype(np.int64) + 100
    return (doubled // 200).astype(np.int32)


def after(table: Table, x: Days, n: Days | int, working: bool) -> Days:
    """Days of lag after x; below zero where that is before the plan."""
    if isinstance(n, int) and not n:
        return x
    if not working:
        return x + n
    if isinstance(n, int):
        return table.finish(x, n) if n > 0 else table.begin(x, -n)
    later, sooner = table.finish(x, np.maximum(n, 1)), table.begin(x, np.maximum(-n, 0))
    return np.where(n > 0, later, np.where(n < 0, sooner, x))


def asked(net: Net, table: Table, arc: Arc, drawn: Drawn) -> Days:
    """The smallest start this link lets, before the day of rest is looked at."""
    x = (drawn.finish if arc.from_finish else drawn.start)[arc.pred]
    bound = after(table, x, lag_of(arc, drawn.days), arc.working)
    if not arc.to_finish:
        return bound
    days = drawn.days[arc.succ]
    own = table.of(net, arc.succ)
    return bound - days if own is None else np.where(days > 0, own.least(bound, days), bound)


def passed(net: Net, table: Table | Ways, days: list[Days], floor: Mapping[int, int] | None = None) -> Drawn:
    """Early dates of every draw. floor: days before which an activity does not start, by place.

    Raises: IndexError where a date goes beyond the table.
    """
    n = len(days[0]) if days else 0
    if isinstance(table, Table):
        return passed_in(net, table, days, floor, n)
    parts = [passed_in(net, one, [c[s] for c in days], floor, s.stop - s.start) for one, s in table.shares(n)]
    slipped = {i: np.concatenate([p.slipped[i] for p in parts]) for i in parts[0].slipped} if parts else {}
    return Drawn(days, side_by_side([p.start for p in parts]), side_by_side([p.finish for p in parts]), slipped)


def side_by_side(parts: Sequence[list[Days]]) -> list[Days]:
    return [np.concatenate(columns) for columns in zip(*parts, strict=True)]


def passed_in(net: Net, table: Table, days: list[Days], floor: Mapping[int, int] | None, n: int) -> Drawn:
    drawn = Drawn(days, [days[0]] * len(days), [days[0]] * len(days)) if days else Drawn([], [], [])
    zero = np.zeros(n, dtype=np.int32)
    for i in net.order:
        at: Days | None = None
        for arc in net.into[i]:
            one = asked(net, table, arc, drawn)
            at = one if at is None else np.maximum(at, one)
            if arc.to_finish or arc.n < 0:
                at = np.maximum(at, 0)
        start = zero if at is None else at
        if floor and i in floor:
            start = np.maximum(start, np.int32(floor[i]))
        drawn.start[i], drawn.finish[i] = ended(net, table, i, start, days[i], drawn)
    return drawn


def ended(net: Net, table: Table, i: int, start: Days, days: Days, drawn: Drawn) -> tuple[Days, Days]:
    """Start and finish of an activity from the smallest start its links let."""
    own = table.of(net, i)
    if own is None:
        if i in table.opens:
            start = window(table, i, start, drawn)
        return start, start + days
    place = own.count[start]
    start = own.place[place]
    if i in table.opens:
        start = window(table, i, start, drawn)
        place = own.count[start]
    finish = own.place[place + np.maximum(days, 1) - 1] + 1 if own.caps is None else own.finish(start, np.maximum(days, 1))
    return start, finish if net.plan.activities[i].optimistic > 0 else np.where(days > 0, finish, start)


def window(table: Table, i: int, start: Days, drawn: Drawn) -> Days:
    opens = table.opens[i]
    moved = opens[np.searchsorted(opens, start, side="left")]
    drawn.slipped[i] = moved != start
    return moved


def critical(net: Net, table: Table | Ways, drawn: Drawn, target: int | None) -> list[Bools | None]:
    """For each activity, the draws in which it is on a chain of binding links that ends at the target (None: at the end of
    the plan): the walk back, all draws at once. None where it never is."""
    if isinstance(table, Table):
        return critical_in(net, table, drawn, target)
    n = len(drawn.days[0]) if drawn.days else 0
    parts = [(s, critical_in(net, one, part_of(drawn, s), target)) for one, s in table.shares(n)]
    out: list[Bools | None] = [None] * len(drawn.days)
    for s, found in parts:
        for i, mine in enumerate(found):
            if mine is not None:
                whole = out[i]
                if whole is None:
                    whole = out[i] = np.zeros(n, dtype=np.bool_)
                whole[s] = mine
    return out


def part_of(drawn: Drawn, s: slice) -> Drawn:
    """Some of the draws, as they are."""
    return Drawn([c[s] for c in drawn.days], [c[s] for c in drawn.start], [c[s] for c in drawn.finish], {i: c[s] for i, c in drawn.slipped.items()})


def critical_in(net: Net, table: Table, drawn: Drawn, target: int | None) -> list[Bools | None]:
    on: list[Bools | None] = [None] * len(drawn.days)
    if target is None:
        end = drawn.end
        on = [column == end for column in drawn.finish]
    else:
        on[target] = np.ones(len(drawn.days[0]), dtype=np.bool_)
    for i in reversed(net.order):
        mine = on[i]
        if mine is None or not net.into[i]:
            continue
        if i in drawn.slipped:
            mine = mine & ~drawn.slipped[i]
        start = drawn.start[i]
        for arc in net.into[i]:
            holds = mine & binds(net, table, arc, drawn, start)
            before = on[arc.pred]
            on[arc.pred] = holds if before is None else before | holds
    return on


def binds(net: Net, table: Table, arc: Arc, drawn: Drawn, start: Days) -> Bools:
    """Where the link itself, and no other, keeps its successor from starting sooner."""
    own = table.of(net, arc.succ)
    if arc.type is LinkType.FS and not arc.n and not arc.percent and own is None:
        return drawn.finish[arc.pred] == start
    one = asked(net, table, arc, drawn)
    if own is None:
        return one == start
    return (one > own.prior) & (own.count[np.maximum(one, 0)] == own.count[start])
