"""The dates of a version, by the one engine of the house (`rules.scheduling`), on the calendar of its pack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from kalata.planning.models import PlanVersion
from kalata.planning.queries import content
from kalata.planning.queries.calendars import calendar_of
from kalata.planning.rules.days import Off
from kalata.planning.rules.scheduling import Schedule, scheduled
from kalata.planning.rules.sheet import Sheet, plan_of_sheet
from kalata.planning.rules.spells import Work


@dataclass(frozen=True)
class Dates:
    """A version with its dates. Places are those of the rows."""

    sheet: Sheet
    schedule: Schedule

    @cached_property
    def places(self) -> Mapping[str, int]:
        return {cells["id"]: i for i, cells in enumerate(self.sheet)}

    def driving(self, code: str) -> str:
        """The activity whose link holds this one where it is; "" where no link does."""
        at = self.places.get(code)
        found = () if at is None else self.schedule.drivers[at]
        arc = next((d.arc for d in found if d.arc is not None), None)
        return self.sheet[arc.pred]["id"] if arc else ""

    def start(self, at: int) -> date:
        return self.schedule.calendar.day(self.schedule.early.start[at])

    def last(self, at: int) -> date:
        """The last day occupied; of a milestone, its day."""
        start, finish = self.schedule.early.start[at], self.schedule.early.finish[at]
        return self.schedule.calendar.day(max(start, finish - 1))


def schedule_of_sheet(
    version: PlanVersion, sheet: Sheet, days: Sequence[Off] | None = None, named: Sequence[Work] | None = None
) -> Dates:  # fmt: skip
    """The dates of these rows under the polling days of a version: its legal anchors are bounds. days, named: other days off
    and named calendars, for a trial."""
    plan = plan_of_sheet(sheet, version.t0)
    found = scheduled(plan, calendar_of(version, days, named), j1=version.j1, j2=version.j2)
    return Dates(sheet, found)


def dates(version: PlanVersion) -> Dates:
    return schedule_of_sheet(version, content.sheet(version))
