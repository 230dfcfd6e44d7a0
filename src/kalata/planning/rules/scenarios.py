"""The scenarios that a pack proposes beside a plan: each on the same draws, with its dates, its odds and its francs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from kalata.planning.rules import expressions, whatif
from kalata.planning.rules.calendars import Calendar
from kalata.planning.rules.cost import decimal_of
from kalata.planning.rules.cost_drivers import Drivers
from kalata.planning.rules.odds import Asked, Tick, cost_of, no_tick, quantiles, run_of, share
from kalata.planning.rules.plan import Activity, Plan


@dataclass(frozen=True, slots=True)
class Proposed:
    """A scenario with its words. times: by activity, how many times its quantity. drivers: read one driver for another."""

    id: str
    words: Mapping[str, str]
    flag: str
    source: str
    change: whatif.Scenario
    times: Mapping[str, int]
    drivers: Mapping[str, str]

    def missing(self, plan: Plan, drivers: Drivers) -> list[str]:
        """The activities and drivers that it names and this plan has not."""
        known = {a.id for a in plan.activities}
        named = {*self.change.durations, *self.change.added, *self.change.dropped, *self.times}
        return sorted(named - known) + sorted({*self.drivers, *self.drivers.values()} - set(drivers))


def proposed_of(rows: Iterable[Mapping[str, str]]) -> tuple[Proposed, ...]:
    """The scenarios of a pack's table: `M08:60;P04:30` adds days, `C07:2` multiplies, `cercles:cercles_2023` reads another."""
    found = []
    for row in rows:
        dropped = frozenset(p.strip() for p in row.get("drop", "").split(";") if p.strip())
        added = {code: int(n) for code, n in pairs(row, "add")}
        change = whatif.Scenario(row["id"], added=added, dropped=dropped)
        words = {k: row[k] for k in ("fr", "en", "note_fr", "note_en")}
        times = {code: int(n) for code, n in pairs(row, "times")}
        found.append(Proposed(row["id"], words, row.get("flag", ""), row.get("source", ""), change, times, dict(pairs(row, "drivers"))))  # fmt: skip
    return tuple(found)


def pairs(row: Mapping[str, str], column: str) -> list[tuple[str, str]]:
    parts = [p.partition(":") for p in row.get(column, "").split(";") if p.strip()]
    return [(name.strip(), value.strip()) for name, _colon, value in parts]


def requantified(plan: Plan, drivers: Drivers, one: Proposed) -> Plan:
    """The plan with the quantities of a scenario: other drivers read, more of what is bought."""
    if not one.times and not one.drivers:
        return plan
    values = {code: d.value for code, d in drivers.items()}
    values |= {code: drivers[other].value for code, other in one.drivers.items()}
    return replace(plan, activities=tuple(more(a, values, one) for a in plan.activities))


def more(a: Activity, values: Mapping[str, Fraction], one: Proposed) -> Activity:
    named = (
        {n.text for n in expressions.names(expressions.expression_of(a.quantity_expr))} if a.quantity_expr else set()
    )
    times = one.times.get(a.id, 1)
    if times == 1 and not named & set(one.drivers):
        return a
    exact = expressions.value_of(expressions.expression_of(a.quantity_expr), values) if a.quantity_expr else Fraction(a.quantity or 0)  # fmt: skip
    return replace(a, quantity=decimal_of(exact * times))


def beside(
    plan: Plan, drivers: Drivers, cal: Calendar, asked: Asked, proposed: Sequence[Proposed], j1: date, tick: Tick = no_tick
) -> list[dict[str, Any]]:  # fmt: skip
    """The plan first, then each scenario that applies to it; of the others, what they lack. asked.targets[0]: the poll."""
    nothing = Proposed("", {"fr": "", "en": ""}, "", "", whatif.Scenario(""), {}, {})
    out: list[dict[str, Any]] = []
    for n, one in enumerate((nothing, *proposed)):
        tick("scenarios", n, len(proposed) + 1)
        said = {"id": one.id, **one.words, "flag": one.flag, "source": one.source}
        if lost := one.missing(plan, drivers):
            out.append({**said, "missing": lost})
            continue
        changed, run_asked = whatif.applied(requantified(plan, drivers, one), asked, one.change)
        run = run_of(changed, cal, run_asked)
        at = changed.places[asked.targets[0]]
        finish = run.drawn.finish[at]
        windows = whatif.by_window(run, at)
        several = {w["id"] for w in windows if w["share"] != "1.0000"}
        last = max(run.likely)
        out.append({
            **said, "missing": [], "points": quantiles(finish)[0], "windows": [w for w in windows if w["id"] in several],
            "chance": share(int((finish <= cal.offset(j1) + 1).sum()), run.n), "cost": quantiles(cost_of(run).draws)[0],
            "likely_cost": cost_of(run).likely, "end": last,
        })  # fmt: skip
    return out
