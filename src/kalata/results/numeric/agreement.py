"""Long files: what is said of a station on each of its rows must agree; where a row says nothing, another may."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from kalata.results.numeric.table import Ints
from kalata.results.rules.boxes import ABSENT

T = TypeVar("T")


def first_filled(values: Ints, station: Ints, size: int) -> tuple[Ints, list[tuple[int, int]]]:
    """A figure of each of `size` stations from the rows that name it: (the first that is not empty, disagreements).

    values, station: (rows,) the figure, ABSENT where the row has none, and whose row it is.
    A disagreement: (the row that says something else, the row whose value stands), as positions.
    """
    filled = np.flatnonzero(values != ABSENT)
    out: Ints = np.full(size, ABSENT, np.int64)
    origin = np.full(size, -1, np.int64)
    backwards = filled[::-1]
    out[station[backwards]] = values[backwards]  # the last written is the first row
    origin[station[backwards]] = backwards
    clash = filled[values[filled] != out[station[filled]]]
    return out, [(int(i), int(origin[station[i]])) for i in clash]


def first_said(values: Sequence[T], station: Sequence[int], nothing: T) -> tuple[list[T], list[tuple[int, int]]]:
    """The same for words (area, constituency, status): the first that is not `nothing`, and the disagreements."""
    size = max(station, default=-1) + 1
    out: list[T] = [nothing] * size
    origin = [-1] * size
    clash: list[tuple[int, int]] = []
    for i, (value, at) in enumerate(zip(values, station, strict=True)):
        if value == nothing or value == out[at]:
            continue
        if origin[at] < 0:
            out[at], origin[at] = value, i
        else:
            clash.append((i, origin[at]))
    return out, clash
