"""Risks that lengthen activities: how likely each is, what it touches, and by which factor. Read from a CSV."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kalata.planning.rules.faults import PlanFault, RepeatedId
from kalata.planning.rules.tables import Form, decoded, table_of

CHANCES = {1: ".02", 2: ".10", 3: ".30", 4: ".60", 5: ".90"}
"""Of a likelihood from 1 to 5, where the file gives no probability."""
NUMBER = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,6})?")
FORM = Form(("id", "linked_activities", "duration_factor_o_m_p"))


@dataclass(frozen=True, slots=True)
class Risk:
    id: str
    chance: Decimal
    linked: tuple[str, ...]
    factor: tuple[float, float, float]
    row: int = 0
    name_fr: str = ""
    name_en: str = ""

    @property
    def acts(self) -> bool:
        return bool(self.linked) and self.factor != (1.0, 1.0, 1.0)


def risks_of(data: bytes | str) -> tuple[Risk, ...]:
    """The risks of a catalogue; those without activities or factor are kept, and change nothing.

    Raises: PLN-105, PLN-108, PLN-110 with their rows.
    """
    text = decoded(data) if isinstance(data, bytes) else data
    _header, rows = table_of(text, FORM)
    found: dict[str, Risk] = {}
    for row, cells in rows:
        one = risk_of(row, {k: v.strip() for k, v in cells.items()})
        if one.id in found:
            raise RepeatedId(value=one.id, rows=[found[one.id].row, row], field="id")
        found[one.id] = one
    return tuple(found.values())


def risk_of(row: int, cells: Mapping[str, str]) -> Risk:
    name = cells.get("id", "")
    if not name or len(name) > 60:
        raise PlanFault(row=row, field="id", value=name[:60], form="I-02")
    linked = tuple(dict.fromkeys(p.strip() for p in cells.get("linked_activities", "").split(";") if p.strip()))
    return Risk(
        name, chance_of(row, cells), linked, factor_of(row, cells.get("duration_factor_o_m_p", "")), row,
        cells.get("risk_fr", ""), cells.get("risk_en", ""),
    )  # fmt: skip


def chance_of(row: int, cells: Mapping[str, str]) -> Decimal:
    text = cells.get("probability", "")
    if text:
        if not NUMBER.fullmatch(text) or not 0 <= Decimal(text.replace(",", ".")) <= 1:
            raise PlanFault(row=row, field="probability", value=text[:40], form="0.30 (0 – 1)")
        return Decimal(text.replace(",", "."))
    text = cells.get("likelihood_1_5", "")
    if text not in {str(n) for n in CHANCES}:
        raise PlanFault(row=row, field="likelihood_1_5", value=text[:40], form="1 – 5")
    return Decimal(CHANCES[int(text)])


def factor_of(row: int, text: str) -> tuple[float, float, float]:
    if not text:
        return 1.0, 1.0, 1.0
    parts = [p.strip() for p in text.split("/")]
    if len(parts) == 3 and all(NUMBER.fullmatch(p) for p in parts):
        low, likely, high = (float(p.replace(",", ".")) for p in parts)
        if 0 <= low <= likely <= high <= 100:
            return low, likely, high
    raise PlanFault(row=row, field="duration_factor_o_m_p", value=text[:40], form="1.0/1.3/2.0")
