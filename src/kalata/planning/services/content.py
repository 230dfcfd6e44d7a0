"""The one writer of what a version holds: rows in, rows of the database out, links and places with them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kalata.planning.models import Activity, CalendarDay, Driver, Link, PlanVersion, WorkCalendar
from kalata.planning.queries.content import NAMES
from kalata.planning.rules.reading import links_of
from kalata.planning.rules.sheet import Cells, Sheet, by_id, plan_of_sheet

LINKS, EVIDENCE = "predecessors", "evidence_required"
COUNTS = ("dur_optimistic", "dur_likely", "dur_pessimistic")


def fields_of(cells: Cells) -> dict[str, Any]:
    """The fields of an activity from its cells."""
    likely = cells["dur_likely"]
    found: dict[str, Any] = {field: cells.get(column, "") for column, field in NAMES.items()}
    found |= {NAMES[c]: int(cells.get(c) or likely) for c in COUNTS}
    found["type"] = cells.get("type") or "task"
    found["evidence_required"] = cells.get(EVIDENCE) == "1"
    found["cells"] = {k: v for k, v in cells.items() if k not in NAMES and k not in (LINKS, EVIDENCE) and v != ""}
    return found


def fill(version: PlanVersion, sheet: Sheet) -> None:
    """Put these rows into an empty version. PLN-101 to PLN-110 where they do not hold together."""
    plan_of_sheet(sheet, version.t0)
    made = [Activity(version=version, place=i, **fields_of(cells)) for i, cells in enumerate(sheet)]
    Activity.objects.bulk_create(made)
    tie(version, sheet)


def tie(version: PlanVersion, sheet: Iterable[Cells]) -> None:
    """Make the links that these rows say, in their order."""
    numbers = dict(version.activities.values_list("code", "pk"))
    found: list[Link] = []
    for cells in sheet:
        for place, link in enumerate(links_of(0, cells.get(LINKS, ""))):
            found.append(
                Link(version=version, pred_id=numbers[link.pred], succ_id=numbers[cells["id"]], place=place,
                     type=link.type.value, lag=link.lag.n, lag_unit=link.lag.unit.value)
            )  # fmt: skip
    Link.objects.bulk_create(found)


def write(version: PlanVersion, old: Sheet, new: Sheet) -> None:
    """Make the version what the new rows say, touching only what changed."""
    plan_of_sheet(new, version.t0)
    was, now = by_id(old), by_id(new)
    rows = {a.code: a for a in version.activities.filter(code__in=[c for c in was if was[c] != now.get(c)])}
    changed = [c for c, cells in now.items() if was.get(c) != cells]
    retied = [c for c in changed if was.get(c, {}).get(LINKS, "") != now[c].get(LINKS, "")]
    Link.objects.filter(version=version, succ__code__in=retied).delete()
    Activity.objects.filter(pk__in=[rows[c].pk for c in was if c not in now]).delete()
    for code in changed:
        if code in was:
            keep(rows[code], fields_of(now[code]))
    added = [Activity(version=version, place=0, **fields_of(now[c])) for c in changed if c not in was]
    Activity.objects.bulk_create(added)
    tie(version, [now[c] for c in retied])
    if list(was) != list(now):
        order(version, list(now))


def keep(row: Activity, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))


def order(version: PlanVersion, codes: list[str]) -> None:
    places = {code: i for i, code in enumerate(codes)}
    rows = list(version.activities.only("pk", "code", "place"))
    for row in rows:
        row.place = places[row.code]
    Activity.objects.bulk_update(rows, ["place"])


def fill_drivers(version: PlanVersion, rows: Iterable[Cells]) -> None:
    Driver.objects.bulk_create([
        Driver(
            version=version, code=r.get("code") or r["driver"], label=r.get("label", ""), value=r["value"], flag=r.get("flag", ""),
            source=r.get("source", ""), dated=r.get("dated") or None, place=i,
        )
        for i, r in enumerate(rows)
    ])  # fmt: skip


def fill_works(version: PlanVersion, rows: Iterable[dict[str, Any]]) -> None:
    """Named calendars, from their cells (`queries.calendars.work_cells`)."""
    WorkCalendar.objects.bulk_create(WorkCalendar(version=version, **row) for row in rows)


def fill_days(version: PlanVersion, source: PlanVersion) -> None:
    """The days off of another version."""
    CalendarDay.objects.bulk_create([
        CalendarDay(version=version, day=d.day, kind=d.kind, name=d.name, flag=d.flag, source=d.source, by_id=d.by_id)
        for d in source.days.all()
    ])  # fmt: skip
