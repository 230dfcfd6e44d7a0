"""Pools and needs, entered by people: a pool and its capacity by period and territory, what each activity asks of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from kalata.country.models import Unit
from kalata.ledger.services import record
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.people.rules.shown import as_shown
from kalata.planning import kinds
from kalata.planning.models import Capacity, Modification, Plan, PlanVersion, Pool
from kalata.planning.queries import resources as queries
from kalata.planning.rules import editing
from kalata.planning.rules.pool_files import PoolRow, needs_of, pools_of_text
from kalata.planning.rules.refusals import BadPoolName, NoSuchPool, PoolInUse, SameDays
from kalata.planning.rules.resources import need_written
from kalata.planning.rules.rights import EDIT
from kalata.planning.rules.sheet import Cells
from kalata.planning.services import editing as edits
from kalata.text import gettext_noop as _

POOLS = _("les réserves du plan")
NAME = re.compile(r"[^\W_][\w-]{0,39}")


@dataclass(frozen=True, slots=True)
class Described:
    name: str = ""
    measure: str = ""
    unit: Unit | None = None
    flag: str = "A"
    source: str = ""


def held(plan: Plan, seen: str | None) -> Plan:
    """The plan, locked, whose pools are those that the page showed. PEO-212."""
    one = Plan.objects.select_for_update().get(pk=plan.pk)
    as_shown(seen, queries.pools_mark(one), POOLS)
    return one


def pool_of(plan: Plan, code: str) -> Pool:
    found = queries.pools(plan).filter(code=code).first()
    if found is None:
        raise NoSuchPool(pool=code[:40])
    return found


@transaction.atomic
def keep_pool(*, plan: Plan, code: str, said: Described, by: Person, seen: str | None = None) -> Pool:
    """Describe a pool, new or not. Raises: PEO-101, PEO-212, PLN-230."""
    require(by, EDIT)
    one = held(plan, seen)
    if not NAME.fullmatch(code):
        raise BadPoolName(value=code[:40])
    old = queries.pools(one).filter(code=code).first()
    was = queries.as_told(old) if old else None
    values = {"name": said.name, "measure": said.measure, "unit": said.unit, "flag": said.flag, "source": said.source, "by": by}  # fmt: skip
    Pool.objects.update_or_create(plan=one, code=code, defaults=values)
    return told(one, code, was, by)


def told(plan: Plan, code: str, was: dict[str, object] | None, by: Person) -> Pool:
    made = pool_of(plan, code)
    record(by=by, kind=kinds.POOL_KEPT, subject=f"plan:{plan.code}", after={"pool": code, "was": was, "now": queries.as_told(made)})  # fmt: skip
    return made


@transaction.atomic
def add_period(
    *, plan: Plan, code: str, first: date, last: date | None, amount: int, by: Person, seen: str | None = None
) -> Pool:
    """How much a pool holds on these days. PLN-224 where some of them are said already."""
    require(by, EDIT)
    one = held(plan, seen)
    pool = pool_of(one, code)
    was = queries.as_told(pool)
    end = last or date.max
    if last is not None and last < first:
        raise SameDays(pool=code, first=first, last=last)
    for period in pool.periods.all():
        if first <= (period.last or date.max) and period.first <= end:
            raise SameDays(pool=code, first=period.first, last=period.last or "…")
    Capacity.objects.create(pool=pool, first=first, last=last, amount=amount)
    return told(one, code, was, by)


@transaction.atomic
def drop_period(*, plan: Plan, code: str, period: int, by: Person, seen: str | None = None) -> Pool:
    require(by, EDIT)
    one = held(plan, seen)
    pool = pool_of(one, code)
    was = queries.as_told(pool)
    if not pool.periods.filter(pk=period).delete()[0]:
        raise NoSuchPool(pool=code)
    return told(one, code, was, by)


@transaction.atomic
def drop_pool(*, plan: Plan, code: str, by: Person, seen: str | None = None) -> None:
    """Take a pool away. PLN-225 while an activity asks for it."""
    require(by, EDIT)
    one = held(plan, seen)
    pool = pool_of(one, code)
    if n := queries.needing(one, code):
        raise PoolInUse(pool=code, n=n)
    was = queries.as_told(pool)
    pool.delete()
    record(by=by, kind=kinds.POOL_KEPT, subject=f"plan:{one.code}", after={"pool": code, "was": was, "now": None})


def set_need(
    *, version: PlanVersion, code: str, pool: str, units: int, by: Person, seen: str | None = None
) -> Modification | None:
    """What an activity of a draft asks of a pool on each day that it runs; 0 takes it out. Raises: PLN-201, PLN-202, PLN-226."""
    require(by, EDIT)
    pool_of(version.plan, pool)

    def act(sheet: list[Cells]) -> list[Cells]:
        cell = editing.of(sheet, code).get("resources", "")
        return editing.change(sheet, code, {"resources": need_written(cell, pool, units)})

    return edits.edit(version=version, what="need", act=edits.shown(code, seen, act), by=by)


def needs_written(sheet: Sequence[Cells], text: str) -> list[Cells]:
    """The rows with the needs of a table set: those of each activity it names, its others kept."""
    out = list(sheet)
    for code, pool, units in needs_of(text):
        cell = editing.of(out, code).get("resources", "")
        out = editing.put(out, code, {**editing.of(out, code), "resources": need_written(cell, pool, units)})
    return out


def import_needs(*, version: PlanVersion, text: str, by: Person, seen: str | None = None) -> Modification | None:
    """Every need of a table, or none and the row that stops it. seen: the mark of the whole table of activities."""
    require(by, EDIT)

    def act(sheet: list[Cells]) -> list[Cells]:
        as_shown(seen, editing.mark_of_all(sheet), edits.TABLE)
        for _code, pool, _units in needs_of(text):
            pool_of(version.plan, pool)
        return needs_written(sheet, text)

    return edits.edit(version=version, what="needs", act=act, by=by)


@transaction.atomic
def import_pools(*, plan: Plan, text: str, by: Person, seen: str | None = None) -> int:
    """Every pool of a table: its periods are then those of the table; a pool that is not in it stays as it is.

    Raises: PEO-101, PEO-212, PLN-108, PLN-110, PLN-230, each with its row.
    """
    require(by, EDIT)
    one = held(plan, seen)
    rows = pools_of_text(text)
    for row in rows:
        if not NAME.fullmatch(row.code):
            raise BadPoolName(value=row.code[:40])
        unit = unit_of(one, row)
        values = {"name": row.name, "measure": row.measure, "unit": unit, "flag": row.flag, "source": row.source, "by": by}  # fmt: skip
        pool, _made = Pool.objects.update_or_create(plan=one, code=row.code, defaults=values)
        pool.periods.all().delete()
        Capacity.objects.bulk_create([Capacity(pool=pool, first=f, last=end, amount=n) for f, end, n in row.periods])
    after = {"pools": len(rows), "sha256": hashlib.sha256(text.encode()).hexdigest()}
    record(by=by, kind=kinds.POOLS_IMPORTED, subject=f"plan:{one.code}", after=after)
    return len(rows)


def unit_of(plan: Plan, row: PoolRow) -> Unit | None:
    """The territory a row names by its code. PLN-110 where there is none."""
    from kalata.planning.rules.faults import PlanFault

    if not row.territory:
        return None
    found = Unit.objects.filter(code=row.territory).order_by("-geography_id").first()
    if found is None:
        raise PlanFault(row=row.row, field="territory", value=row.territory[:60], form="ML-KAY")
    return found
