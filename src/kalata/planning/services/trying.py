"""A table before it is kept: what each of its rows would change. Nothing is written; what cannot be read is refused by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kalata.planning.models import Plan, PlanVersion
from kalata.planning.queries import content
from kalata.planning.queries import resources as queries
from kalata.planning.rules import editing
from kalata.planning.rules.pool_files import needs_of, pools_of_text
from kalata.planning.services import resources
from kalata.planning.services.resources import unit_of


@dataclass(frozen=True, slots=True)
class Trial:
    """One thing a table would change. before "": it is new."""

    code: str
    before: str
    after: str

    @property
    def same(self) -> bool:
        return self.before == self.after


def pools(plan: Plan, text: str) -> list[Trial]:
    """Each pool of a table beside what stands. Raises: PLN-108, PLN-110."""
    known = {p.code: p for p in queries.pools(plan)}
    out = []
    for row in pools_of_text(text):
        unit = unit_of(plan, row)
        old = known.get(row.code)
        before = ""
        if old:
            before = said([(p.first, p.last, p.amount) for p in old.periods.all()], old.unit.code if old.unit else "")
        out.append(Trial(row.code, before, said(row.periods, unit.code if unit else "")))
    return out


def said(periods: Sequence[tuple[object, object, int]], unit: str) -> str:
    rows = "; ".join(f"{first} → {last or '…'} : {n}" for first, last, n in periods)
    return f"{rows} ({unit})" if unit else rows


def needs(version: PlanVersion, text: str) -> list[Trial]:
    """Each activity of a table with its needs before and after. Raises: PLN-108, PLN-110, PLN-202, PLN-226."""
    sheet = content.sheet(version)
    for _code, pool, _units in needs_of(text):
        resources.pool_of(version.plan, pool)
    after = resources.needs_written(sheet, text)
    codes = dict.fromkeys(code for code, _pool, _n in needs_of(text))
    return [
        Trial(c, editing.of(sheet, c).get("resources", ""), editing.of(after, c).get("resources", "")) for c in codes
    ]
