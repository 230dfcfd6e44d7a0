"""Who is asked for more than there is, and what a levelling changes: each wait with what it waits for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kalata.planning.rules.forward import Arc, least_start
from kalata.planning.rules.levelling_bounds import Overload
from kalata.planning.rules.levelling_plan import Placed, Yard, allowed

WEEK = 7


@dataclass(frozen=True, slots=True)
class Bar:
    """A pool over one week: the most it is asked on a day, what it holds on that day, the most it is asked above it."""

    day: int
    asked: int
    held: int
    over: int


def asked_of(yard: Yard, pool: int, starts: Sequence[int], finishes: Sequence[int]) -> list[int]:
    """What a pool is asked for on each day up to the horizon."""
    out = [0] * yard.horizon
    for i, needs in enumerate(yard.needs):
        if needs[pool]:
            for day in range(starts[i], min(finishes[i], yard.horizon)):
                out[day] += needs[pool]
    return out


def bars(yard: Yard, pool: int, starts: Sequence[int], finishes: Sequence[int]) -> list[Bar]:
    """A pool week by week up to the last day that anything runs; the worst day of each week stands for it."""
    asked, held = asked_of(yard, pool, starts, finishes), yard.capacities[pool]
    end = max(finishes, default=0)
    out = []
    for first in range(0, end, WEEK):
        days = range(first, min(first + WEEK, end))
        worst = max(days, key=lambda d: (max(0, asked[d] - held[d]), asked[d]))
        out.append(Bar(first, asked[worst], held[worst], max(0, asked[worst] - held[worst])))
    return out


def users_on(yard: Yard, one: Overload, starts: Sequence[int], finishes: Sequence[int]) -> list[tuple[str, int]]:
    """The activities that ask this pool on these days, and for how much; the hungriest first."""
    pool = yard.pools.index(one.pool)
    found = [
        (a.id, yard.needs[i][pool])
        for i, a in enumerate(yard.net.plan.activities)
        if yard.needs[i][pool] and starts[i] < one.after and finishes[i] > one.first
    ]
    return sorted(found, key=lambda row: -row[1])


@dataclass(frozen=True, slots=True)
class Wait:
    """One activity that begins later for want of a pool. pred: what it waits for; "": for the pool to hold enough.

    before, after: offsets of its start where resources are no limit, and in the proposal. own: days of its own wait,
    what its predecessors' waits bring left out.
    """

    code: str
    before: int
    after: int
    own: int
    pool: str
    pred: str


def waits_of(yard: Yard, placed: Placed) -> tuple[list[Wait], int]:
    """The waits of a proposal, in the order in which they begin; and how many activities are only carried by them."""
    first, net = yard.first, yard.net
    out: list[Wait] = []
    carried = 0
    for i in sorted(range(len(net.days)), key=lambda i: (placed.starts[i], i)):
        if placed.starts[i] == first.start[i]:
            continue
        free = allowed(yard, i, max(0, *(least_start(net, yard.calendar, arc, left(placed, arc), net.days) for arc in net.into[i]), 0))  # fmt: skip
        if placed.starts[i] <= free:
            carried += 1
            continue
        pool, pred = awaited(yard, placed, i)
        out.append(
            Wait(net.plan.activities[i].id, first.start[i], placed.starts[i], placed.starts[i] - free, pool, pred)
        )
    return out, carried


def left(placed: Placed, arc: Arc) -> int:
    return placed.finishes[arc.pred] if arc.from_finish else placed.starts[arc.pred]


def awaited(yard: Yard, placed: Placed, i: int) -> tuple[str, str]:
    """The pool an activity waits for, and the activity whose end gives it back that day: the one that held most of it."""
    mine = [p for p, n in enumerate(yard.needs[i]) if n]
    others = [
        (yard.needs[j][p], -j, p, j)
        for p in mine
        for j, finish in enumerate(placed.finishes)
        if j != i and yard.needs[j][p] and yard.net.days[j] and finish <= placed.starts[i] and allowed(yard, i, finish) == placed.starts[i]
    ]  # fmt: skip
    if others:
        _n, _j, pool, j = max(others)
        return yard.pools[pool], yard.net.plan.activities[j].id
    return (yard.pools[mine[0]] if mine else ""), ""


def record(waits: Sequence[Wait]) -> list[dict[str, object]]:
    return [
        {"code": w.code, "before": w.before, "after": w.after, "own": w.own, "pool": w.pool, "pred": w.pred}
        for w in waits
    ]


def recorded(rows: Sequence[Mapping[str, object]]) -> list[Wait]:
    return [
        Wait(str(r["code"]), int(str(r["before"])), int(str(r["after"])), int(str(r["own"])), str(r["pool"]), str(r["pred"]))
        for r in rows
    ]  # fmt: skip


def need_written(cell: str, pool: str, units: int) -> str:
    """The needs of an activity with one of them set; 0 takes it out. `POOL:2;OTHER:1`."""
    found = {p: n for p, _sign, n in (part.strip().rpartition(":") for part in cell.split(";") if part.strip())}
    found.pop(pool, None)
    if units:
        found[pool] = str(units)
    return ";".join(f"{p}:{n}" for p, n in found.items())
