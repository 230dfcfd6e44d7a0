"""Reading a count as people and spreadsheets write it, and refusing what is not one.

A count is a whole number of papers or persons, zero or more. `1 453`, `1,453` and `1.453` are
read as 1453 when the whole column groups by thousands the same way; `1453.0` is what a
spreadsheet makes of 1453. A column that mixes two conventions is refused: nobody can tell
what `1.453` means in it. Nothing is ever rounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

SPACES = "\u0020\u00a0\u202f\u2009'’"
_PLAIN = re.compile(r"\+?[0-9]+\Z")
_ZERO_FRACTION = re.compile(r"([0-9]+)[.,]0+\Z")
_GROUPED = re.compile(r"[0-9]{1,3}(?:(?P<sep>[ .,\u00a0\u202f\u2009'’])[0-9]{3})(?:(?P=sep)[0-9]{3})*\Z")
_NEGATIVE = re.compile(r"[-\u2212]\s*[0-9]")
_FRACTION = re.compile(r"[0-9]*[.,][0-9]+\Z")
EMPTY = frozenset({"", "na", "n/a", "null", "none", "nan", "-", "–"})


class Fault(StrEnum):
    """Why a cell is not a count. The value is the code people quote."""

    NOT_A_NUMBER = "IMP-201"
    NEGATIVE = "IMP-202"
    FRACTION = "IMP-203"
    ABSURD = "IMP-204"
    MIXED = "IMP-205"


@dataclass(frozen=True, slots=True)
class Style:
    """How one column writes thousands: the separator, "" for none."""

    separator: str = ""
    mixed: bool = False
    zero_fraction: bool = False


def style_of(cells: Iterable[str]) -> Style:
    """The convention of a column, from its cells that are not plain digits.

    `1.234` with groups of exactly three is thousands, unless `1453.0` shows that the column
    uses the point for decimals: then it is mixed, and refused.
    """
    found: set[str] = set()
    decimals: set[str] = set()
    for cell in cells:
        if match := _GROUPED.match(cell):
            sep = match.group("sep")
            found.add(" " if sep in SPACES else sep)
        elif _ZERO_FRACTION.match(cell):
            decimals.add("." if "." in cell else ",")
    clash = bool(found & decimals) or len(found) > 1 or len(decimals) > 1
    return Style(separator=next(iter(found), ""), mixed=clash, zero_fraction=bool(decimals))


def parse_count(cell: str, style: Style = Style(), limit: int = 10**9) -> int | Fault | None:
    """The count in a cell; None where the cell is empty; the Fault where it is not a count.

    >>> parse_count("1453"), parse_count(""), parse_count("-3")
    (1453, None, <Fault.NEGATIVE: 'IMP-202'>)
    """
    text = cell.strip()
    if _PLAIN.match(text):
        value = int(text)
        return value if value <= limit else Fault.ABSURD
    if text.lower() in EMPTY:
        return None
    if _NEGATIVE.match(text):
        return Fault.NEGATIVE
    if match := _GROUPED.match(text):
        if style.mixed:
            return Fault.MIXED
        if match.group("sep") in SPACES or match.group("sep") == style.separator:
            value = int(re.sub(r"[^0-9]", "", text))
            return value if value <= limit else Fault.ABSURD
    if match := _ZERO_FRACTION.match(text):
        value = int(match.group(1))
        return value if value <= limit else Fault.ABSURD
    return Fault.FRACTION if _FRACTION.match(text) else Fault.NOT_A_NUMBER
