"""The money of a plan, as it is recorded: of a version, or of the reference plan that the pack carries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kalata.country.packs import table, table_text
from kalata.planning.models import PlanVersion
from kalata.planning.queries import content, plans
from kalata.planning.queries.calendars import calendar_of
from kalata.planning.rules.calendars import Calendar
from kalata.planning.rules.cost import Budget, Spans, budget_of
from kalata.planning.rules.cost_comparables import Comparable, comparables_of
from kalata.planning.rules.cost_drivers import Drivers, drivers_of, of_rows
from kalata.planning.rules.forward import early, net_of
from kalata.planning.rules.plan import Plan
from kalata.planning.rules.reading import plan_of
from kalata.planning.rules.sheet import plan_of_sheet

PACK = "ml"
REFERENCE = "planning/activities-presidential.csv"


@dataclass(frozen=True)
class Money:
    """version: None for the reference plan. spans: None where the plan has no first day."""

    version: PlanVersion | None
    plan: Plan
    drivers: Drivers
    budget: Budget
    spans: Spans | None
    comparables: tuple[Comparable, ...]


def money_of(version: PlanVersion | None) -> Money:
    pack = version.plan.calendar if version else PACK
    if version is None:
        plan, drivers = reference()
    else:
        plan = plan_of_sheet(content.sheet(version), version.t0)
        rows = ({**d, "driver": d["code"], "date": d["dated"]} for d in content.drivers(version))
        drivers = of_rows(enumerate(rows, 2))
    spans = spans_of(plan, calendar_of(version)) if version else None
    return Money(version, plan, drivers, budget_of(plan, drivers), spans, comparables(pack))


@lru_cache(maxsize=1)
def reference() -> tuple[Plan, Drivers]:
    """The plan of the pack and its drivers: read once, they change with the release alone."""
    return plan_of(table_text(PACK, REFERENCE)), drivers_of(table_text(PACK, "planning/drivers.csv"))


@lru_cache(maxsize=4)
def comparables(pack: str) -> tuple[Comparable, ...]:
    return tuple(comparables_of(table(pack, "planning/benchmarks.csv")))


def spans_of(plan: Plan, cal: Calendar) -> Spans:
    """The days of each activity, as early as its links allow."""
    found = early(net_of(plan), cal)
    return {a.id: (cal.day(found.start[i]), cal.day(found.finish[i])) for i, a in enumerate(plan.activities)}


def versions(person: Any) -> list[PlanVersion]:
    """Those this person may read, the newest first."""
    return list(plans.versions(person).order_by("-pk")[:50])
