"""Pools and needs in a table: one row a period of a pool, one row a need of an activity."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from kalata.planning.rules.faults import PlanFault
from kalata.planning.rules.levelling_plan import DEAREST, MOST_LINES, BadPools
from kalata.planning.rules.reading import day_of
from kalata.planning.rules.tables import ROWS, Form, table_of
from kalata.text import Message
from kalata.text import gettext_noop as _

COLUMNS = "pool, from, to, capacity, name, measure, territory, flag, source"
NEEDS = "id, pool, units"
POOLS = Form(
    ("pool", "from", "capacity"), BadPools, MOST_LINES, ROWS, _("il n’a aucune ligne"), said={"columns": COLUMNS}
)
ASKED = Form(("id", "pool", "units"), BadPools, MOST_LINES, ROWS, _("il n’a aucune ligne"), said={"columns": NEEDS})


@dataclass(slots=True)
class PoolRow:
    """A pool of a table with all its periods: first day, last day (none: without end), amount."""

    code: str
    row: int
    name: str = ""
    measure: str = ""
    territory: str = ""
    flag: str = "A"
    source: str = ""
    periods: list[tuple[date, date | None, int]] = field(default_factory=list)


def pools_of_text(text: str) -> list[PoolRow]:
    """Raises: PLN-108, PLN-110, by row. What describes a pool is read on its first row."""
    _header, rows = table_of(text, POOLS)
    found: dict[str, PoolRow] = {}
    for row, given in rows:
        cells = {k: v.strip() for k, v in given.items()}
        code = cells["pool"]
        if not code:
            raise PlanFault(row=row, field="pool", value="", form="EQUIPES_KAYES")
        first, last = day_of(row, "from", cells["from"]), day_of(row, "to", cells.get("to", ""))
        if first is None:
            raise PlanFault(row=row, field="from", value="", form="2026-03-01")
        if last is not None and last < first:
            raise PlanFault(row=row, field="to", value=cells.get("to", "")[:40], form="from ≤ to")
        one = found.get(code) or found.setdefault(code, described(code, row, cells))
        if any(first <= (b or date.max) and a <= (last or date.max) for a, b, _n in one.periods):
            raise POOLS.fault(
                Message(_("deux lignes de « %(pool)s » donnent les mêmes jours"), {"pool": code}), row=row
            )
        one.periods.append((first, last, amount(row, "capacity", cells["capacity"])))
    return list(found.values())


def described(code: str, row: int, cells: dict[str, str]) -> PoolRow:
    flag, source = cells.get("flag", "") or "A", cells.get("source", "")[:600]
    if flag not in ("S", "A") or (flag == "S" and not source):
        raise PlanFault(row=row, field="flag", value=flag[:40], form="A, S + source")
    return PoolRow(
        code, row, cells.get("name", "")[:200], cells.get("measure", "")[:60], cells.get("territory", ""), flag, source
    )


def amount(row: int, name: str, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,7}", text) or int(text) > DEAREST:
        raise PlanFault(row=row, field=name, value=text[:40], form="12")
    return int(text)


def needs_of(text: str) -> list[tuple[str, str, int]]:
    """(activity, pool, units a day). Raises: PLN-108, PLN-110."""
    _header, rows = table_of(text, ASKED)
    out = []
    for row, cells in rows:
        code, pool = cells["id"].strip(), cells["pool"].strip()
        if not code or not pool:
            raise PlanFault(row=row, field="pool" if code else "id", value="", form="A01, EQUIPES")
        out.append((code, pool, amount(row, "units", cells["units"].strip())))
    return out
