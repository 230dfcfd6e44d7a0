"""A cascade tried with lists that somebody brings: read, solved, shown; nothing of it is kept."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from kalata.tables.files import opened
from kalata.training.cascading import Found, solved
from kalata.training.queries.cascade import assumed
from kalata.training.rules.cascade_reading import AREAS, PAIRS, plan_of
from kalata.training.rules.rows import Table, table_of_rows

SECONDS = 8.0
"""For a plan with travel, while a person waits."""
PRICES = ("venue", "allowance", "trainer", "print", "new_pair")


def table_in(file: IO[bytes], name: str, needed: Sequence[str]) -> Table:
    """The rows of a CSV or a workbook, read in a bounded child. IMP-110 to IMP-121, TRN-101, TRN-102."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        with path.open("wb") as out:
            for chunk in iter(lambda: file.read(1 << 16), b""):
                out.write(chunk)
        found = opened(path, name=name, apart=True)
        rows = [(number + i, list(cells)) for number, block in found.blocks for i, cells in enumerate(block)]
        return table_of_rows(found.header, rows, name, needed)


def tried(said: Mapping[str, Any]) -> Found:
    """The answer to a plan as it is written in the form, with the prices of the pack. TRN-101 to TRN-104."""
    areas, pairs = said["areas"], said["pairs"]
    value = {
        "window": {"first": said["first"].isoformat(), "last": said["last"].isoformat(), "closed": (said["closed"] or "").split()},
        "class": {"max": said["class_max"], "days": said["class_days"]},
        "staff": {"per_station": said["per_station"], "reserve": f"{said['reserve']}/100"},
        "travel_days": said["travel"],
        "costs": {p: assumed(p) for p in PRICES},
    }  # fmt: skip
    plan = plan_of(value, "essai", table_in(areas, str(areas.name), AREAS), table_in(pairs, str(pairs.name), PAIRS))
    return solved(plan, SECONDS)
