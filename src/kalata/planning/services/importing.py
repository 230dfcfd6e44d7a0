"""A file of others over a draft: looked at first, cell by cell, with its effect; kept whole or not at all by who confirms it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction

from kalata.people.guard import require
from kalata.people.models import Person
from kalata.people.queries import may
from kalata.people.rules.shown import as_shown
from kalata.planning import uploads
from kalata.planning.models import PlanVersion
from kalata.planning.queries import content, effects
from kalata.planning.queries.schedule import schedule_of_sheet
from kalata.planning.rules import book_reading, difference, editing
from kalata.planning.rules.book_reading import Told
from kalata.planning.rules.cost_drivers import FORM
from kalata.planning.rules.difference import Difference, Whole
from kalata.planning.rules.effects import Effect
from kalata.planning.rules.exchange import lost
from kalata.planning.rules.reading import day_of, plan_of_rows
from kalata.planning.rules.refusals import NothingRead, OnlyCosts
from kalata.planning.rules.rights import EDIT, MONEY
from kalata.planning.rules.sheet import FIRST_ROW, Cells, Sheet, by_id, header_of, plan_of_sheet
from kalata.planning.rules.tables import MOST_ACTIVITIES, table_of
from kalata.planning.services import editing as edits
from kalata.planning.services.approving import CONTENT
from kalata.planning.services.versions import drafted, still_draft

COSTS = frozenset({*editing.COSTS, "default_funder", "core_category"})
DRIVERS = replace(FORM, needed=("code", "value"))
PARTS = ("value", "flag", "source", "dated")


@dataclass(frozen=True)
class Read:
    """What a file would make of a version. table, drivers: what is confirmed. gone: activities that it takes away.

    absent: those that the file does not name. told: what the file says and is not read. lost: what a plan cannot hold of it.
    """

    changes: list[Difference]
    effect: Effect
    seen: str
    table: str
    drivers: str = ""
    gone: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()
    lost: list[tuple[str, int]] = field(default_factory=list)
    total: int = 0


def plan_file(version: PlanVersion, name: str, data: bytes, *, drop: bool) -> Read:
    """A plan in CSV, XLSX or MSPDI over this version. drop: an activity that the file does not name is taken away.

    Raises: PLN-101 to PLN-110, PLN-131, PLN-132, PLN-205, PLN-252, EDG-102, EDG-103.
    """
    (_header, rows), missing = uploads.plan_rows(name, data)
    rows = table_of(text_of([c for _n, c in rows]))[1] if len(rows) > MOST_ACTIVITIES else rows
    one = content.whole(version)
    named = {cells.get("id", "").strip() for _n, cells in rows}
    absent = tuple(c["id"] for c in one.sheet if c["id"] not in named)
    new = editing.merged(one.sheet, rows)
    new = editing.without(new, absent) if drop else new
    at = {cells.get("id", "").strip(): n for n, cells in rows}
    plan_of_rows(header_of(new), [(at.get(c["id"], i), c) for i, c in enumerate(new, FIRST_ROW)], version.t0)
    told = lost.counts(missing)
    return shown(version, one, new, one.drivers, gone=absent if drop else (), absent=absent, lost=told)


def budget_file(version: PlanVersion, name: str, data: bytes) -> Read:
    """The budget workbook of the house, as somebody changed it in a spreadsheet. Raises: as `plan_file`, PLN-102."""
    one = content.whole(version)
    read = uploads.budget_rows(name, data)

    def recount(sheet: Sheet, drivers: Sheet) -> effects.Budget:
        return effects.budget(schedule_of_sheet(version, sheet), drivers)

    found = book_reading.back(one.sheet, one.drivers, read, recount)
    return shown(version, one, found.sheet, found.drivers, absent=tuple(found.missing), told=tuple(found.told))


def shown(
    version: PlanVersion, one: Whole, new: Sheet, drivers: Sheet, *, gone: tuple[str, ...] = (),
    absent: tuple[str, ...] = (), told: tuple[Told, ...] = (), lost: Sequence[tuple[str, int]] = (),
) -> Read:  # fmt: skip
    plan_of_sheet(new, version.t0)
    found = difference.differences(one, Whole(one.head, new, drivers))
    if not found and not told:
        raise NothingRead
    was = by_id(one.sheet)
    rows = [c for c in new if c != was.get(c["id"])]
    changed = [d for d in drivers if d not in one.drivers]
    effect = effects.effect_of_sheet(version, new, drivers)
    return Read(
        found, effect, content.sha256(version), text_of(rows) if rows else "", text_of(changed) if changed else "",
        gone, absent, told, list(lost), effect.francs_after[1],
    )  # fmt: skip


def text_of(rows: Sequence[Cells]) -> str:
    """Rows as the text of a table."""
    names = dict.fromkeys(name for cells in rows for name in cells)
    header = [n for n in header_of(rows) if n in names] if "id" in names else list(names)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([cells.get(name, "") for name in header] for cells in rows)
    return out.getvalue()


def keep(*, version: PlanVersion, table: str, drivers: str, gone: Sequence[str], by: Person, seen: str | None = None) -> None:  # fmt: skip
    """What the trial showed, whole or not at all. Who keeps the money changes costs and drivers alone.

    seen: the digest of the content that the trial showed. Raises: PEO-101, PEO-212, PLN-101 to PLN-110, PLN-201, PLN-251.
    """
    right = EDIT if may(by, EDIT) else MONEY
    require(by, right)
    still_draft(version)
    read = content.sha256(version)
    as_shown(seen, read, CONTENT)
    old, before = content.sheet(version), content.drivers(version)
    new = editing.without(editing.merged(old, table_of(table)[1]) if table else old, gone)
    if right != EDIT:
        only_costs(old, new)
    rows = table_of(drivers, DRIVERS)[1] if drivers else []
    if rows:  # what they make of the budget is refused before anything is held
        said = {cells["code"]: {p: cells.get(p, "") for p in PARTS} for _row, cells in rows}
        effects.budget(schedule_of_sheet(version, new), [{**d, **said.get(d["code"], {})} for d in before])
    with transaction.atomic():
        one = drafted(version)
        as_shown(read, content.sha256(one), CONTENT)
        if table or gone:
            edits.edit(version=one, what="import", act=lambda _sheet: new, by=by, right=right)
        held = {d["code"]: d for d in before}
        for row, cells in rows:
            if {p: cells.get(p, "") for p in PARTS} != {p: held.get(cells["code"], {}).get(p, "") for p in PARTS}:
                edits.set_driver(
                    version=one, code=cells["code"], value=cells["value"], flag=cells.get("flag", ""), source=cells.get("source", ""),
                    dated=day_of(row, "date", cells.get("dated", "")), by=by,
                )  # fmt: skip


def only_costs(old: Sheet, new: Sheet) -> None:
    was, now = by_id(old), by_id(new)
    for code in dict.fromkeys([*was, *now]):
        a, b = was.get(code), now.get(code)
        changed = {n for n in {*(a or {}), *(b or {})} if (a or {}).get(n) != (b or {}).get(n)}
        if a is None or b is None or not changed <= COSTS:
            raise OnlyCosts(value=code, cells=", ".join(sorted(changed - COSTS))[:80])
