"""A version as rows of cells, the form in which it is edited, compared and hashed: the columns of a plan file, and the house's own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from kalata.planning.rules.plan import Plan
from kalata.planning.rules.reading import COLUMNS, EXTRA, plan_of_rows

Cells = Mapping[str, str]
Sheet = Sequence[Cells]

OWN = ("why_optimistic", "why_likely", "why_pessimistic", "norm", "calendar", "territory", "evidence_required")
"""Columns of the house beside those of a plan file: a reason for each point, the norm that dates it, its calendar, its
territory, whether evidence is asked."""
KNOWN = (*COLUMNS, *EXTRA, *OWN)
FIRST_ROW = 2
"""Of the activities, as a spreadsheet numbers them."""


def plan_of_sheet(sheet: Sheet, start: date | None = None) -> Plan:
    """The plan of these rows; PLN-101 to PLN-110 where they do not hold together."""
    return plan_of_rows(header_of(sheet), enumerate(sheet, FIRST_ROW), start)


def header_of(sheet: Sheet) -> tuple[str, ...]:
    """Every column that a row has: those of the house in their order, then others as they come."""
    others = dict.fromkeys(name for cells in sheet for name in cells if name not in KNOWN)
    return (*KNOWN, *others)


def by_id(sheet: Sheet) -> dict[str, Cells]:
    return {cells["id"]: cells for cells in sheet}


def said(cells: Cells) -> dict[str, str]:
    """The cells that say something: an empty one and one that is not there are the same."""
    return {name: value for name, value in cells.items() if value != ""}


def digest(head: Mapping[str, str], sheet: Iterable[Cells], drivers: Iterable[Cells]) -> str:
    """SHA-256 (hex) of a whole version: its dates, each activity in order, each driver."""
    content = {"head": dict(head), "activities": [said(c) for c in sheet], "drivers": [said(d) for d in drivers]}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
