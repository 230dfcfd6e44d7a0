"""The arithmetic of the rows recognised as totals, for a person to check: which rows, their sum, what is written. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kalata import codes
from kalata.results.numeric.sums import Total, names_of
from kalata.results.numeric.table import Ints, Table
from kalata.results.rules.boxes import ABSENT
from kalata.text import Message
from kalata.text import gettext_noop as _

MOST_ROWS, MOST_RUNS = 200, 40
"""So many rows of totals are proved in full, and so many runs of lines named for each; the rest is counted."""
Place = Callable[[int], tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Proof:
    """A row of totals: the lines that make it, and for each column what it writes and what they add up to.

    why: None where its figures are the sum of no group of lines: `runs` are then those that come nearest.
    """

    sheet: str
    row: int
    name: str
    aside: bool  # left out as the profile asks; else refused
    why: Message | None
    runs: tuple[tuple[int, int], ...]
    lines: int
    more: int  # runs of lines that are not in `runs`
    terms: tuple[tuple[str, int, int], ...]  # (box or option, written, sum of the lines)

    @property
    def message(self) -> Message:
        """The proof on one line, for a terminal."""
        runs = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in self.runs) + (", …" if self.more else "")
        sums = " ; ".join(f"{f} {a}" if a == b else f"{f} {a} ≠ {b}" for f, a, b in self.terms)
        what = {"row": self.row, "name": codes.shown(self.name), "lines": runs, "sums": sums}
        return Message(_("ligne %(row)d, « %(name)s » : somme des lignes %(lines)s (%(sums)s)"), what)

    def record(self) -> dict[str, Any]:
        return {
            "row": self.row,
            **({"sheet": self.sheet} if self.sheet else {}),
            "name": codes.shown(self.name),
            "set_aside": self.aside,
            "sum_of": None if self.why is None else self.why.both(),
            "lines": [list(run) for run in self.runs],
            "line_count": self.lines,
            "runs_left_out": self.more,
            "figures": [{"field": f, "written": a, "sum": b} for f, a, b in self.terms],
        }


def proved(table: Table, found: Sequence[Total], aside: set[int], labels: Mapping[str, str], place: Place) -> list[Proof]:  # fmt: skip
    """The proof of each row of totals, in the order of the file; labels: the name shown of an option's column."""
    written = np.column_stack([table.figures, table.votes])
    names = [*(b.value for b in table.boxes), *(labels.get(o, o) for o in table.options)]
    gone = {t.at for t in found}
    out = []
    for one in sorted(found, key=lambda t: t.at)[:MOST_ROWS]:
        parts = one.parts if one.why is not None else nearest(written, one.at, gone)
        runs, more = runs_of(table, parts, place)
        sheet, row = place(int(table.rows[one.at]))
        name = " / ".join(dict.fromkeys(w for w in names_of(table, one.at) if w))
        terms = terms_of(names, written[one.at], np.maximum(written[parts], 0).sum(axis=0))
        out.append(Proof(sheet, row, name, one.at in aside, one.why, runs, len(parts), more, terms))
    return out


def terms_of(names: Sequence[str], row: Ints, total: Ints) -> tuple[tuple[str, int, int], ...]:
    """What the row writes and what the lines hold, column by column; the columns of one option added up."""
    both: dict[str, tuple[int, int]] = {}
    for name, here, there in zip(names, row.tolist(), total.tolist(), strict=True):
        if here == ABSENT:
            continue
        a, b = both.get(name, (0, 0))
        both[name] = (a + here, b + there)
    return tuple((name, a, b) for name, (a, b) in both.items())


def nearest(written: Ints, at: int, gone: set[int]) -> Ints:
    """Of the lines since the row of totals above, and of all lines, those whose sum is nearer to what the row writes."""
    lines = np.array([i for i in range(len(written)) if i not in gone], np.int64)
    above = lines[(lines < at) & (lines > max((g for g in gone if g < at), default=-1))]
    there = written[at] != ABSENT

    def gap(parts: Ints) -> int:
        return int(np.abs(np.maximum(written[parts][:, there], 0).sum(axis=0) - written[at, there]).sum())

    return above if len(above) and gap(above) <= gap(lines) else lines


def runs_of(table: Table, parts: Ints, place: Place) -> tuple[tuple[tuple[int, int], ...], int]:
    """Lines of the file that follow one another, (first, last), and how many such runs were left out."""
    if not len(parts):
        return (), 0
    edges = np.flatnonzero(np.diff(parts) != 1) + 1
    starts, ends = parts[np.concatenate([[0], edges])], parts[np.concatenate([edges, [len(parts)]]) - 1]
    rows = [(int(table.rows[a]), int(table.rows[b])) for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
    kept = rows[:MOST_RUNS]
    return tuple((place(a)[1], place(b)[1]) for a, b in kept), len(rows) - len(kept)
