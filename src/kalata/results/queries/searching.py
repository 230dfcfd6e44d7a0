"""Stations and places as readers type them: what holds the words first, then what comes nearest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kalata.country.models import Unit
from kalata.country.rules import lookup
from kalata.country.services import fold
from kalata.results.numeric.table import AreaSum, Ints
from kalata.results.queries.board import Board
from kalata.results.queries.store import Frame

SHOWN = 8
"""Places above a list of stations."""


@dataclass(frozen=True, slots=True)
class Near:
    """Rows of a frame, the nearest first. exact: some hold the words as they were typed."""

    rows: Ints
    exact: bool


def nearest(frame: Frame, words: str) -> Near:
    """The stations that hold the words in their code or name; then those whose place, centre or name comes near."""
    held = frame.search.rows(fold(words))
    close = frame.lookup.find(words)
    more = np.fromiter((row for row, _cost in close), np.int64, len(close))
    exact = bool(len(held)) or lookup.exact(close)
    return Near(np.concatenate([held, more[~np.isin(more, held)]]), exact)


def places(board: Board, words: str) -> list[tuple[Unit, AreaSum]]:
    """The places whose name comes near, with what they hold."""
    units, names = board.frame.areas
    found = ((units[row], board.areas.get(units[row].pk)) for row, _cost in names.find(words)[: 4 * SHOWN])
    return [(unit, total) for unit, total in found if total is not None][:SHOWN]
