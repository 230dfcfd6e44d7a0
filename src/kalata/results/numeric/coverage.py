"""Coverage and balance of every area from columns: one pass over the stations, leaves first, then upwards. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from kalata.results.numeric.areas import Lazily, lifted
from kalata.results.numeric.table import Ints, Path, Table, group_sums
from kalata.results.rules.balance import BALANCES, Balance, sides
from kalata.results.rules.boxes import ABSENT, Box, Standing
from kalata.results.rules.coverage import Coverage, Situation


def registered_of(table: Table, listed: Ints, situation: Ints) -> Ints:
    """Electors of each station as the register has them; of an annulled one it does not know, its own report's."""
    own = table.column(Box.REGISTERED)
    if own is None:
        return listed
    return np.where((listed == ABSENT) & (situation == Situation.ANNULLED), own, listed)


def columns_of(table: Table, situation: Ints, listed: Ints) -> Ints:
    masks = [situation == s for s in Situation]
    registered = registered_of(table, listed, situation)
    lost = registered == ABSENT
    known = np.maximum(registered, 0)
    away = masks[Situation.MISSING] | masks[Situation.RECALLED]
    found = list(masks)
    for mask in (away, masks[Situation.ANNULLED], masks[Situation.RECALLED]):
        found += [mask * known, mask & lost]
    return np.column_stack(found).astype(np.int64)


def as_coverage(line: Sequence[int], unlisted: int = 0) -> Coverage:
    counted, annulled, missing, recalled, *rest = line
    registered = [None if lost else known for known, lost in zip(rest[::2], rest[1::2], strict=True)]
    return Coverage(
        expected=counted + annulled + missing + recalled + unlisted,
        counted=counted,
        annulled=annulled,
        recalled=recalled,
        registered_away=registered[0],
        registered_annulled=registered[1],
        registered_recalled=registered[2],
        unlisted=unlisted,
    )


def by_area(table: Table, situation: Ints, listed: Ints, unlisted: int = 0) -> Mapping[Path, Coverage]:
    """unlisted: expected of the whole and in no area."""
    at, sums = lifted(table, columns_of(table, situation, listed))
    return Lazily(at, sums, lambda path, line: as_coverage(line, 0 if path else unlisted))


def by_group(table: Table, situation: Ints, listed: Ints) -> dict[str, Coverage]:
    """The same by constituency."""
    if table.constituency is None:
        return {}
    columns = columns_of(table, situation, listed)
    sums = group_sums(table.constituency, len(table.constituencies), columns)
    return {code: as_coverage(line.tolist()) for code, line in zip(table.constituencies, sums, strict=True)}


# --- sums that should be equal -----------------------------------------------------------------------
def balances_by_area(table: Table) -> Mapping[Path, list[Balance]]:
    """The equalities of totals that the forms allow, in every area, each with where the gap comes from."""
    live, kept = table.counted, table.standing == Standing.ANNULLED
    figures: dict[str, Ints] = {}
    for box in table.boxes:
        column = table.column(box)
        assert column is not None
        figures[box.value] = np.where(live | (kept if box in table.keeps else False), column, ABSENT)
    if table.options:
        figures["votes"] = np.where(live, np.maximum(table.votes, 0).sum(axis=1), ABSENT)
        if Box.VALID in table.boxes:
            figures[Box.VALID.value] = np.where(live, table.valid_votes(), figures[Box.VALID.value])
        else:
            figures[Box.VALID.value] = np.where(live, table.valid_votes(), ABSENT)
    rules = [rule for rule in BALANCES if rule.fits(figures)]
    parts = []
    for rule in rules:
        left, right, gap, filled = sides(rule, figures)
        up, down, hole = filled & (gap > 0), filled & (gap < 0), ~filled & (gap != 0)
        parts += [left, right, up, up * gap, down, down * gap, hole, hole * gap]
    if not rules:
        return {}
    at, sums = lifted(table, np.column_stack(parts).astype(np.int64))
    return Lazily(at, sums, lambda _p, line: [Balance(r, *line[8 * i : 8 * i + 8]) for i, r in enumerate(rules)])
