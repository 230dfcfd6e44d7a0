"""A plan as an MS Project file: days of eight hours, the calendar of working days and one of every day, every column.

Both calendars have the same hours, so that a day is a day in each: what is finished on Friday evening is followed on
Saturday by what counts calendar days and on Monday by what counts working days. Dates and slack are those that a
program which opens the file computes. A calendar that an activity follows is one of the file, with its week, its holidays and its
closures; the days of a season that count for a part have no form there, and are told.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from lxml import etree

from kalata.planning.rules.calendars import Calendar
from kalata.planning.rules.exchange import mspdi, slack
from kalata.planning.rules.exchange.lost import Lost, cells
from kalata.planning.rules.exchange.minutes import Scheduler
from kalata.planning.rules.exchange.msp_fields import FORMATS, TENTHS, TYPES, aliases, packed, uids
from kalata.planning.rules.exchange.worktime import moment_of
from kalata.planning.rules.forward import net_of
from kalata.planning.rules.paced import Paced
from kalata.planning.rules.plan import Activity, LagUnit, Plan, Unit

HOURS = (("08:00:00", "12:00:00"), ("13:00:00", "17:00:00"))
WORKING, EVERY_DAY = 1, 2
AFTER = timedelta(days=400)
"""Holidays are written until this long after the plan's end."""


def below(parent: Any, name: str, value: object = None) -> Any:
    made = etree.SubElement(parent, f"{{{mspdi.MSP}}}{name}")
    if value is not None:
        made.text = str(value)
    return made


class Writer:
    def __init__(self, plan: Plan, cal: Calendar | None, *, title: str = "", lang: str = "fr") -> None:
        self.plan, self.cal, self.title, self.lang = plan, cal, title, lang
        self.header, self.rows = cells(plan)
        self.uids = uids([a.id for a in plan.activities])
        self.pools = sorted({pool for a in plan.activities for pool, _n in a.resources})
        self.lost: list[Lost] = []
        self.followed = self.own_calendars()

    def own_calendars(self) -> dict[int, tuple[int, Paced]]:
        """By place of each activity that follows a calendar of its own: its number in the file, and its days."""
        out: dict[int, tuple[int, Paced]] = {}
        made: dict[int, int] = {}
        if self.cal is None or not self.cal.named:
            return out
        net = net_of(self.plan)
        for i, a in enumerate(self.plan.activities):
            beat = net.beat(self.cal, i)
            if not isinstance(beat, Paced):
                continue
            out[i] = made.setdefault(id(beat), EVERY_DAY + 1 + len(made)), beat
            if any(spell.percent for spell in beat.spells):
                self.lost.append((a.id, "calendar"))
        return out

    def document(self) -> bytes:
        root = etree.Element(f"{{{mspdi.MSP}}}Project", nsmap={None: mspdi.MSP})
        self.head(root)
        self.attributes(below(root, "ExtendedAttributes"))
        self.calendars(below(root, "Calendars"))
        tasks = below(root, "Tasks")
        for at, (phase, places) in enumerate(self.phases()):
            self.phase(tasks, at, phase, places)
        self.resources(below(root, "Resources"))
        self.assignments(below(root, "Assignments"))
        tree = etree.ElementTree(root)
        if self.plan.start is not None:
            self.dated(tree)
        etree.indent(tree, space="  ")
        return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True))

    def head(self, root: Any) -> None:
        start = self.plan.start
        for name, value in (
            ("SaveVersion", 14),
            ("Name", self.title),
            ("Title", self.title),
            ("ScheduleFromStart", 1),
            ("StartDate", f"{start.isoformat()}T08:00:00" if start else None),
            ("CriticalSlackLimit", 0),
            ("CurrencyDigits", 0),
            ("CurrencyCode", "XOF"),
            ("CalendarUID", WORKING),
            ("DefaultStartTime", "08:00:00"),
            ("DefaultFinishTime", "17:00:00"),
            ("MinutesPerDay", 480),
            ("MinutesPerWeek", 2400),
            ("DaysPerMonth", 20),
            ("DurationFormat", 7),
            ("HonorConstraints", 1),
            ("NewTasksAreManual", 0),
        ):
            if value is not None and value != "":
                below(root, name, value)

    def attributes(self, place: Any) -> None:
        for number, (field, name) in enumerate(aliases(self.header).items(), 1):
            one = below(place, "ExtendedAttribute")
            below(one, "FieldID", field)
            below(one, "FieldName", f"Text{number}")
            below(one, "Alias", name)

    def calendars(self, place: Any) -> None:
        week = self.cal.weekdays if self.cal is not None else frozenset(range(5))
        self.calendar(place, WORKING, "Jours ouvrés" if self.lang == "fr" else "Working days", week, self.holidays())
        every = "Tous les jours" if self.lang == "fr" else "Every day"
        self.calendar(place, EVERY_DAY, every, frozenset(range(7)), [])
        for uid, own in dict(self.followed.values()).items():
            name = own.work.called(self.lang) if own.work else own.name
            self.calendar(place, uid, f"{name} ({every.lower()})" if len(own.weekdays) == 7 else name, own.weekdays, off_days(own, self.last()))

    def calendar(self, place: Any, uid: int, name: str, week: frozenset[int], off: list[date]) -> None:
        one = below(place, "Calendar")
        for tag, value in (("UID", uid), ("Name", name), ("IsBaseCalendar", 1), ("BaseCalendarUID", -1)):
            below(one, tag, value)
        days = below(one, "WeekDays")
        for kind in range(1, 8):
            day = below(days, "WeekDay")
            works = (kind + 5) % 7 in week
            below(day, "DayType", kind)
            below(day, "DayWorking", int(works))
            if works:
                times = below(day, "WorkingTimes")
                for begins, ends in HOURS:
                    time = below(times, "WorkingTime")
                    below(time, "FromTime", begins)
                    below(time, "ToTime", ends)
        if off:
            exceptions = below(one, "Exceptions")
            for when in off:
                exception = below(exceptions, "Exception")
                below(exception, "EnteredByOccurrences", 0)
                period = below(exception, "TimePeriod")
                below(period, "FromDate", f"{when.isoformat()}T00:00:00")
                below(period, "ToDate", f"{when.isoformat()}T23:59:00")
                below(exception, "Occurrences", 1)
                below(exception, "Type", 1)
                below(exception, "DayWorking", 0)

    def holidays(self) -> list[date]:
        return off_days(self.cal, self.last()) if self.cal is not None else []

    def last(self) -> int:
        """Over twice the longest the plan can last."""
        longest = sum(a.pessimistic for a in self.plan.activities) + sum(abs(k.lag.n) for a in self.plan.activities for k in a.links)  # fmt: skip
        return min(2 * longest + AFTER.days, 20 * 366)

    def phases(self) -> Iterator[tuple[str, list[int]]]:
        """Runs of activities of one phase, in the order of the plan."""
        run: list[int] = []
        for i, a in enumerate(self.plan.activities):
            if run and self.plan.activities[run[0]].phase != a.phase:
                yield self.plan.activities[run[0]].phase, run
                run = []
            run.append(i)
        if run:
            yield self.plan.activities[run[0]].phase, run

    def phase(self, tasks: Any, at: int, phase: str, places: list[int]) -> None:
        level = 1
        if phase:
            one = below(tasks, "Task")
            number = len(tasks)
            for name, value in (
                ("UID", 0x4000_0000 + at + 1), ("ID", number), ("Name", phase), ("Type", 1), ("IsNull", 0),
                ("OutlineLevel", 1), ("Summary", 1), ("CalendarUID", -1),
            ):  # fmt: skip
                below(one, name, value)
            level = 2
        for i in places:
            self.task(below(tasks, "Task"), len(tasks), i, level)

    def task(self, one: Any, number: int, i: int, level: int) -> None:
        a, row = self.plan.activities[i], self.rows[i]
        done = a.percent_complete or 0
        hours = 8 * a.likely
        own = self.followed.get(i)
        calendar = own[0] if own else EVERY_DAY if a.unit is Unit.CALENDAR else -1
        for name, value in (
            ("UID", self.uids[a.id]),
            ("ID", number),
            ("Name", a.name(self.lang)),
            ("Active", 1),
            ("Manual", 0),
            ("Type", 1),
            ("IsNull", 0),
            ("WBS", a.id),
            ("OutlineLevel", level),
            ("Duration", f"PT{hours}H0M0S"),
            ("DurationFormat", 7),
            ("Estimated", 0),
            ("Milestone", int(not a.likely)),
            ("Summary", 0),
            ("FixedCost", self.cost(a)),
            ("PercentComplete", done or None),
            ("ActualStart", f"{a.actual_start.isoformat()}T08:00:00" if a.actual_start else None),
            ("ActualFinish", f"{a.actual_finish.isoformat()}T17:00:00" if a.actual_finish and done == 100 else None),
            ("ConstraintType", 0),
            ("CalendarUID", calendar),
            ("IgnoreResourceCalendar", int(calendar != -1)),
        ):
            if value is not None:
                below(one, name, value)
        for link in a.links:
            self.link(one, a, link, own is not None)
        for field, value in packed(self.header, row).items():
            attribute = below(one, "ExtendedAttribute")
            below(attribute, "FieldID", field)
            below(attribute, "Value", value)
        if a.baseline_finish:
            baseline = below(one, "Baseline")
            below(baseline, "Number", 0)
            below(baseline, "Finish", f"{a.baseline_finish.isoformat()}T17:00:00")

    @staticmethod
    def cost(a: Activity) -> int | None:
        """In hundredths, as the form has it."""
        try:
            return round(Fraction(a.quantity) * a.prices.likely * 100) if a.prices and a.quantity else None
        except ValueError:
            return None

    def link(self, one: Any, a: Activity, link: Any, own: bool) -> None:
        before = self.plan.by_id[link.pred]
        unit = link.lag.unit
        by_calendar = link.lag.n and unit is LagUnit.WORKING and (own or a.unit is Unit.CALENDAR)
        by_duration = link.lag.n and unit is LagUnit.PERCENT and (own or a.unit is not before.unit)
        if by_calendar or by_duration:  # the form counts every lag in the calendar of what follows
            self.lost.append((a.id, "predecessors"))
        made = below(one, "PredecessorLink")
        for name, value in (
            ("PredecessorUID", self.uids[link.pred]),
            ("Type", TYPES[link.type.value]),
            ("CrossProject", 0),
            ("LinkLag", link.lag.n * TENTHS[unit.value]),
            ("LagFormat", FORMATS[unit.value] if link.lag.n else 7),
        ):
            below(made, name, value)

    def resources(self, place: Any) -> None:
        for uid, pool in enumerate(self.pools, 1):
            one = below(place, "Resource")
            for name, value in (("UID", uid), ("ID", uid), ("Name", pool), ("Type", 1), ("CalendarUID", -1)):
                below(one, name, value)

    def assignments(self, place: Any) -> None:
        number = 0
        for a in self.plan.activities:
            for pool, units in a.resources:
                number += 1
                one = below(place, "Assignment")
                for name, value in (
                    ("UID", number),
                    ("TaskUID", self.uids[a.id]),
                    ("ResourceUID", self.pools.index(pool) + 1),
                    ("Units", units),
                    ("Work", f"PT{8 * a.likely * units}H0M0S"),
                ):
                    below(one, name, value)

    def dated(self, tree: Any) -> None:
        """Dates and slack written into each task where the form wants them: before the duration, before the cost."""
        project = mspdi.project_of(tree)
        scheduler = Scheduler(project)
        found = scheduler.run()
        slack.fill(scheduler)
        for one in mspdi.listed(tree.getroot(), "Tasks", "Task"):
            uid = mspdi.text(one, "UID")
            at = found[uid]
            level = one.find(mspdi.tag(one, "OutlineLevel"))
            after(level, "Start", moment_of(at.start).isoformat())
            after(level.getnext(), "Finish", moment_of(at.finish).isoformat())
            last = one.find(mspdi.tag(one, "Summary"))
            for name, value in (
                ("Critical", int(slack.critical(scheduler, uid))),
                ("EarlyStart", moment_of(at.early_start).isoformat()),
                ("EarlyFinish", moment_of(at.early_finish).isoformat()),
                ("LateStart", moment_of(at.late_start).isoformat()),
                ("LateFinish", moment_of(at.late_finish).isoformat()),
                ("FreeSlack", at.free),
                ("TotalSlack", at.total),
            ):
                last = after(last, name, value)


def off_days(cal: Calendar, last: int) -> list[date]:
    """Days of the working week on which nobody works, up to an offset."""
    days = (cal.day(n) for n in range(last) if not cal.works(n))
    return [day for day in days if day.weekday() in cal.weekdays]


def after(element: Any, name: str, value: object) -> Any:
    made = etree.Element(element.tag.rpartition("}")[0] + "}" + name)
    made.text = str(value)
    element.addnext(made)
    return made


def document(plan: Plan, cal: Calendar | None, *, title: str = "", lang: str = "fr") -> tuple[bytes, list[Lost]]:
    """The file, and what it cannot hold."""
    writer = Writer(plan, cal, title=title, lang=lang)
    return writer.document(), writer.lost
