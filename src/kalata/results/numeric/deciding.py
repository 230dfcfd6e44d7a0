"""From stations to outcomes: the sums, what is not settled of each constituency, and the rule held against it.

The command line, the board and the pictures of approvals all decide here, so that "secured" means one thing.
Pure: no Django, no clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kalata.results.numeric.table import AreaSum, Ints, Table, group_sums
from kalata.results.rules.bounds import Missing, Through
from kalata.results.rules.boxes import ABSENT, Box, Standing
from kalata.results.rules.outcome import Outcome, Totals, decide_place, local_outcomes
from kalata.results.rules.systems import System, read_boxes
from kalata.results.rules.unsettled import Beside, with_beside
from kalata.results.rules.verdicts import Order

NAMED = 12
"""Stations named one by one for each reason; beyond, they are counted."""
Mask = npt.NDArray[np.bool_]


def open_masks(table: Table) -> dict[str, Mask]:
    """Why a station is not settled -> the stations; each in one of them."""
    out = {"missing": table.standing == Standing.MISSING}
    if table.rerun is not None:
        out["rerun"] = table.rerun & (table.standing == Standing.ANNULLED)
    if table.contested is not None:
        out["contested"] = table.contested & table.counted
    return out


def rooms(table: Table) -> tuple[Ints, Ints]:
    """(registered electors, most papers) of each station; ABSENT where nobody knows the first.

    Papers: the registered and those allowed beside the list, or what was already found there if that is more.
    """
    listed = np.full(len(table), ABSENT, np.int64)
    for column in (table.column(Box.REGISTERED), table.listed):
        if column is not None:
            listed = np.maximum(listed, column)
    additional = table.column(Box.ADDITIONAL)
    room = listed if additional is None else listed + np.maximum(additional, 0)
    for found in (table.column(Box.VOTERS), table.column(Box.BALLOTS), np.maximum(table.votes, 0).sum(axis=1)):
        if found is not None:
            room = np.maximum(room, found)
    return listed, room


@dataclass(slots=True)
class Unsettled:
    """By constituency (or for the whole, one place): what is not settled, and the counted figures in it."""

    counts: dict[str, Ints]  # why -> stations
    listed: dict[str, Ints]  # why -> registered electors
    rooms: Ints
    unknown: Ints  # stations whose electors nobody knows
    taken: Ints  # (places, boxes + votes + 1) figures to leave out of the sure totals
    codes: dict[tuple[str, int], tuple[str, ...]]

    def stations(self, at: int) -> int:
        return sum(int(c[at]) for c in self.counts.values())


def unsettled(table: Table, place: Ints | None, size: int) -> Unsettled | None:
    """None where every station is settled."""
    masks = open_masks(table)
    every = np.logical_or.reduce(list(masks.values()))
    if not every.any():
        return None
    where = np.zeros(len(table), np.int64) if place is None else place
    listed, room = rooms(table)
    known = np.maximum(listed, 0)
    lost = listed == ABSENT
    columns = np.column_stack([every * np.maximum(room, 0), every & lost]).astype(np.int64)
    for mask in masks.values():
        columns = np.column_stack([columns, mask, mask * known])
    sums = group_sums(where, size, columns)
    leaving = every & (table.standing != Standing.MISSING)
    taken = group_sums(where, size, table.summands() * leaving[:, None])
    codes: dict[tuple[str, int], tuple[str, ...]] = {}
    for why, mask in masks.items():
        for row in np.flatnonzero(mask).tolist():
            key = (why, int(where[row]))
            if len(codes.get(key, ())) < NAMED:
                codes[key] = (*codes.get(key, ()), " / ".join(table.keys[row]))
    names = list(masks)
    return Unsettled(
        {why: sums[:, 2 + 2 * i] for i, why in enumerate(names)},
        {why: sums[:, 3 + 2 * i] for i, why in enumerate(names)},
        sums[:, 0],
        sums[:, 1],
        taken,
        codes,
    )


def missing_at(found: Unsettled | None, at: int, beside: Beside, constituency: str | None, sure: Totals) -> Missing:
    """What is not settled of one constituency, or of the whole."""
    ways: list[Through] = []
    voters: int | None = 0
    registered: int | None = 0
    if found is not None and found.stations(at):
        unknown = bool(found.unknown[at])
        voters = None if unknown else int(found.rooms[at])
        registered = None if unknown else sum(int(v[at]) for v in found.listed.values())
        for why, counts in found.counts.items():
            if counts[at]:
                size = None if unknown else int(found.listed[why][at])
                ways.append(Through(why, int(counts[at]), size, found.codes.get((why, at), ())))
    return with_beside(ways, voters, registered, beside, constituency, sure)


# --- totals ----------------------------------------------------------------------------------------------
def lacking(table: Table, box: Box, place: Ints | None, size: int) -> Mask:
    """Where some counted station leaves the box empty: its sum is then not known, and nothing rests on it."""
    column = table.column(box)
    if column is None:
        return np.ones(size, np.bool_)
    empty = (table.counted & (column == ABSENT)).astype(np.int64)
    where = np.zeros(len(table), np.int64) if place is None else place
    return group_sums(where, size, empty[:, None])[:, 0] > 0


def totals_of(options: Sequence[str], area: AreaSum, lost: frozenset[Box] = frozenset()) -> Totals:
    voters, registered = (None if b in lost else area.boxes.get(b) for b in (Box.VOTERS, Box.REGISTERED))
    return Totals(dict(zip(options, area.votes, strict=True)), area.valid, voters, registered)


def without(totals: Totals, taken: Ints, table: Table) -> Totals:
    """The totals less what is not settled of them."""
    line = taken.tolist()
    boxes = dict(zip(table.boxes, line, strict=False))
    n = len(table.boxes)
    return Totals(
        {o: v - line[n + i] for i, (o, v) in enumerate(totals.votes.items())},
        totals.valid - line[-1],
        None if totals.voters is None else totals.voters - boxes.get(Box.VOTERS, 0),
        None if totals.registered is None else totals.registered - boxes.get(Box.REGISTERED, 0),
    )


def by_constituency(system: System, groups: Sequence[AreaSum]) -> bool:
    """Are the outcomes those of the constituencies? A referendum is one question to all."""
    return bool(groups) and local_outcomes(system)


def outcomes_of(
    system: System,
    table: Table,
    total: AreaSum,
    groups: Sequence[AreaSum],
    *,
    seats: Mapping[str, int | None],
    round_: int,
    beside: Beside = Beside(),
    orders: Mapping[str, Sequence[Order]] | None = None,
) -> tuple[Outcome | None, dict[str, Outcome]]:
    """(the outcome of the whole, the outcomes by constituency): one of the two, each proved or said open."""
    local = by_constituency(system, groups)
    areas = list(groups) if local else [total]
    place = table.constituency if local else None
    found = unsettled(table, place, len(areas))
    lost = {box: lacking(table, box, place, len(areas)) for box in read_boxes(system)}
    out: dict[str, Outcome] = {}
    for at, area in enumerate(areas):
        code = area.path[0] if local else ""
        full = totals_of(table.options, area, frozenset(b for b, mask in lost.items() if mask[at]))
        sure = full if found is None else without(full, found.taken[at], table)
        missing = missing_at(found, at, beside, code if local else None, sure)
        out[code] = decide_place(
            system,
            full,
            missing,
            code=code if local else None,
            seats=seats,
            round_=round_,
            orders=(orders or {}).get(code, ()),
        )
    return (None, out) if local else (out[""], {})
