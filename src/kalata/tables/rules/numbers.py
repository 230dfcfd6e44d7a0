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
LONGEST = 18
"""Figures of a number; more are no count of anything."""
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
    decimal: str = ""


def style_of(cells: Iterable[str], plain: int | None = None) -> Style:
    """The convention of a column, from its cells that are not plain digits; plain: the largest that is, if any.

    `1.234` with groups of exactly three is thousands. It is a decimal where the column shows it: `1453.0`, or a
    group that begins with zero (`0.000`). A column of `120.000` and `5.000` alone may be either, and is refused,
    unless its plain cells stop short of a thousand as those of a column grouped by thousands do.
    """
    found: set[str] = set()
    decimals: set[str] = set()
    grouped = rounds = False
    for cell in cells:
        if match := _GROUPED.match(cell):
            sep = match.group("sep")
            if sep in SPACES:
                found.add(" ")
            elif cell.startswith("0"):
                decimals.add(sep)
            else:
                found.add(sep)
                thousand = cell.endswith(f"{sep}000") and cell.count(sep) == 1
                rounds, grouped = rounds or thousand, grouped or not thousand
        elif _ZERO_FRACTION.match(cell):
            decimals.add("." if "." in cell else ",")
    if len(decimals) == 1 and not grouped:
        found -= decimals  # 5.000 beside 0.000 is five
    unsure = rounds and not grouped and bool(found - {" "}) and (plain is None or not 100 <= plain < 1000)
    clash = bool(found & decimals) or len(found) > 1 or len(decimals) > 1 or unsure
    return Style(separator=next(iter(found), ""), mixed=clash, zero_fraction=bool(decimals), decimal="".join(decimals))


def bounded(digits: str, limit: int) -> int | Fault:
    if len(digits) > LONGEST:
        digits = digits.lstrip("+0") or "0"
        if len(digits) > LONGEST:
            return Fault.ABSURD
    value = int(digits)
    return value if value <= limit else Fault.ABSURD


def parse_count(cell: str, style: Style = Style(), limit: int = 10**9) -> int | Fault | None:
    """The count in a cell; None where the cell is empty; the Fault where it is not a count.

    >>> parse_count("1453"), parse_count(""), parse_count("-3")
    (1453, None, <Fault.NEGATIVE: 'IMP-202'>)
    """
    text = cell.strip()
    if _PLAIN.match(text):
        return bounded(text, limit)
    if text.lower() in EMPTY:
        return None
    if _NEGATIVE.match(text):
        return Fault.NEGATIVE
    if match := _GROUPED.match(text):
        if style.mixed:
            return Fault.MIXED
        if match.group("sep") in style.decimal:
            whole, _sep, rest = text.partition(match.group("sep"))
            return Fault.FRACTION if rest.strip("0") else bounded(whole, limit)
        if match.group("sep") in SPACES or match.group("sep") == style.separator:
            return bounded(re.sub(r"[^0-9]", "", text), limit)
    if match := _ZERO_FRACTION.match(text):
        return bounded(match.group(1), limit)
    return Fault.FRACTION if _FRACTION.match(text) else Fault.NOT_A_NUMBER
