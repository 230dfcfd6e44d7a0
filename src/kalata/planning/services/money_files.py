"""A file of promises, movements and commitments over a plan: what it adds is tried by the very acts that would enter it, then kept.

Nothing that stands is written over by a file: a row of the house that says something else is refused by its row and column.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from kalata.inert import bare
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.people.rules.shown import as_shown
from kalata.planning.models import Funder, Plan, Pledge
from kalata.planning.money_table import COLUMNS, NEEDED, TABLE, MoneyRow, as_csv, read, rows_of
from kalata.planning.queries import money as queries
from kalata.planning.queries import money_table as stands
from kalata.planning.rules.faults import PlanFault
from kalata.planning.rules.refusals import MoneyRowRefused, NotWrittenOver
from kalata.planning.rules.rights import MONEY
from kalata.planning.services import money, paying
from kalata.refusals import Refused
from kalata.tables.files import opened
from kalata.text import Message
from kalata.text import gettext_noop as _

PAGE = _("l’argent du plan")


@dataclass(frozen=True)
class Tried:
    """What a file would add. same: rows that say what stands; left: rows of the house that it does not name."""

    new: Sequence[MoneyRow]
    same: int
    left: int
    table: str
    sums: dict[str, int]


def file_rows(path: Path, name: str, lang: str) -> list[MoneyRow]:
    """The rows of a CSV or a workbook, read in a bounded child. IMP-110 to IMP-121, PLN-108, PLN-110."""
    found = opened(path, name=name, apart=True)
    missing = [n for n in NEEDED if n not in found.header]
    if missing:
        raise TABLE.fault(Message(_("il manque la colonne %(names)s"), {"names": ", ".join(missing)}), row=1, field=missing[0])
    held = [
        (number + i, {k: bare(v.strip()) for k, v in zip(found.header, line, strict=False) if k in COLUMNS})
        for number, block in found.blocks for i, line in enumerate(block)
    ]  # fmt: skip
    if len(held) > TABLE.most:
        raise TABLE.fault(Message(TABLE.too_many, {"n": TABLE.most}))
    return read(held, lang)


def tried(*, plan: Plan, name: str, data: bytes, lang: str, by: Person) -> Tried:
    """What a file would add, refused as it would be; nothing is kept. Raises: as `keep`."""
    require(by, MONEY)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(data)
        rows = file_rows(path, name, lang)
    new, same, left = parted(plan, rows, by)
    with transaction.atomic():
        enter(money.locked(plan), new, by)
        transaction.set_rollback(True)
    sums = {what: sum(r.amount for r in new if r.what == what) for what in dict.fromkeys(r.what for r in new)}
    return Tried(new, same, left, as_csv(r.cells for r in new), sums)


@transaction.atomic
def keep(*, plan: Plan, table: str, by: Person, seen: str | None = None) -> int:
    """Enter the rows that were tried, all of them or none.

    Raises: PEO-101, PEO-212, PLN-108, PLN-110, PLN-261 a row that stands says something else, PLN-262 a row refused, with why.
    """
    require(by, MONEY)
    one = money.locked(plan)
    as_shown(seen, stands.stamp(one), PAGE)
    new, _same, _left = parted(one, rows_of(table), by)
    enter(one, new, by)
    return len(new)


def parted(plan: Plan, rows: Sequence[MoneyRow], by: Person) -> tuple[list[MoneyRow], int, int]:
    """New rows; how many say what stands; how many of the house are not named."""
    known = {(r["what"], r["number"]): r for r in stands.rows(plan, by)}
    new, same = [], 0
    for row in rows:
        if row.number is None:
            new.append(row)
            continue
        there = known.get((row.what, str(row.number)))
        if there is None:
            raise PlanFault(row=row.row, field="number", value=str(row.number), form=_("un numéro de ce plan, ou rien"))
        for name in COLUMNS:
            if row.cells[name] != there[name]:
                raise NotWrittenOver(row=row.row, field=name, before=there[name] or "–", after=row.cells[name][:60] or "–")
        same += 1
    return new, same, len(known) - same


def enter(plan: Plan, new: Sequence[MoneyRow], by: Person) -> None:
    """Each row by the act that a person would do, in the order of the file."""
    funders = {f.code: f for f in plan.funders.all()}
    till = queries.till(plan)
    for row in new:
        funder = funders.get(row.cells["funder"])
        if funder is None:
            raise PlanFault(row=row.row, field="funder", value=row.cells["funder"][:40], form=", ".join(sorted(funders)[:5]) or "–")
        wanted(row)
        try:
            entered(plan, funder, row, till, by)
        except PlanFault:
            raise
        except Refused as refused:
            raise MoneyRowRefused(row=row.row, why=refused.message, code_said=refused.code) from refused


ASKED = {
    "pledge": ("label", "on"), "movement": ("pledge", "stage", "on", "document"), "payment": ("label", "line", "payee", "due"),
}  # fmt: skip
UNSAID = {"pledge": ("pledge", "stage", "line", "payee"), "movement": ("label", "line", "payee", "due"), "payment": ("pledge", "stage", "on", "document")}
BORN = {"pledge": "announced", "movement": "", "payment": "committed"}


def wanted(row: MoneyRow) -> None:
    """PLN-110 where a new row lacks what its act asks, or says what no file enters: verified, ordered and paid are other persons' acts."""
    for name in ASKED[row.what]:
        if not row.cells[name]:
            raise PlanFault(row=row.row, field=name, value="", form=_("à remplir"))
    for name in UNSAID[row.what]:
        if row.cells[name]:
            raise PlanFault(row=row.row, field=name, value=row.cells[name][:40], form=_("vide"))
    if row.cells["state"] not in ("", BORN[row.what]):
        raise PlanFault(row=row.row, field="state", value=row.cells["state"], form=BORN[row.what] or _("vide"))


def entered(plan: Plan, funder: Funder, row: MoneyRow, till: queries.Till, by: Person) -> None:
    c, on, due = row.cells, row.day("on"), row.day("due")
    if row.what == "payment":
        assert due is not None
        paying.commit(plan=plan, line=c["line"], funder=funder, label=c["label"], payee=c["payee"], amount=row.amount, due=due, by=by, till=till)
        return
    assert on is not None
    if row.what == "pledge":
        money.pledge(funder=funder, label=c["label"], amount=row.amount, on=on, expected=due, document=c["document"], by=by)
    else:
        money.move(pledge=pledge_of(funder, row), stage=c["stage"], amount=row.amount, on=on, document=c["document"], by=by)


def pledge_of(funder: Funder, row: MoneyRow) -> Pledge:
    """The promise of a movement: its number, or its label where the funder has one promise of it alone."""
    said = row.cells["pledge"]
    found = [p for p in funder.pledges.all() if said in (str(p.pk), p.label)]
    if len(found) != 1:
        raise PlanFault(row=row.row, field="pledge", value=said[:40], form=_("le numéro d’une promesse de ce bailleur"))
    return found[0]
