"""The calendar of a version: the days off of its pack, those that people wrote, what stays an estimate; with what each rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kalata.planning.calendars import calendar_named, feasts_of, record_of, sure_of
from kalata.planning.models import CalendarDay, PlanVersion, WorkCalendar
from kalata.planning.rules.calendars import Calendar, Range
from kalata.planning.rules.days import DayKind, Off, fixes
from kalata.planning.rules.spells import Work, works_of


def off_of(row: CalendarDay) -> Off:
    return Off(row.day, DayKind(row.kind), row.name, row.flag, row.source)


def offs(version: PlanVersion) -> list[Off]:
    return [off_of(row) for row in version.days.all()]


WORK = ("code", "kind", "name_fr", "name_en", "country", "rest", "territories", "flag", "source", "confidence")


def work_cells(row: WorkCalendar) -> dict[str, object]:
    """A named calendar as it is kept, compared and put back."""
    return {name: getattr(row, name) for name in WORK} | {"spells": row.spells}


def works_from(cells: Iterable[Mapping[str, object]]) -> list[Work]:
    """Named calendars from their cells. PLN-110 where one cannot be."""
    rows = list(cells)
    spells = [{**one, "calendar": str(row["code"])} for row in rows for one in listed_spells(row)]
    return works_of([{name: str(row[name]) for name in WORK} for row in rows], spells)


def listed_spells(row: Mapping[str, object]) -> list[dict[str, str]]:
    spells = row["spells"]
    return [dict(one) for one in spells] if isinstance(spells, list) else []


def works(version: PlanVersion) -> list[Work]:
    """The named calendars of a version, by code."""
    return works_from(work_cells(row) for row in version.works.all())


def calendar_of(version: PlanVersion, days: Sequence[Off] | None = None, named: Sequence[Work] | None = None) -> Calendar:
    """The calendar by which the dates of a version are counted. days, named: others than those it holds, for a trial."""
    off = offs(version) if days is None else days
    return calendar_named(version.plan.calendar, version.t0, off, works(version) if named is None else named)


def feast_near(version: PlanVersion, off: Off) -> Range | None:
    """The estimated feast that a decree of this day would fix."""
    found = feasts_of(version.plan.calendar, off.day.year - 1, off.day.year + 1)
    return next((r for r, _likely in found if fixes(off, r)), None)


@dataclass(frozen=True)
class Row:
    """One day or range of the calendar. kind: sure, estimated, decree or off. pk: of what people wrote."""

    first: date
    last: date
    name: str
    kind: str
    flag: str = ""
    source: str = ""
    pk: int = 0


def rows(version: PlanVersion, last: date) -> list[Row]:
    """Every day off from the first day of a version to its last, and what is only estimated, in order."""
    plan, written = version.plan, list(version.days.select_related("by"))
    first = version.t0
    found = [Row(d.day, d.day, d.name, d.kind, d.flag, d.source, d.pk) for d in written]
    taken = {d.day for d in written}
    decided = [off_of(d) for d in written]
    for day, name in sure_of(plan.calendar, first.year, last.year).items():
        if first <= day <= last and day not in taken:
            found.append(Row(day, day, name, "sure"))
    for r, _likely in feasts_of(plan.calendar, first.year, last.year):
        if r.last >= first and r.first <= last and not any(fixes(one, r) for one in decided):
            found.append(Row(r.first, r.last, r.name, "estimated"))
    return sorted(found, key=lambda row: (row.first, row.name))


def basis(version: PlanVersion) -> dict[str, str]:
    """What the days off of the pack rest on: its record, its source, how sure it is, and what computes the days."""
    record = record_of(version.plan.calendar)
    if record is None:
        return {}
    sources = record.get("source")
    return {
        "id": str(record.get("id", "")), "note": str(record.get("note", "")), "confidence": str(record.get("confidence", "")),
        "source": ", ".join(map(str, sources)) if isinstance(sources, list) else str(sources or ""),
    }  # fmt: skip
