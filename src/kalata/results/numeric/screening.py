"""The checks of `rules.checks` on columns: 25,000 reports in hundredths of a second.

The identities are the very lambdas of the registry, handed columns instead of numbers. The
quartiles of W02 and W03 are values of real stations (nearest rank), compared as fractions by
cross-multiplication, so that a flag is the same on every machine.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from kalata.results.rules.boxes import ABSENT, Box
from kalata.results.rules.checks import IDENTITIES, Check, Thresholds, boxes_of

from .table import Ints, Table

Mask: TypeAlias = npt.NDArray[np.bool_]


class Columns:
    """Columns by the names the registry's lambdas use; empty boxes read 0, masked elsewhere."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.zero = np.zeros(len(table), np.int64)

    def __getattr__(self, name: str) -> Ints:
        if name == "sum_votes":
            return np.where(self.table.votes == ABSENT, 0, self.table.votes).sum(axis=1)
        if name == "one":
            return self.zero + 1
        column = self.table.column(Box(name))
        return self.zero if column is None else np.maximum(column, 0)


def screen(table: Table, limits: Thresholds = Thresholds(), register: Ints | None = None) -> dict[str, Mask]:
    """code -> stations (mask) where the check does not hold. Codes that do not apply are absent.

    register: (n,) registered voters of the register, ABSENT where it has none.
    """
    out: dict[str, Mask] = {}
    columns = Columns(table)
    live = table.counted
    for check in IDENTITIES:
        assert check.left is not None and check.right is not None
        filled = tested(table, check)
        if filled is None:
            continue
        if check.excused is not None and (noted := table.column(check.excused)) is not None:
            filled &= noted != 1
        left, right = check.left(columns), check.right(columns)
        out[check.code] = filled & ((left != right) if check.relation == "=" else (left > right))
    if (signed := table.column(Box.SIGNATURES)) is not None:
        out["E12"] = live & (signed != ABSENT) & (signed < limits.signatures)
    out["E06"] = live & implausible(table, limits)
    if register is not None and (mine := table.column(Box.REGISTERED)) is not None:
        out["E10"] = live & (register != ABSENT) & (mine != ABSENT) & (mine != register)
    out |= warnings(table, columns, limits, live)
    return out


def tested(table: Table, check: Check) -> Mask | None:
    """Stations on which an identity is put to the test: counted, its boxes filled, none of them outside their file.

    None where it is tested nowhere: the forms, or every file, lack one of its boxes.
    """
    if any(box not in table.boxes for box in check.needs) or (check.code == "E01" and not table.options):
        return None
    filled = table.counted.copy()
    for box in check.needs:
        column = table.column(box)
        assert column is not None
        filled &= column != ABSENT
    if table.lacks is not None:  # a box beside the needed ones reads 0 where the form lacks it, never where a file does
        for box in boxes_of(check):
            filled &= ~table.lacking(box)
        if not filled.any() and table.counted.any():
            return None
    return filled


def implausible(table: Table, limits: Thresholds) -> Mask:
    bad: Mask = np.zeros(len(table), bool)
    for box in table.boxes:
        column = table.column(box)
        assert column is not None
        bad |= ((column == ABSENT) & ~table.lacking(box)) | (column > limits.papers_per_station)
    if table.options:
        blank = table.votes == ABSENT
        bad |= (blank if table.lacks is None else blank & ~table.lacks[:, len(table.boxes) :]).any(axis=1)
        if (valid := table.column(Box.VALID)) is not None:
            bad |= (valid != ABSENT) & (table.votes > valid[:, None]).any(axis=1)
    proxies, voters = table.column(Box.PROXIES), table.column(Box.VOTERS)
    if proxies is not None and voters is not None:
        bad |= (voters != ABSENT) & (proxies > voters)
    return bad


def warnings(table: Table, columns: Columns, limits: Thresholds, live: Mask) -> dict[str, Mask]:
    out: dict[str, Mask] = {}
    voters, ballots = table.column(Box.VOTERS), table.column(Box.BALLOTS)
    registered, nulls = table.column(Box.REGISTERED), table.column(Box.NULL_BALLOTS)
    if voters is not None and ballots is not None:
        gap = np.abs(voters - ballots)
        both = live & (voters != ABSENT) & (ballots != ABSENT)
        wide = at_least(gap, ballots, limits.gap_share) & (gap >= limits.gap_papers)
        out["W01"] = both & (gap > 0) & (wide | at_least(gap, ballots, limits.gap_share_alone))
    papers = ballots if ballots is not None else voters
    if nulls is not None and papers is not None:
        usable = live & (nulls != ABSENT) & (papers > 0)
        out["W02"] = above_fence(nulls, papers, table.area, usable, limits.null_iqr, equal=True) & (
            nulls >= limits.null_papers
        )
    if voters is None:
        voters = ballots
    if voters is not None and registered is not None:
        usable = live & (voters != ABSENT) & (registered > 0)
        high = usable & at_least(voters, registered, limits.turnout_share) & (registered >= limits.turnout_registered)
        out["W03"] = high | above_fence(voters, registered, table.area, usable, limits.turnout_iqr, equal=False)
    if table.options:
        valid = table.valid_votes()
        lead = table.votes.max(axis=1)
        out["W04"] = (
            live
            & (valid >= limits.leader_valid)
            & at_least(lead, valid, limits.leader_share)
            & (len(table.options) > 1)
        )
        if len(table.options) >= limits.same_options:
            out["W05"] = same_vector(table, valid, nulls, live, limits)
        level = (table.votes == table.votes[:, :1]).all(axis=1) & (len(table.options) > 1)
        out["W06"] = live & ((valid == 0) | level)
    return out


def at_least(part: Ints, whole: Ints, share: Fraction) -> Mask:
    """part/whole >= share, by cross-multiplication."""
    return part * share.denominator >= share.numerator * whole


def above_fence(part: Ints, whole: Ints, group: Ints, usable: Mask, factor: Fraction, *, equal: bool) -> Mask:
    """part/whole above Q3 + factor x (Q3 - Q1) of its group (groups under 8 stations: none)."""
    flags: Mask = np.zeros(len(part), bool)
    rows = np.flatnonzero(usable)
    if len(rows) == 0:
        return flags
    ratio = part[rows] / whole[rows]  # only to find the quartiles; the comparison below is exact
    order = np.argsort(group[rows], kind="stable")  # at once where the file goes area by area
    ranked = group[rows[order]]
    starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
    ends = np.r_[starts[1:], len(order)]
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        n = end - start
        if n < 8:
            continue
        inside = order[start:end]
        at = ((n - 1) // 4, (3 * (n - 1) + 3) // 4)
        members = rows[inside]
        first, third = members[np.argpartition(ratio[inside], at)[list(at)]].tolist()
        q1 = Fraction(int(part[first]), int(whole[first]))
        q3 = Fraction(int(part[third]), int(whole[third]))
        fence = q3 + factor * (q3 - q1)
        left, right = part[members] * fence.denominator, fence.numerator * whole[members]
        flags[members] = (left >= right) & (q3 > q1) if equal else left > right
    return flags


def same_vector(table: Table, valid: Ints, nulls: Ints | None, live: Mask, limits: Thresholds) -> Mask:
    """Stations whose votes (and null ballots) are those of another, box by box (W05)."""
    flags: Mask = np.zeros(len(table), bool)
    rows = np.flatnonzero(live & (valid >= limits.same_valid))
    if len(rows) < 2:
        return flags
    print_ = np.zeros(len(rows), np.uint64)  # a fingerprint only to find candidates; compared box by box below
    boxes = [*table.votes.T, *([] if nulls is None else [nulls])]
    for box in boxes:
        print_ *= np.uint64(6364136223846793005)
        print_ += box[rows].astype(np.uint64) + np.uint64(1442695040888963407)
    order = np.argsort(print_)
    near = np.flatnonzero(print_[order][1:] == print_[order][:-1])
    one, other = rows[order[near]], rows[order[near + 1]]
    same = (table.votes[one] == table.votes[other]).all(axis=1)
    if nulls is not None:
        same &= nulls[one] == nulls[other]
    flags[one[same]] = flags[other[same]] = True
    return flags
