"""Options named in a column: one row each (long files), or the same columns again to the right. Pure.

A station's figures are its first that are not empty; rows that disagree are named. Rows that give blank or null
ballots go to their box where the profile says so, and are refused where it does not: they would be elected.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kalata.results.numeric.agreement import first_filled, first_said
from kalata.results.numeric.collecting import Columns, assemble, boxes_of, carried, columns_of
from kalata.results.numeric.columns import Column
from kalata.results.numeric.problems import Problem
from kalata.results.numeric.table import Ints, Path, Table
from kalata.results.rules.boxes import ABSENT, LABELS, Box
from kalata.results.rules.profile import Profile
from kalata.tables.files import Opened
from kalata.tables.rules.folding import kept, same
from kalata.text import Message
from kalata.text import gettext_noop as _

AREA_SAID = _("la zone y est « %(value)s »")
STATUS_SAID = _("l’état y est « %(value)s »")
GROUP_SAID = _("la circonscription y est « %(value)s »")
FIGURE_SAID = _("la colonne y dit %(value)s")


def read_long(file: Opened, profile: Profile, limit: int) -> tuple[Table, list[Problem]]:
    """A row per station and option."""
    _options, place = columns_of(file, profile)
    index: dict[Path, int] = {}
    figure_columns = {c: Column(c) for columns in profile.figures.values() for c in columns}
    cells = Column(profile.options.votes)
    station: list[int] = []
    words: list[str] = []
    areas: list[Path] = []
    groups: list[Path] = []
    states: list[str] = []
    rows: list[int] = []
    above: dict[int, str] = {}
    tidy: dict[str, str] = {}
    for start, block in file.blocks:
        if profile.carry:
            block = carried(block, [place[c] for c in profile.carry], above)
        rows += range(start, start + len(block))
        for row in block:
            key = tuple([tidy.get(part) or tidy.setdefault(part, kept(part)) for part in (row[place[c]] for c in profile.station)])  # fmt: skip
            station.append(index.setdefault(key, len(index)))
        areas += [tuple(row[place[c]] for c in profile.areas) for row in block]
        groups += [tuple(row[place[c]] for c in profile.constituency) for row in block]
        if profile.status:
            states += [row[place[profile.status.column]] for row in block]
        for name, column in figure_columns.items():
            column.feed([row[place[name]] for row in block])
        if profile.options.column:
            words += [row[place[profile.options.column]] for row in block]
            cells.feed([row[place[profile.options.votes]] for row in block])
    at, number = np.array(station, np.int64), np.array(rows, np.int64)
    size = len(index)
    first = number[np.unique(at, return_index=True)[1]] if size else number
    keys = list(index)
    problems: list[Problem] = []
    values: dict[str, Ints] = {}
    for name, column in figure_columns.items():
        whole, faults = column.done(limit)
        problems += [Problem(fault.value, int(number[i]), name, text) for i, text, fault in faults]
        values[name], clash = first_filled(whole, at, size)
        problems += [disagree(number, i, j, name, str(whole[j]), FIGURE_SAID, int(whole[i])) for i, j in clash]
    got = Columns(keys=keys, rows=[first])
    settle(got, profile, areas, groups, states, station, number, problems)
    figures = boxes_of(profile, values, size)
    boxes, votes = tuple(profile.figures), np.empty((size, 0), np.int64)
    labels: list[str] = []
    if profile.options.votes:
        counts, faults = cells.done(limit)
        problems += [Problem(fault.value, int(number[i]), profile.options.votes, text) for i, text, fault in faults]
        boxes, figures, labels, votes = spread(profile, figures, at, words, counts, number, problems)
    return assemble(profile, got, boxes, figures, votes, labels, problems)


def disagree(number: Ints, i: int, j: int, name: str, value: object, why: str, said: object) -> Problem:
    return Problem("IMP-238", int(number[i]), name, str(said), int(number[j]), why=Message(why, {"value": value}))


def settle(
    got: Columns, profile: Profile, areas: list[Path], groups: list[Path], states: list[str],
    station: list[int], number: Ints, problems: list[Problem],
) -> None:  # fmt: skip
    """The area, constituency and status of each station, from all of its rows."""
    for name, words, why in (
        (" + ".join(profile.areas), areas, AREA_SAID),
        (" + ".join(profile.constituency), groups, GROUP_SAID),
    ):
        if not name:
            continue
        marks: list[Path] = [tuple(map(same, path)) for path in words]
        nothing: Path = ("",) * len(words[0]) if words else ()
        clash = first_said(marks, station, nothing)[1]
        problems += [disagree(number, i, j, name, " / ".join(words[j]), why, " / ".join(words[i])) for i, j in clash]
        kept_words = first_said(words, station, nothing)[0]
        if words is areas:
            find = got.paths.setdefault
            got.area = [np.fromiter((find(p, len(got.paths)) for p in kept_words), np.int64, len(kept_words))]
        else:
            got.groups = kept_words
    if profile.status:
        states_same = [same(s) for s in states]
        clash = first_said(states_same, station, "")[1]
        problems += [disagree(number, i, j, profile.status.column, states[j], STATUS_SAID, states[i]) for i, j in clash]
        got.states = first_said(states, station, "")[0]


def spread(
    profile: Profile, figures: Ints, at: Ints, words: Sequence[str], counts: Ints, number: Ints, problems: list[Problem]
) -> tuple[tuple[Box, ...], Ints, list[str], Ints]:
    """(boxes, figures, options, votes) of stations from (station, word, count) triples."""
    boxes = list(profile.figures)
    labels: dict[str, int] = {}
    target = np.empty(len(words), np.int64)  # an option, or -1 - box
    known: dict[str, int] = {}
    for i, word in enumerate(words):
        mark = known.get(word)
        if mark is None:
            tidy = kept(word)
            box = profile.options.boxes.get(same(word))
            if box is not None and box not in boxes:
                boxes.append(box)
            mark = known[word] = -1 - boxes.index(box) if box is not None else labels.setdefault(tidy, len(labels))
        target[i] = mark
    if (nameless := labels.get("")) is not None:
        away = np.flatnonzero((target == nameless) & (counts > 0))
        problems += [Problem("IMP-240", int(number[i]), profile.options.column) for i in away.tolist()]
    size = len(figures)
    votes = np.full((size, len(labels)), ABSENT, np.int64)
    figures = np.column_stack([figures, np.full((size, len(boxes) - figures.shape[1]), ABSENT, np.int64)])
    name = profile.options.column
    for where, out in ((target >= 0, votes), (target < 0, figures)):
        rows = np.flatnonzero(where)
        column = target[rows] if out is votes else -1 - target[rows]
        spot = at[rows] * max(out.shape[1], 1) + column
        order = np.argsort(spot, kind="stable")
        again = order[1:][spot[order][1:] == spot[order][:-1]]
        for i in rows[np.sort(again)].tolist():
            told = words[i] if out is votes else LABELS[boxes[-1 - int(target[i])]]
            problems.append(Problem("IMP-209", int(number[i]), name, told))
        if out.shape[1]:
            out[at[rows], column] = counts[rows]
    if nameless is not None:
        votes = np.delete(votes, nameless, axis=1)
    return tuple(boxes), figures, [name for name in labels if name], votes


def grouped(
    profile: Profile, got: Columns, figures: Ints, pairs: Sequence[tuple[list[str], Ints]]
) -> tuple[tuple[Box, ...], Ints, list[str], Ints, list[Problem]]:
    """The same from columns that repeat: in each row, a name and its votes, again and again; a blank name is no option."""
    size = len(got.keys)
    at, words, counts = [], [], []
    problems: list[Problem] = []
    rows = np.arange(size, dtype=np.int64)
    for held, votes in pairs:
        filled = np.array([bool(w.strip()) for w in held], bool)
        for i in np.flatnonzero(~filled & (votes > 0)).tolist():
            problems.append(Problem("IMP-240", int(got.number[i]), profile.options.column))
        at.append(rows[filled])
        words += [w for w, has in zip(held, filled.tolist(), strict=True) if has]
        counts.append(votes[filled])
    where = np.concatenate(at) if at else rows[:0]
    count = np.concatenate(counts) if counts else rows[:0]
    boxes, figures, labels, votes = spread(profile, figures, where, words, count, got.number[where], problems)
    return boxes, figures, labels, votes, problems
