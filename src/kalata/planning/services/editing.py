"""Every change of a draft: the rows before, the rows after, what it was, by whom; undone and redone by who made it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from django.db import transaction

from kalata.people.guard import require
from kalata.people.models import Person
from kalata.people.queries import may
from kalata.people.rules.shown import as_shown
from kalata.planning import kinds
from kalata.planning.models import Modification, PlanVersion
from kalata.planning.queries import content, plans
from kalata.planning.queries.schedule import schedule_of_sheet
from kalata.planning.rules import editing, sizing
from kalata.planning.rules.expressions import NotUnderstood, expression_of
from kalata.planning.rules.faults import BadExpression
from kalata.planning.rules.plan import Lag, LagUnit, Link, LinkType
from kalata.planning.rules.refusals import NotHere, NothingToUndo, UnknownWork
from kalata.planning.rules.rights import EDIT, MONEY
from kalata.planning.rules.sheet import Cells
from kalata.planning.services import beside
from kalata.planning.services import content as writer
from kalata.planning.services.telling import mark, told
from kalata.planning.services.versions import drafted
from kalata.text import gettext_noop as _

TABLE = _("les activités du plan")
SIZED = "sized"
Act = Callable[[list[Cells]], list[Cells]]


@transaction.atomic
def edit(*, version: PlanVersion, what: str, act: Act, by: Person, right: str = EDIT) -> Modification | None:
    """Do one thing to the rows of a draft, whole or not at all. None: nothing changed. right: MONEY where only costs may change.

    What is written by hand rests on no computation of another room: only a line that was taken as it was offered says so.
    Raises: PEO-101, PLN-101 to PLN-110 (a cycle with its path), PLN-201 no draft, what the act refuses.
    """
    require(by, right)
    one = drafted(version)
    old = content.sheet(one)
    new = act(list(old)) if what == SIZED else sizing.disowned(old, act(list(old)))
    if not (moved := editing.delta_of(old, new)):
        return None
    known_works(one, [cells for _code, _before, cells, _place in moved if cells])
    computable(moved)
    writer.write(one, old, new)
    delta = editing.delta_of(old, content.sheet(one))
    one.modifications.filter(by=by, undone=True, gone=False).update(gone=True)
    codes = ", ".join(step[0] for step in delta)[:200]
    made = Modification.objects.create(version=one, by=by, what=what, codes=codes, delta=delta)
    told(one, kinds.EDITED, by, {"what": what, "codes": codes, "changed": len(delta), "sha256": mark(delta)})
    return made


def computable(moved: Iterable[editing.Step]) -> None:
    """PLN-106 where a changed line says a quantity that nobody can compute, priced or not."""
    for code, before, cells, place in moved:
        said = (cells or {}).get("quantity_expr", "")
        if said and said != (before or {}).get("quantity_expr"):
            try:
                expression_of(said)
            except NotUnderstood as wrong:
                raise BadExpression(row=place + 1, field="quantity_expr", value=wrong.found, position=wrong.position, activity=code) from None


def known_works(one: PlanVersion, rows: Iterable[Cells]) -> None:
    """PLN-258 where a changed activity names a calendar that the version has not."""
    asked = {cells["id"]: cells["calendar"] for cells in rows if cells.get("calendar")}
    known = set(one.works.values_list("code", flat=True)) if asked else set()
    for code, calendar in asked.items():
        if calendar not in known:
            raise UnknownWork(value=code, calendar=calendar[:40])


def add(*, version: PlanVersion, cells: Cells, after: str, by: Person) -> None:
    edit(version=version, what="add", act=lambda sheet: editing.add(sheet, cells, after), by=by)


def change(*, version: PlanVersion, code: str, new: Cells, by: Person, seen: str | None = None) -> None:
    """seen: the mark of the activity that the page showed (`editing.mark_of`). PEO-212: it has changed since."""

    act = shown(code, seen, lambda sheet: editing.change(sheet, code, new))
    edit(version=version, what="change", act=act, by=by)


def shown(code: str, seen: str | None, act: Act) -> Act:
    """The act, on an activity that still is what its page showed."""

    def looked(sheet: list[Cells]) -> list[Cells]:
        if seen is not None:
            as_shown(seen, editing.mark_of(sheet, code), code)
        return act(sheet)

    return looked


def remove(*, version: PlanVersion, code: str, by: Person, seen: str | None = None) -> None:
    """seen: as in `change`; so of each act below that takes one."""
    act = shown(code, seen, lambda sheet: editing.remove(sheet, code))
    edit(version=version, what="remove", act=act, by=by)


def split(*, version: PlanVersion, code: str, days: int, by: Person, seen: str | None = None) -> None:
    act = shown(code, seen, lambda sheet: editing.split(sheet, code, days))
    edit(version=version, what="split", act=act, by=by)


def link(
    *, version: PlanVersion, pred: str, succ: str, type_: LinkType = LinkType.FS, lag: int = 0,
    unit: LagUnit = LagUnit.CALENDAR, by: Person, seen: str | None = None,
) -> None:  # fmt: skip
    new = Link(pred, type_, Lag(lag, unit))
    act = shown(succ, seen, lambda sheet: editing.link(sheet, pred, succ, new))
    edit(version=version, what="link", act=act, by=by)


def unlink(*, version: PlanVersion, pred: str, succ: str, by: Person, seen: str | None = None) -> None:
    act = shown(succ, seen, lambda sheet: editing.unlink(sheet, pred, succ))
    edit(version=version, what="unlink", act=act, by=by)


def paste(*, version: PlanVersion, text: str, by: Person, seen: str | None = None) -> Modification | None:
    """Rows from a spreadsheet: all of them, or none and the row that stops them. seen: the mark of the whole table."""

    def act(sheet: list[Cells]) -> list[Cells]:
        as_shown(seen, editing.mark_of_all(sheet), TABLE)
        return editing.paste(sheet, text)

    return edit(version=version, what="paste", act=act, by=by)


def shift(*, version: PlanVersion, code: str, days: int, by: Person, seen: str | None = None) -> None:
    """Later or earlier by some days, by the link that drives its date; PLN-206 where none does."""

    def act(sheet: list[Cells]) -> list[Cells]:
        found = schedule_of_sheet(version, sheet)
        return editing.shift(sheet, code, found.driving(code), days)

    edit(version=version, what="shift", act=shown(code, seen, act), by=by)


@transaction.atomic
def undo(*, version: PlanVersion, by: Person) -> Modification:
    """Take back the last thing this person changed here; PLN-203 where it has changed again since, PLN-204 nothing."""
    require(by, EDIT)
    return replay(drafted(version), plans.to_undo(version, by), back=True, by=by)


@transaction.atomic
def redo(*, version: PlanVersion, by: Person) -> Modification:
    require(by, EDIT)
    return replay(drafted(version), plans.to_redo(version, by), back=False, by=by)


def replay(one: PlanVersion, made: Modification | None, *, back: bool, by: Person) -> Modification:
    if made is None:
        raise NothingToUndo
    if made.what in beside.WHATS:
        beside.replay(one, made, back=back, by=by)
    else:
        old = content.sheet(one)
        delta = [(str(code), before, after, int(place)) for code, before, after, place in made.delta]
        known_works(one, [cells for _code, before, after, _place in delta if (cells := before if back else after)])
        writer.write(one, old, editing.replayed(old, delta, back=back))
    made.undone = back
    made.save(update_fields=["undone"])
    told(one, kinds.UNDONE if back else kinds.REDONE, by, {"modification": made.pk, "sha256": mark(made.delta)})
    return made


@transaction.atomic
def set_driver(
    *, version: PlanVersion, code: str, value: str, flag: str, source: str, dated: date | None, by: Person
) -> None:
    """Another value for a driver of a draft, with its date, flag and source. Who keeps the plan, or its money."""
    require(by, EDIT if may(by, EDIT) else MONEY)
    one = drafted(version)
    if not one.drivers.filter(code=code).exists():
        raise NotHere(value=code[:60])
    beside.put(one, beside.DRIVER, code, {"value": value, "flag": flag, "source": source.strip(), "dated": dated.isoformat() if dated else ""}, by)
