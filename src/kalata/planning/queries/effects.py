"""What a draft changes in the version it comes from, and what that does: on the records as they are now."""

from __future__ import annotations

from collections.abc import Sequence

from kalata.planning.models import PlanVersion
from kalata.planning.queries import content
from kalata.planning.queries.schedule import Dates, schedule_of_sheet
from kalata.planning.rules import cost, cost_drivers
from kalata.planning.rules.cost import Budget
from kalata.planning.rules.days import Off
from kalata.planning.rules.difference import Difference, Whole, differences
from kalata.planning.rules.effects import Effect, effect_of
from kalata.planning.rules.sheet import Sheet
from kalata.planning.rules.spells import Work

EMPTY = Whole({}, (), ())


def difference(before: PlanVersion | None, after: PlanVersion) -> list[Difference]:
    return differences(content.whole(before) if before else EMPTY, content.whole(after))


def budget(dates: Dates, drivers: Sheet) -> Budget:
    """The budget of a version, in francs of the price date."""
    known = cost_drivers.of_rows((i, {**d, "driver": d["code"], "date": d["dated"]}) for i, d in enumerate(drivers, 2))
    return cost.budget_of(dates.schedule.plan, known)


def effect(before: PlanVersion | None, after: PlanVersion) -> Effect:
    """Days, legal dates and francs. Without a version before: those of the plan itself."""
    one = content.whole(after)
    now = schedule_of_sheet(after, one.sheet)
    if before is None:
        money = budget(now, one.drivers)
        return effect_of(now.schedule, now.schedule, (money, money))
    other = content.whole(before)
    was = schedule_of_sheet(before, other.sheet)
    return effect_of(was.schedule, now.schedule, (budget(was, other.drivers), budget(now, one.drivers)))


def effect_of_days(version: PlanVersion, days: Sequence[Off] | None, named: Sequence[Work] | None = None) -> Effect:
    """What other days off or named calendars would do to a version. Nothing is written."""
    one = content.whole(version)
    was, now = schedule_of_sheet(version, one.sheet), schedule_of_sheet(version, one.sheet, days, named)
    money = budget(was, one.drivers)
    return effect_of(was.schedule, now.schedule, (money, money))


def effect_of_sheet(version: PlanVersion, sheet: Sheet, drivers: Sheet | None = None) -> Effect:
    """What other rows (and other drivers) would do to a version: days, legal dates, francs. Nothing is written."""
    one = content.whole(version)
    was, now = schedule_of_sheet(version, one.sheet), schedule_of_sheet(version, sheet)
    return effect_of(
        was.schedule, now.schedule, (budget(was, one.drivers), budget(now, one.drivers if drivers is None else drivers))
    )
