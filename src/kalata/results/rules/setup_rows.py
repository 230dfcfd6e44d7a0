"""Constituencies as people type them, a line each: code ; name ; seats."""

from __future__ import annotations

from typing import Any

MOST_SEATS = 9_999


class BadLine(ValueError):
    """number: the first line that does not say code, name and seats."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def whole(text: str) -> int | None:
    """Seats written with the digits 0 to 9, from 1 on; None otherwise."""
    clean = text.replace(" ", "").replace("\u202f", "").replace("\u00a0", "")
    if not (clean.isascii() and clean.isdigit()) or len(clean) > len(str(MOST_SEATS)):
        return None
    return int(clean) or None


def constituency_rows(text: str) -> list[dict[str, Any]]:
    """The constituencies of a box. BadLine names the first line that is none.

    >>> constituency_rows("KATI ; Kati ; 11")
    [{'code': 'KATI', 'name': 'Kati', 'seats': 11}]
    """
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        parts = [p.strip() for p in line.split(";")]
        seats = whole(parts[2]) if len(parts) == 3 else None
        if not seats or not parts[0] or len(parts[0]) > 60 or len(parts[1]) > 200:
            raise BadLine(number)
        rows.append({"code": parts[0], "name": parts[1], "seats": seats})
    return rows
