"""A plan under limited resources: its own links, calendars and windows, pools whose capacity changes with the days.

A day counts for a pool on every day from an activity's first to its last, rests included: what is held is held.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from kalata.planning.rules.backward import late
from kalata.planning.rules.calendars import Calendar
from kalata.planning.rules.faults import AnotherForm, NeedAbovePool, PlanFault
from kalata.planning.rules.forward import (
    FREE,
    Bounds,
    Early,
    Net,
    early,
    finish_of,
    least_start,
    net_of,
    opening,
    rested,
)
from kalata.planning.rules.levelling_bounds import Overload
from kalata.planning.rules.levelling_scheme import fields
from kalata.planning.rules.plan import Plan
from kalata.planning.rules.reading import day_of
from kalata.planning.rules.tables import ROWS, Form, table_of
from kalata.text import Message
from kalata.text import gettext_noop as _

FURTHEST = 3_660
"""Days after the plan's own end beyond which no place is looked for."""
MOST_LINES = 20_000
DEAREST = 10**6


COLUMNS = "pool, from, to, capacity"


class BadPools(AnotherForm):
    says = _("Ce fichier n’a pas la forme d’une liste de réserves : %(why)s.")
    remedy = _("Donnez un CSV avec les colonnes %(columns)s ; le début et la fin en dates (dernier jour compris) ou en jours depuis le début (jour de fin exclu).")  # fmt: skip


FORM = Form(("pool", "capacity"), BadPools, MOST_LINES, ROWS, "", said={"columns": COLUMNS})


class NoResources(PlanFault):
    code = "PLN-122"
    says = _("Aucune donnée de ressources : ce plan ne dit pas qui travaille à quoi.")
    remedy = _("Ajoutez la colonne resources (POOL:2) et donnez --pools ; rien n’est supposé à votre place.")


class UnknownPool(PlanFault):
    code = "PLN-123"
    says = _("Ligne %(row)s : la réserve « %(pool)s » n’est pas dans la liste des réserves.")
    remedy = _("Ajoutez-la avec sa capacité, ou corrigez la colonne resources.")


@dataclass(frozen=True, slots=True)
class Period:
    """On each day of [first, after) the pool holds `capacity`. after: None, without end."""

    first: int
    after: int | None
    capacity: int


Pools = dict[str, list[Period]]


def pools_of(text: str, start: date) -> Pools:
    """The pools of a CSV. A day that no line covers holds nothing; two lines of a pool never share a day."""
    _header, rows = table_of(text, FORM)
    found: Pools = {}
    for row, given in rows:
        cells = {k: v.strip() for k, v in given.items()}
        one = period_of(row, cells, start)
        held = found.setdefault(cells["pool"], [])
        if any(one.first < (p.after or one.first + 1) and p.first < (one.after or p.first + 1) for p in held):
            raise FORM.fault(Message(_("deux lignes de « %(pool)s » donnent les mêmes jours"), {"pool": cells["pool"]}), row=row)  # fmt: skip
        held.append(one)
    return found


def period_of(row: int, cells: dict[str, str], start: date) -> Period:
    if not cells["pool"]:
        raise PlanFault(row=row, field="pool", value="", form="POOL")
    if not re.fullmatch(r"[0-9]{1,7}", cells["capacity"]) or int(cells["capacity"]) > DEAREST:
        raise PlanFault(row=row, field="capacity", value=cells["capacity"][:40], form="12")
    first = offset_of(row, "from", cells.get("from", ""), start, 0)
    after = offset_of(row, "to", cells.get("to", ""), start, 1)
    if after is not None and after <= (first or 0):
        raise PlanFault(row=row, field="to", value=cells.get("to", "")[:40], form="from < to")
    return Period(max(0, first or 0), after, int(cells["capacity"]))


def offset_of(row: int, field: str, text: str, start: date, more: int) -> int | None:
    """Of a date (the last day counts: `more`), or of days from the start as they are."""
    if not text:
        return None
    if re.fullmatch(r"[0-9]{1,6}", text):
        return int(text)
    day = day_of(row, field, text)
    return (day - start).days + more if day else None


@dataclass(frozen=True)
class Yard:
    """The plan, its calendar, its pools day by day."""

    net: Net
    calendar: Calendar
    pools: tuple[str, ...]
    needs: tuple[tuple[int, ...], ...]
    capacities: tuple[tuple[int, ...], ...]
    """Of each pool, of each day up to the horizon."""
    bounds: Bounds = FREE
    """The days before which the law lets nothing begin: they are waited for; what ends too late is told by the schedule."""

    @cached_property
    def first(self) -> Early:
        """The earliest dates where resources are no limit."""
        return early(self.net, self.calendar, bounds=Bounds(self.bounds.on, {}))

    @cached_property
    def horizon(self) -> int:
        return len(self.capacities[0])

    @cached_property
    def width(self) -> int:
        return (
            max([1, *(max(c) for c in self.capacities), *(n for needs in self.needs for n in needs)]).bit_length() + 1
        )

    @cached_property
    def guard(self) -> int:
        return sum(1 << (self.width * pool + self.width - 1) for pool in range(len(self.pools)))

    @cached_property
    def free(self) -> list[int]:
        return [self.guard | fields(day, self.width) for day in zip(*self.capacities, strict=True)]

    @cached_property
    def packed(self) -> list[int]:
        return [fields(needs, self.width) for needs in self.needs]

    @cached_property
    def keys(self) -> list[int]:
        """The latest start of each activity where resources are no limit: who can wait least."""
        return list(late(self.net, self.calendar, self.first.end).start)


def yard_of(plan: Plan, cal: Calendar, pools: Pools, windows: bool = True, bounds: Bounds = FREE) -> Yard:
    """Raises: PLN-109, PLN-122, PLN-123."""
    if not any(a.resources for a in plan.activities) or not pools:
        raise NoResources(rows=[], field="resources")
    peak = {name: max(p.capacity for p in held) for name, held in pools.items()}
    for a in plan.activities:
        for pool, need in a.resources:
            if pool not in pools:
                raise UnknownPool(row=a.row, pool=pool, field="resources")
            if need > peak[pool] and a.likely:
                raise NeedAbovePool(row=a.row, value=a.id, need=need, pool=pool, capacity=peak[pool], field="resources")
    return laid(plan, cal, pools, windows, bounds)


def laid(plan: Plan, cal: Calendar, pools: Pools, windows: bool = True, bounds: Bounds = FREE) -> Yard:
    """The yard whatever it is asked: a pool that nobody described holds nothing."""
    net = net_of(plan, windows)
    names = tuple(dict.fromkeys([*pools, *(pool for a in plan.activities for pool, _n in a.resources)]))
    horizon = early(net, cal, bounds=Bounds(bounds.on, {})).end + FURTHEST
    needs = tuple(tuple(dict(a.resources).get(name, 0) for name in names) for a in plan.activities)
    return Yard(net, cal, names, needs, tuple(day_by_day(pools.get(name, ()), horizon) for name in names), bounds)


def day_by_day(periods: Sequence[Period], horizon: int) -> tuple[int, ...]:
    days = [0] * horizon
    for one in periods:
        for day in range(min(one.first, horizon), min(one.after if one.after is not None else horizon, horizon)):
            days[day] = one.capacity
    return tuple(days)


@dataclass(frozen=True, slots=True)
class Placed:
    starts: tuple[int, ...]
    finishes: tuple[int, ...]

    @property
    def end(self) -> int:
        return max(self.finishes, default=0)


class NoPlace(Exception):
    """An activity that fits nowhere within the horizon."""

    def __init__(self, place: int) -> None:
        self.place = place
        super().__init__(str(place))


def allowed(yard: Yard, i: int, start: int) -> int:
    """The first day from `start` on which the calendar and the window let the activity begin."""
    cal, net = yard.calendar, yard.net
    start = max(start, yard.bounds.on.get(i, 0))
    start = rested(net, cal, i, start)
    opens, beat = net.opens[i], net.beat(cal, i)
    return opening(beat or cal, opens, beat is not None, start) if opens is not None else start


def placed(yard: Yard, order: Sequence[int]) -> Placed:
    """Each activity in the order given, on the first day where its links, its calendar and every pool let it."""
    net, cal, guard = yard.net, yard.calendar, yard.guard
    free = list(yard.free)
    size = len(net.days)
    starts, finishes = [0] * size, [0] * size
    for i in order:
        asked = (least_start(net, cal, arc, finishes[arc.pred] if arc.from_finish else starts[arc.pred], net.days) for arc in net.into[i])  # fmt: skip
        start = allowed(yard, i, max(0, *asked, 0))
        need = yard.packed[i]
        while True:
            finish = finish_of(net, cal, i, start, net.days)
            if finish > yard.horizon:
                raise NoPlace(i)
            day = next((d for d in range(finish - 1, start - 1, -1) if (free[d] - need) & guard != guard), None) if need else None  # fmt: skip
            if day is None:
                break
            start = allowed(yard, i, day + 1)
        for d in range(start, finish):
            free[d] -= need
        starts[i], finishes[i] = start, finish
    return Placed(tuple(starts), tuple(finishes))


def order_by(yard: Yard, keys: Sequence[float]) -> list[int]:
    """Activities after what they wait for, the least key first."""
    from kalata.planning.rules.levelling_scheme import by_priority

    before = [tuple(arc.pred for arc in arcs) for arcs in yard.net.into]
    after = [tuple(arc.succ for arc in arcs) for arcs in yard.net.out]
    return by_priority([-k for k in keys], before, after)


def improved(yard: Yard, *, seed: int, floor: int, stop: Callable[[], bool], rounds: int = 1 << 30) -> Placed:
    """The best of many orders around that of the latest starts. The first one always comes.

    Raises: NoPlace where the first one fits nowhere.
    """
    rng = random.Random(seed)
    keys = [float(k) for k in yard.keys]
    best = placed(yard, order_by(yard, keys))
    done = 1
    while best.end > floor and done < rounds and not stop():
        done += 1
        noise = rng.choice((2.0, 10.0, 40.0))
        tried = [k + noise * rng.random() for k in keys]
        try:
            found = placed(yard, order_by(yard, tried))
        except NoPlace:
            continue
        if found.end < best.end:
            best, keys = found, tried
    return best


def tidied(yard: Yard, one: Placed) -> Placed:
    """The same order with nothing that waits for no reason: no activity later, no end later."""
    found = placed(yard, order_by(yard, [float(s) for s in one.starts]))
    return found if found.end <= one.end else one


def overloaded(yard: Yard, starts: Sequence[int], finishes: Sequence[int]) -> list[Overload]:
    """Runs of days on which a pool is asked for one excess over what it has that day."""
    found: list[Overload] = []
    for pool, name in enumerate(yard.pools):
        used = [0] * yard.horizon
        for i, needs in enumerate(yard.needs):
            if needs[pool]:
                for day in range(starts[i], finishes[i]):
                    used[day] += needs[pool]
        run: Overload | None = None
        for day, (asked, held) in enumerate(zip(used, yard.capacities[pool], strict=True)):
            over = max(0, asked - held)
            if run is not None and over == run.over and run.after == day:
                run = Overload(name, run.first, day + 1, over)
                continue
            if run is not None:
                found.append(run)
            run = Overload(name, day, day + 1, over) if over else None
        if run is not None:
            found.append(run)
    return found


def floor_of(yard: Yard) -> int:
    """No schedule ends before: the links alone, nor before each pool has given the days of work asked of it."""
    found = yard.first
    best = found.end
    for pool in range(len(yard.pools)):
        users = [i for i, needs in enumerate(yard.needs) if needs[pool] and yard.net.days[i]]
        if not users:
            continue
        work = sum(yard.needs[i][pool] * yard.net.days[i] for i in users)
        day = min(found.start[i] for i in users)
        while work > 0 and day < yard.horizon:
            work -= yard.capacities[pool][day]
            day += 1
        best = max(best, day)
    return best


def stands(yard: Yard, one: Placed) -> bool:
    """Is this a schedule of the plan? Every link, every calendar and window, every pool on every day."""
    net, cal = yard.net, yard.calendar
    for i in range(len(net.days)):
        start = one.starts[i]
        if start < 0 or allowed(yard, i, start) != start or finish_of(net, cal, i, start, net.days) != one.finishes[i]:
            return False
        for arc in net.into[i]:
            left = one.finishes[arc.pred] if arc.from_finish else one.starts[arc.pred]
            if least_start(net, cal, arc, left, net.days) > start:
                return False
    return not overloaded(yard, one.starts, one.finishes)
