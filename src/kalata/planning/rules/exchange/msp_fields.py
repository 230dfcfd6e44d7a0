"""Where the columns of a plan travel in an MS Project file: its thirty text fields, the last one for all that is left."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

TEXTS = (188743731, 188743734, 188743737, 188743740, 188743743, 188743746, *range(188743747, 188743751), *range(188743997, 188744017))  # fmt: skip
"""Text1 to Text30, as MS Project numbers them."""
REST = "kalata"
"""The name of the last field: the columns beyond the twenty-ninth, as one JSON."""
DAY_HOURS = 8
FORMATS = {"cd": 8, "ed": 8, "wd": 7, "%": 19}
"""Lag unit -> format: working days, days that pass, a percentage of the predecessor."""
TENTHS = {"cd": 14_400, "ed": 14_400, "wd": 4_800, "%": 1}
TYPES = {"FF": 0, "FS": 1, "SF": 2, "SS": 3}


def aliases(header: Sequence[str]) -> dict[int, str]:
    """Field -> column."""
    if len(header) <= len(TEXTS):
        return dict(zip(TEXTS, header, strict=False))
    return dict(zip(TEXTS, [*header[: len(TEXTS) - 1], REST], strict=True))


def packed(header: Sequence[str], row: Mapping[str, str]) -> dict[int, str]:
    """Field -> cell; cells that say nothing are left out."""
    found = {}
    for field, name in aliases(header).items():
        if name == REST and name not in header:
            rest = {n: row.get(n, "") for n in header[len(TEXTS) - 1 :]}
            found[field] = json.dumps(rest, ensure_ascii=False)
        elif row.get(name):
            found[field] = row[name]
    return found


def unpacked(names: Mapping[int, str], values: Mapping[int, str]) -> dict[str, str]:
    """Column -> cell, from the fields of a task."""
    row: dict[str, str] = {}
    for field, name in names.items():
        if name == REST:
            try:
                rest = json.loads(values.get(field, "{}"))
            except ValueError:
                rest = {}
            row |= {str(k): str(v) for k, v in rest.items()} if isinstance(rest, dict) else {}
        else:
            row[name] = values.get(field, "")
    return row


def uids(ids: Sequence[str]) -> dict[str, int]:
    """A number for each activity that stays its own when others come or go."""
    found: dict[str, int] = {}
    taken: set[int] = {0}
    for one in sorted(ids):
        uid = int.from_bytes(hashlib.sha256(one.encode()).digest()[:4]) >> 2 or 1
        while uid in taken:
            uid += 1
        taken.add(uid)
        found[one] = uid
    return found
