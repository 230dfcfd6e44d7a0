"""Rows and columns of a file that are the sum of others: totals and subtotals, recognised by arithmetic. Pure.

A row is a total where its figures are, in every column, the sum of two stations or more: those just above it, those
just below it, those of an area, or all of them. Equal small numbers meet by chance; the figures of a row must hold
enough for chance to be out of the question (`BITS`), or the row must be named as a total. Rows found are set aside
and the rest is looked at again: a total of subtotals counts too. A row that leaves boxes empty is a total by those it
fills: no clerk is bound to add up every column.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from kalata.results.numeric.table import Ints, Table, group_sums
from kalata.results.rules.boxes import ABSENT
from kalata.results.rules.meanings import begins_as_total, is_total
from kalata.text import Message
from kalata.text import gettext_noop as _

BITS = 24
"""Binary figures that a row must hold beyond those needed to number the rows, for its sum not to be chance."""
PART_BITS = 8
"""The same of a row that leaves boxes empty which the file fills elsewhere: a station rarely does, a line of totals often."""
COLUMN_BITS = 20
"""The same of a column, that is the sum of the others at every station."""
ROUNDS = 6
PATTERNS, MANY = 8, 20_000
"""So many ways of leaving boxes empty are looked at, the rarest first: rows of totals are few. Of many stations three,
for each way costs another pass: a tenth of a second for 143,132."""
ABOVE = _("des lignes %(first)d à %(last)d, au-dessus")
BELOW = _("des lignes %(first)d à %(last)d, au-dessous")
AREA = _("des autres lignes de la zone « %(area)s »")
ALL = _("de toutes les autres lignes")
Marks = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Total:
    """A row (position in the table) that is a sum; why: of what. No why: it is only named so."""

    at: int
    why: Message | None
    parts: Ints  # the rows that make it (positions in the table), total rows among them left out


@dataclass(frozen=True, slots=True)
class Sum:
    """What a row was found to be the sum of, in words and in rows (positions in the table)."""

    why: Message
    parts: Ints


def figures_of(table: Table) -> Ints:
    """(n, columns) what is written of each station, empty as zero."""
    return np.maximum(np.column_stack([table.figures, table.votes]), 0)


def names_of(table: Table, at: int) -> list[str]:
    return [*table.keys[at], *table.paths[int(table.area[at])]]


def named_rows(table: Table) -> dict[int, bool]:
    """Row -> True where a part of its key or area names a total outright, or begins like one and a part of the key is
    blank (« TOTAL KATI » without the code of a station); False where it only begins like one."""
    told: dict[str, bool | None] = {}

    def tell(word: str) -> bool | None:
        if word not in told:
            told[word] = True if is_total(word) else False if begins_as_total(word) else None
        return told[word]

    areas = [[tell(w) for w in path] for path in table.paths]
    shady = {i for i, found in enumerate(areas) if any(f is not None for f in found)}
    out: dict[int, bool] = {}
    if "".join(chain.from_iterable(table.keys)).isdigit() and not shady:
        return out
    odd = {w for w in set(chain.from_iterable(table.keys)) if not w[:1].isdigit() and tell(w) is not None}
    if not odd and not shady:
        return out
    for i, key in enumerate(table.keys):
        found = [told[p] for p in key if p in odd]
        place = int(table.area[i])
        found += [f for f in areas[place] if f is not None] if place in shady else []
        if found:
            out[i] = any(found) or not all(part.strip() for part in key)
    return out


def totals(table: Table) -> list[Total]:
    """The rows that are sums of others, in order; then those that are only named as totals (no `why`)."""
    n = len(table)
    if n < 2:
        return []
    named = named_rows(table)
    values = figures_of(table)
    if not values.shape[1]:
        return []
    bits = np.log2(values + 1.0).sum(axis=1)
    enough = bits >= BITS + np.log2(n)
    found: dict[int, Sum] = {}
    keep = np.arange(n)
    for _round in range(ROUNDS):
        new = sums_among(table, values, keep, enough, named) or partly_filled(table, values, keep, bits, named)
        if not new:
            break
        found |= new
        keep = np.array([i for i in keep.tolist() if i not in new], np.int64)
    out = [Total(i, found[i].why, found[i].parts) for i in sorted(found)]
    return out + [Total(i, None, keep[:0]) for i, outright in sorted(named.items()) if outright and i not in found]


def weights(n: int) -> Marks:
    """n fixed odd weights without a pattern (SplitMix64): only to find candidates, every one is added up.

    Not numpy.random: it costs every command that reads a file its loading.
    """
    out, state = [], 20261125
    for _i in range(n):
        state = (state + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
        out.append((z ^ (z >> 31)) | 1)
    return np.array(out, np.uint64)


def sums_among(table: Table, values: Ints, keep: Ints, enough: npt.NDArray[np.bool_], named: dict[int, bool]) -> dict[int, Sum]:  # fmt: skip
    """Of the rows `keep`, those that are sums of others of them."""
    part = values[keep]
    mark: Marks = (part.astype(np.uint64) * weights(part.shape[1])).sum(axis=1, dtype=np.uint64)
    some = part.any(axis=1)
    allowed = np.array([i in named for i in keep.tolist()]) if named else np.zeros(len(keep), bool)
    look = np.flatnonzero(some & (enough[keep] | allowed))
    if not len(look):
        return {}
    running = np.concatenate([np.zeros(1, np.uint64), np.cumsum(mark, dtype=np.uint64)])
    filled = np.concatenate([[0], np.cumsum(some)])
    order = np.argsort(running, kind="stable")
    ranked = running[order]
    out: dict[int, Sum] = {}
    for where, rows in ((ABOVE, large(part, look, allowed, (-1, -2))), (BELOW, large(part, look, allowed, (1, 2)))):
        wanted = running[rows] - mark[rows] if where is ABOVE else running[rows + 1] + mark[rows]
        spot = np.minimum(np.searchsorted(ranked, wanted), len(ranked) - 1)
        for place in np.flatnonzero(ranked[spot] == wanted).tolist():
            at, edge = int(rows[place]), int(order[spot[place]])
            first, last = (edge, at) if where is ABOVE else (at + 1, edge)
            if first >= last or (filled[last] - filled[first] < 2 and not allowed[at]):
                continue
            if (part[first:last].sum(axis=0) == part[at]).all():
                lines = {"first": int(table.rows[keep[first]]), "last": int(table.rows[keep[last - 1]])}
                out.setdefault(int(keep[at]), Sum(Message(where, lines), keep[first:last]))
    return out | {i: w for i, w in sums_of_areas(table, part, mark, keep, look, allowed).items() if i not in out}


def partly_filled(table: Table, values: Ints, keep: Ints, bits: npt.NDArray[np.float64], named: dict[int, bool]) -> dict[int, Sum]:  # fmt: skip
    """Of the rows `keep` that leave boxes of the file empty, those that are sums of others in the two boxes or more they fill."""
    enough = bits >= PART_BITS + np.log2(len(table))
    written = np.column_stack([table.figures, table.votes])[keep] != ABSENT
    there = written.any(axis=0)
    able = (enough[keep] & (written.sum(axis=1) >= 2)) | (np.isin(keep, list(named)) & written.any(axis=1))
    rows = np.flatnonzero((there & ~written).any(axis=1) & able)
    if not len(rows):
        return {}
    patterns, of, many = np.unique(written[rows], axis=0, return_inverse=True, return_counts=True)
    out: dict[int, Sum] = {}
    for place in np.argsort(many, kind="stable")[: PATTERNS if len(values) < MANY else 3].tolist():
        mine = keep[rows[of.reshape(-1) == place]]
        told = np.zeros(len(values), bool)
        told[mine] = enough[mine]
        called = {i: named[i] for i in mine.tolist() if i in named}
        out |= sums_among(table, values[:, patterns[place]], keep, told, called)
    return out


def large(part: Ints, look: Ints, allowed: npt.NDArray[np.bool_], near: tuple[int, int]) -> Ints:
    """Of the rows `look`, those that hold at least what the two nearest on that side hold: no other is their sum."""
    size = part.sum(axis=1)
    padded = np.concatenate([[0, 0], size, [0, 0]])
    least = padded[look + 2 + near[0]] + padded[look + 2 + near[1]]
    out: Ints = look[(size[look] >= least) | allowed[look]]
    return out


def sums_of_areas(table: Table, part: Ints, mark: Marks, keep: Ints, look: Ints, allowed: npt.NDArray[np.bool_]) -> dict[int, Sum]:  # fmt: skip
    """Rows equal to the other stations of an area, at any level, or to all the others."""
    out: dict[int, Sum] = {}
    area = table.area[keep]
    depth = max((len(p) for p in table.paths), default=0)
    size = part.sum(axis=1)
    both = np.column_stack([mark.astype(np.int64), part.any(axis=1).astype(np.int64)])
    for level in range(depth + 1):
        index: dict[tuple[str, ...], int] = {}
        lift = np.fromiter((index.setdefault(p[:level], len(index)) for p in table.paths), np.int64, len(table.paths))
        where = lift[area]
        sums = group_sums(where, len(index), both)
        wide = sums[:, 1] >= 3  # the total itself and two others
        total = sums[where[look], 0].astype(np.uint64)
        inside = wide[where[look]] & (total == mark[look] * np.uint64(2))
        paths = list(index)
        for place in np.flatnonzero(inside).tolist():
            at = int(look[place])
            others = (where == where[at]) & (np.arange(len(keep)) != at)
            if (part[others].sum(axis=0) == part[at]).all():
                name = " / ".join(paths[int(where[at])])
                why = Message(AREA, {"area": name}) if level else Message(ALL)
                out.setdefault(int(keep[at]), Sum(why, keep[others]))
        if level:
            big = np.flatnonzero(sums[:, 1] >= 2)
            least = group_sums(where, len(index), size[:, None])[big, 0].min(initial=2**62)
            rows = look[size[look] >= least]
            for at in rows[among(mark[rows], sums[big, 0].astype(np.uint64))].tolist():
                for one in big[sums[big, 0].astype(np.uint64) == mark[at]].tolist():
                    if one != where[at] and (part[where == one].sum(axis=0) == part[at]).all():
                        why = Message(AREA, {"area": " / ".join(paths[one])})
                        out.setdefault(int(keep[at]), Sum(why, keep[where == one]))
    return out


def among(values: npt.NDArray[np.uint64], wanted: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Which values are one of those wanted (np.isin brings in the masked arrays, which nothing here needs)."""
    if not len(wanted):
        return np.zeros(len(values), bool)
    known = np.sort(wanted)
    return known[np.minimum(np.searchsorted(known, values), len(known) - 1)] == values


def total_columns(table: Table) -> list[int]:
    """Options that are, at every station, the sum of all the others: a column of totals among the votes."""
    votes = np.maximum(table.votes, 0)
    if votes.shape[1] < 3:
        return []
    whole = votes.sum(axis=1)
    used = whole > 0
    if int(used.sum()) < 2:
        return []
    out = []
    for place in range(votes.shape[1]):
        one = votes[used, place]
        if (2 * one == whole[used]).all() and float(np.log2(one + 1.0).sum()) >= COLUMN_BITS:
            out.append(place)
    return out
