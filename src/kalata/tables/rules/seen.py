"""What can be seen of a column of somebody's file without deciding what it means. Pure.

Every row is looked at: how many cells are filled, whether they are whole numbers, which values there are where there
are few. A page that asks what a column means has then every value before the eyes, not those of the first rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations
from typing import Any

VALUES = 120
"""Distinct values of a column that are kept with their number; a column with more is one of names, codes or figures."""
LONGEST = 200
"""Signs of a value that is kept; a column of longer ones is one of remarks."""
KEPT = 4_000
"""Values kept of a whole file; the columns that have fewest come first."""
NUMBER = re.compile(r"[+-]?[0-9][0-9 \u00a0\u202f\u2009.,']*%?")
WHOLE = re.compile(r"[0-9]{1,3}(?:[ \u00a0\u202f\u2009.,'][0-9]{3})+|[0-9]+")
PAIRS = 40


class Look(StrEnum):
    EMPTY = "empty"
    WHOLE = "whole"
    NUMBER = "number"
    TEXT = "text"


@dataclass(slots=True)
class Column:
    """One column: filled cells, whole numbers among them, other numbers, its values where they are few, and whether each
    stands once."""

    filled: int = 0
    whole: int = 0
    number: int = 0
    values: Counter[str] | None = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    once: set[str] | None = field(default_factory=set)
    """Its values, as long as none comes twice."""

    def feed(self, cells: Sequence[str]) -> None:
        if self.filled > self.whole + self.number:  # text was met: how the rest looks changes nothing
            self.filled += len(cells) - sum(map(cells.count, ("", " ")))
        else:
            plain = sum(map(str.isdigit, cells))
            self.whole += plain
            self.filled += plain
            for cell in cells if plain < len(cells) else ():
                if cell.isdigit() or not (text := cell.strip()):
                    continue
                self.filled += 1
                if WHOLE.fullmatch(text):
                    self.whole += 1
                elif NUMBER.fullmatch(text):
                    self.number += 1
        if self.values is not None:
            self.values.update(cells)
            if len(self.values) > VALUES:
                self.values = None
        if self.once is not None:
            apart = {cell.strip() for cell in cells}
            if len(apart) < len(cells) or not self.once.isdisjoint(apart):
                self.once = None
            else:
                self.once |= apart
        if len(self.examples) < 3:
            for cell in cells:
                if (text := cell.strip()) and text[:60] not in self.examples:
                    self.examples.append(text[:60])
                    if len(self.examples) == 3:
                        break

    @property
    def look(self) -> Look:
        if not self.filled:
            return Look.EMPTY
        if self.whole == self.filled:
            return Look.WHOLE
        return Look.NUMBER if self.whole + self.number == self.filled else Look.TEXT

    def record(self) -> dict[str, Any]:
        values = None
        if self.values is not None:
            counted: Counter[str] = Counter()
            for value, n in self.values.items():
                counted[value.strip()] += n
            if max(map(len, counted), default=0) <= LONGEST:
                values = [[v, n] for v, n in counted.most_common()]
        return {
            "filled": self.filled,
            "look": self.look.value,
            "values": values,
            "examples": self.examples,
            "once": self.once is not None and len(self.once) > 1 and "" not in self.once,
        }


def survey(header: Sequence[str], blocks: Iterable[tuple[int, Sequence[Sequence[str]]]]) -> tuple[dict[str, Any], list[list[str]]]:  # fmt: skip
    """(what is seen of every column, the first rows). `together`: for two columns, the rows that fill both."""
    columns = [Column() for _name in header]
    first: list[list[str]] = []
    rows, row = 0, 0
    groups = alike(header)
    together = dict.fromkeys(groups, 0)
    for start, block in blocks:
        if not first:
            first, row = [list(r) for r in block[:10]], start
        rows += len(block)
        cells = list(zip(*block, strict=True))
        for column, part in zip(columns, cells, strict=True):
            column.feed(part)
        for a, b in groups:
            together[(a, b)] += sum(1 for x, y in zip(cells[a], cells[b], strict=True) if x.strip() and y.strip())
    records: list[dict[str, Any]] = [c.record() for c in columns]
    room = KEPT
    for record in sorted(records, key=lambda r: len(r["values"] or ())):
        room -= len(record["values"] or ())
        record["values"] = record["values"] if room >= 0 else None
    found = {
        "rows": rows,
        "first": row,
        "columns": records,
        "together": [[a, b, n] for (a, b), n in together.items()],
    }
    return found, first


def alike(header: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of columns whose names are one to the eye, as places."""
    from kalata.tables.rules.folding import same

    held: dict[str, list[int]] = {}
    for place, name in enumerate(header):
        held.setdefault(bare(same(name)), []).append(place)
    return [pair for places in held.values() for pair in combinations(places, 2)][:PAIRS]


ARTICLES = ("l'", "d'", "le ", "la ", "les ", "l ", "un ", "une ", "the ", "el ", "los ", "las ", "o ", "os ", "as ")


def bare(folded: str) -> str:
    """A folded name without its article: « L’épi de mil » and « EPI DE MIL » are written for the same list."""
    return next((folded[len(a) :] for a in ARTICLES if folded.startswith(a) and len(folded) > len(a)), folded)


def letter(place: int) -> str:
    """The name of a column in a spreadsheet: 0 is A, 26 is AA."""
    out, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        out = chr(65 + rest) + out
    return out


def column_at(found: Mapping[str, Any], place: int) -> Mapping[str, Any]:
    """What was seen of a column; nothing for a file that was kept before files were looked at whole."""
    columns = found.get("columns") or []
    return columns[place] if place < len(columns) else {"filled": None, "look": "", "values": None, "examples": []}
