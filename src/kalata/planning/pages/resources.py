"""The resources of a version as they are read: pools, the weeks of one of them, who asks for more than there is, the last levelling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from kalata.planning.models import LevelRun, Pool
from kalata.planning.queries.resources import Ground
from kalata.planning.rules.resources import Wait, bars, users_on
from kalata.text import gettext_noop as _

SHOWN = 200
ANSWERS = {
    "optimal": _("aucune fin n’est plus tôt avec ces réserves"), "feasible": _("une fin plus tôt n’est pas exclue"),
    "infeasible": _("aucune suite de jours ne le permet"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chart:
    """One pool week by week, in a square of 100: bars of what is asked, the line of what it holds."""

    pool: str
    most: int
    first: date
    last: date
    rects: tuple[tuple[str, str, str, str], ...]
    line: str
    over: int
    wide: str


def chart_of(ground: Ground, pool: str) -> Chart | None:
    """None: the pool is unknown, or nothing asks it and it holds nothing."""
    if not ground.known or pool not in ground.yard.pools:
        return None
    schedule = ground.dates.schedule
    found = bars(ground.yard, ground.yard.pools.index(pool), schedule.early.start, schedule.early.finish)
    most = max([*(b.asked for b in found), *(b.held for b in found)], default=0)
    if not most:
        return None
    wide = 100 / len(found)
    rects, points = [], []
    for n, one in enumerate(found):
        high = 100 * one.asked / most
        rects.append(("f3" if one.over else "f1", f"{n * wide:.2f}", f"{100 - high:.2f}", f"{high:.2f}"))
        level = f"{100 - 100 * one.held / most:.2f}"
        points += [f"{n * wide:.2f} {level}", f"{(n + 1) * wide:.2f} {level}"]
    day = schedule.calendar.day
    last = day(found[-1].day) + timedelta(6)
    return Chart(
        pool,
        most,
        day(0),
        last,
        tuple(rects),
        "M" + "L".join(points),
        sum(bool(b.over) for b in found),
        f"{max(wide - 0.2, wide / 2):.2f}",
    )


@dataclass(frozen=True, slots=True)
class Over:
    pool: str
    first: date
    last: date
    over: int
    users: tuple[tuple[str, int], ...]


def overs_of(ground: Ground, pool: str = "") -> list[Over]:
    s = ground.dates.schedule
    return [
        Over(o.pool, s.calendar.day(o.first), s.calendar.day(o.after - 1), o.over, tuple(users_on(ground.yard, o, s.early.start, s.early.finish)[:6]))
        for o in ground.overloads
        if pool in ("", o.pool)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A pool with the most it is asked on a day, and how many days it lacks."""

    pool: Pool | None
    code: str
    asked: int
    short: int


def rows_of(pools: Sequence[Pool], ground: Ground) -> list[Row]:
    short: dict[str, int] = {}
    for one in ground.overloads:
        short[one.pool] = short.get(one.pool, 0) + one.after - one.first
    most: dict[str, int] = {}
    if ground.needs:
        s = ground.dates.schedule
        from kalata.planning.rules.resources import asked_of

        for n, name in enumerate(ground.yard.pools):
            most[name] = max(asked_of(ground.yard, n, s.early.start, s.early.finish), default=0)
    known = [Row(p, p.code, most.get(p.code, 0), short.get(p.code, 0)) for p in pools]
    return known + [Row(None, name, most.get(name, 0), short.get(name, 0)) for name in ground.unknown]


@dataclass(frozen=True, slots=True)
class Line:
    wait: Wait
    name: str
    before: date
    after: date
    accepted: bool | None
    """None: nobody decided."""


def levelled(run: LevelRun, waits: Sequence[Wait], decided: Mapping[str, bool], names: Mapping[str, str]) -> dict[str, Any]:  # fmt: skip
    """What a levelling says, with its lines as people decided them."""
    answer = run.answer or {}
    t0 = date.fromisoformat(answer["t0"])
    lines = [
        Line(w, names.get(w.code, ""), t0 + timedelta(w.before), t0 + timedelta(w.after), decided.get(w.code))
        for w in waits
    ]
    found = {
        "says": ANSWERS[answer["status"]], "status": answer["status"], "seconds": answer["seconds"], "engine": answer["engine"], "lines": lines[:SHOWN],
        "more": max(len(lines) - SHOWN, 0), "open": sum(one.accepted is None for one in lines), "nowhere": answer.get("nowhere", ""),
        "free": t0 + timedelta(max(answer["free_end"] - 1, 0)), "carried": answer.get("carried", 0),
    }  # fmt: skip
    if "end" in answer:
        end, bound = answer["end"], answer["bound"]
        found |= {
            "end": t0 + timedelta(max(end - 1, 0)), "bound": t0 + timedelta(max(bound - 1, 0)), "gap": Fraction(end - bound, end) if end else Fraction(0),
            "later": end - answer["free_end"],
        }  # fmt: skip
    return found
