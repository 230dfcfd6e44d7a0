"""A plan in each form of file, with the dates that its page shows: polling days given, its legal anchors are bounds."""

from __future__ import annotations

from datetime import date

from kalata.planning.calendars import calendar_named
from kalata.planning.rules.calendars import Calendar
from kalata.planning.rules.exchange import agenda, msp_out, sheets, tjp
from kalata.planning.rules.exchange.lost import Lost
from kalata.planning.rules.faults import NoStart
from kalata.planning.rules.plan import Plan
from kalata.planning.rules.reading import text_of_plan
from kalata.planning.rules.scheduling import Schedule, scheduled


class Written:
    """The bytes of a plan in each form."""

    def __init__(
        self, plan: Plan, calendar: str | Calendar, title: str, lang: str, j1: date | None = None, j2: date | None = None
    ) -> None:
        self.plan, self.title, self.lang = plan, title, lang
        self.named, self.j1, self.j2 = calendar, j1, j2

    @property
    def calendar(self) -> Calendar:
        if self.plan.start is None:
            raise NoStart(rows=[], field="--start")
        return self.named if isinstance(self.named, Calendar) else calendar_named(self.named, self.plan.start)

    @property
    def dates(self) -> Schedule:
        return scheduled(self.plan, self.calendar, j1=self.j1, j2=self.j2)

    def csv(self) -> tuple[bytes, list[Lost]]:
        return text_of_plan(self.plan).encode(), []

    def xml(self) -> tuple[bytes, list[Lost]]:
        cal = self.calendar if self.plan.start else None
        return msp_out.document(self.plan, cal, title=self.title, lang=self.lang)

    def xlsx(self) -> tuple[bytes, list[Lost]]:
        dates = None
        if self.plan.start:
            found = self.dates
            day, early = found.calendar.day, found.early
            dates = {
                a.id: (day(early.start[i]).isoformat(), day(max(early.finish[i] - 1, early.start[i])).isoformat())
                for i, a in enumerate(self.plan.activities)
            }
        return sheets.workbook(self.plan, dates), []

    def ics(self) -> tuple[bytes, list[Lost]]:
        return agenda.agenda(self.dates, lang=self.lang)

    def tjp(self) -> tuple[bytes, list[Lost]]:
        return tjp.juggled(self.plan, self.calendar, self.dates.finish, title=self.title, lang=self.lang)
