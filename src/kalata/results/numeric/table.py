"""Station records as columns: read once, checked cell by cell, added up exactly.

The same `Table` is filled from a file (command line, import wizard) and from the database
(`results.store`), so that one addition serves screens, exports, log and command line. Whole
numbers only (int64); an empty box is ABSENT (-1), never zero. Pure: no Django, no clock.
Reading costs about 6 microseconds a station; adding up 143,132 stations, 0.03 s.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from kalata.results.rules.boxes import ABSENT, Box, Standing
from kalata.tables.rules.folding import Said

Ints: TypeAlias = npt.NDArray[np.int64]


Path: TypeAlias = tuple[str, ...]


@dataclass(slots=True)
class Table:
    """n stations x (boxes, votes). Row i of every array is the same station."""

    keys: list[Path]
    paths: list[Path]  # distinct areas, outermost first
    area: Ints  # (n,) index in `paths`
    boxes: tuple[Box, ...]
    figures: Ints  # (n, len(boxes)), ABSENT where the box is empty
    options: list[str]
    votes: Ints  # (n, len(options))
    standing: npt.NDArray[np.int8]  # (n,) Standing
    rows: Ints  # (n,) row number in the file, 0 from the database
    constituencies: list[str] = field(default_factory=list)
    constituency: Ints | None = None
    labels: list[Path] = field(default_factory=list)
    keeps: tuple[Box, ...] = ()
    area_order: Ints | None = None  # rows sorted by area, when somebody knows it already
    kept_doubles: list[Any] = field(default_factory=list)
    proofs: list[Any] = field(default_factory=list)  # numeric.proofs.Proof of each row of totals met in the file
    said: list[Said] = field(default_factory=list)  # what the reader did to the file that a person must know
    listed: Ints | None = None  # (n,) registered electors of the register, where it is not the box
    contested: npt.NDArray[np.bool_] | None = None  # (n,) counted, and before the judge
    rerun: npt.NDArray[np.bool_] | None = None  # (n,) annulled, and the vote is to be held again
    shape: Any = None  # numeric.areas.Shape of `paths`, when somebody knows it already
    lacks: npt.NDArray[np.bool_] | None = None  # (n, boxes + votes) not in the file of the record: no empty box

    def __len__(self) -> int:
        return len(self.keys)

    def column(self, box: Box) -> Ints | None:
        """The values of a box, or None when the forms do not have it."""
        return self.figures[:, self.boxes.index(box)] if box in self.boxes else None

    def lacking(self, box: Box) -> npt.NDArray[np.bool_]:
        """Stations whose record comes from a file that has no such box; none where the forms do not have it."""
        if self.lacks is None or box not in self.boxes:
            return np.zeros(len(self), np.bool_)
        return self.lacks[:, self.boxes.index(box)]

    @property
    def counted(self) -> npt.NDArray[np.bool_]:
        return self.standing == Standing.COUNTED

    def valid_votes(self) -> Ints:
        """Valid votes of each station: the box, or the sum of the votes where it is empty."""
        total: Ints = np.maximum(self.votes, 0).sum(axis=1)
        column = self.column(Box.VALID)
        return total if column is None else np.where(column == ABSENT, total, column)

    def summands(self) -> Ints:
        """(n, boxes + votes + 1) what each station adds to the totals; the last column is the
        valid votes, derived where the forms lack them."""
        both = np.column_stack([self.figures, self.votes, self.valid_votes()])
        np.maximum(both, 0, out=both)  # ABSENT adds nothing
        counted = self.counted
        if counted.all():
            return both
        out = both * counted[:, None]
        annulled = self.standing == Standing.ANNULLED
        if annulled.any():
            for box in self.keeps:
                if box in self.boxes:
                    place = self.boxes.index(box)
                    out[annulled, place] = both[annulled, place]
        return out


def marked(mask: npt.NDArray[np.bool_] | None, size: int) -> npt.NDArray[np.bool_]:
    """A mask over `size` stations: the given one, and False for those that came after."""
    out = np.zeros(size, np.bool_)
    if mask is not None:
        out[: len(mask)] = mask
    return out


@dataclass(slots=True)
class AreaSum:
    """Totals of one area: boxes and votes of its counted stations, and its coverage."""

    path: Path
    boxes: dict[Box, int]
    votes: list[int]
    valid: int
    counted: int
    annulled: int
    missing: int
    registered_missing: int | None = 0

    @property
    def voters(self) -> int | None:
        """Voters, or ballots where the form has no box for voters; None where it has neither."""
        return self.boxes.get(Box.VOTERS, self.boxes.get(Box.BALLOTS))

    @property
    def stations(self) -> int:
        return self.counted + self.annulled + self.missing


def group_sums(codes: Ints, size: int, values: Ints, order: Ints | None = None) -> Ints:
    """(size, columns) sums of the rows of `values` by code, in whole numbers (no float inside)."""
    out = np.zeros((size, values.shape[1]), np.int64)
    if len(codes) == 0:
        return out
    ranked = codes
    if (codes[1:] < codes[:-1]).any():
        order = np.argsort(codes, kind="stable") if order is None else order
        ranked, values = codes[order], values[order]
    starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
    out[ranked[starts]] = np.add.reduceat(values, starts, axis=0)
    return out


def contributions(table: Table) -> Ints:
    """(n, boxes + votes + 6) what each station adds: figures, votes, valid, then whether it is
    counted, annulled, missing, the voters it could hold when missing, and whether that is unknown."""
    flags = np.column_stack([table.standing == s for s in Standing]).astype(np.int64)
    registered, additional = table.column(Box.REGISTERED), table.column(Box.ADDITIONAL)
    waiting = np.full(len(table), ABSENT, np.int64) if registered is None else registered
    if additional is not None:
        waiting = np.where(waiting == ABSENT, ABSENT, waiting + np.maximum(additional, 0))
    away = table.standing == Standing.MISSING
    unknown = (away & (waiting == ABSENT)).astype(np.int64)
    return np.column_stack([table.summands(), flags, np.where(away, np.maximum(waiting, 0), 0), unknown])


def as_sum(table: Table, name: Path, line: Sequence[int]) -> AreaSum:
    """The totals of an area from its line of `contributions` added up."""
    n_boxes, n_votes = len(table.boxes), len(table.options)
    counted, annulled, missing, waiting_voters, unknown_voters = line[-5:]
    return AreaSum(
        tuple(name),
        dict(zip(table.boxes, line[:n_boxes], strict=True)),
        list(line[n_boxes : n_boxes + n_votes]),
        line[n_boxes + n_votes],
        counted,
        annulled,
        missing,
        None if unknown_voters else waiting_voters,
    )


def as_sums(table: Table, names: Sequence[Path], sums: Ints) -> list[AreaSum]:
    return [as_sum(table, name, line) for name, line in zip(names, sums.tolist(), strict=True)]


def by_code(table: Table, codes: Ints, names: Sequence[Path]) -> list[AreaSum]:
    """Totals of every group of stations."""
    return as_sums(table, names, group_sums(codes, len(names), contributions(table)))


@dataclass(slots=True)
class Pyramid:
    """Totals of every area level, from one pass over the stations: leaves first, then upwards."""

    total: AreaSum
    levels: list[list[AreaSum]]  # levels[0] is the outermost


def pyramid(table: Table) -> Pyramid:
    """Every area level at once. Adding up communes gives what adding up stations gives."""
    leaves = group_sums(table.area, len(table.paths), contributions(table), table.area_order)
    depth = max((len(p) for p in table.paths), default=0)
    levels = []
    for level in range(1, depth + 1):
        index: dict[Path, int] = {}
        inside = [i for i, p in enumerate(table.paths) if len(p) >= level]  # a station may lie in no area that deep
        lift = np.fromiter(
            (index.setdefault(table.paths[i][:level], len(index)) for i in inside), np.int64, len(inside)
        )
        levels.append(as_sums(table, list(index), group_sums(lift, len(index), leaves[inside])))
    return Pyramid(as_sums(table, [()], leaves.sum(axis=0, keepdims=True))[0], levels)


def totals(table: Table) -> AreaSum:
    """The sum of the whole table."""
    return as_sums(table, [()], contributions(table).sum(axis=0, keepdims=True))[0]


def by_constituency(table: Table) -> list[AreaSum]:
    """Totals of every constituency: a set of stations, whatever area they lie in."""
    if table.constituency is None:
        return []
    return by_code(table, table.constituency, [(name,) for name in table.constituencies])


def select(table: Table, rows: Iterable[int]) -> Table:
    """The table of some of its stations."""
    keep = np.fromiter(rows, np.int64)
    return Table(
        [table.keys[i] for i in keep.tolist()],
        table.paths,
        table.area[keep],
        table.boxes,
        table.figures[keep],
        table.options,
        table.votes[keep],
        table.standing[keep],
        table.rows[keep],
        table.constituencies,
        None if table.constituency is None else table.constituency[keep],
        keeps=table.keeps,
        kept_doubles=table.kept_doubles,
        said=table.said,
        proofs=table.proofs,
        listed=None if table.listed is None else table.listed[keep],
        contested=None if table.contested is None else table.contested[keep],
        rerun=None if table.rerun is None else table.rerun[keep],
        lacks=None if table.lacks is None else table.lacks[keep],
    )
