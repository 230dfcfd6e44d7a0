"""From an opened file and a profile to a table, cell by cell, with everything that is wrong.

Digits are taken a block at a time; whatever is not plain digits waits until its whole column
has been seen, because only then is its convention known (`rules.numbers`). What was folded, added up, passed over
or carried is said (`Table.said`), and the command line and the wizard show it alike. Pure.
"""

from __future__ import annotations

import gc
from dataclasses import replace

import numpy as np

from kalata.results.numeric import cleaning
from kalata.results.numeric.collecting import (
    Columns,
    assemble,
    boxes_of,
    carried,
    columns_of,
    counts_of,
    needed,
    picker,
    placed,
)
from kalata.results.numeric.columns import Column
from kalata.results.numeric.long_rows import grouped, read_long
from kalata.results.numeric.problems import MAX_PROBLEMS, SAYS, BadFile, Problem
from kalata.results.numeric.table import Table
from kalata.results.rules.profile import Profile
from kalata.tables.csv_files import Cells
from kalata.tables.file_faults import EmptyFile
from kalata.tables.files import Opened
from kalata.tables.rules.layout import groups_of

__all__ = ["MAX_PROBLEMS", "SAYS", "BadFile", "Problem", "needed", "read"]


def read(
    file: Opened, profile: Profile, *, limit: int = 10**6, strict: bool = True
) -> tuple[Table, list[Problem], int]:
    """The table of a file under a profile, its problems (the first MAX_PROBLEMS) and their number.

    Raises:
        UnknownColumn: IMP-102. EmptyFile: IMP-114. BadFile: IMP-200 with every problem, when `strict`.
    """
    if profile.where:
        file.blocks = cleaning.chosen_rows(file, profile, file.blocks)
    pause = gc.isenabled()
    gc.disable()  # hundreds of thousands of small strings and no cycle: collecting them twice costs a third of the time
    try:
        table, problems = read_long(file, profile, limit) if profile.rows == "long" else read_wide(file, profile, limit)
    finally:
        if pause:
            gc.enable()
    if not len(table) and not problems:
        raise EmptyFile(file=file.name)
    table, problems = cleaning.cleaned(file, profile, table, problems)
    problems.sort(key=lambda p: p.row)
    if len(file.facts.read) > 1:
        problems = [located(file, p) for p in problems[:MAX_PROBLEMS]] + problems[MAX_PROBLEMS:]
    if problems and strict:
        raise BadFile(problems[:MAX_PROBLEMS], len(problems), file.name)
    return table, problems[:MAX_PROBLEMS], len(problems)


def located(file: Opened, problem: Problem) -> Problem:
    """The same problem by its sheet and the row in it."""
    sheet, row = file.place(problem.row)
    other = file.place(problem.other)[1] if problem.other else 0
    return replace(problem, row=row, other=other, field=f"{sheet} / {problem.field}")


def read_wide(file: Opened, profile: Profile, limit: int) -> tuple[Table, list[Problem]]:
    options, place = columns_of(file, profile)
    figure_columns = {c: Column(c) for columns in profile.figures.values() for c in columns}
    every = figure_columns | {c: Column(c) for c, _label in options}
    spec = profile.options
    pairs: list[tuple[str, str]] = []
    if spec.groups:
        ask, give = spec.groups.index(spec.column), spec.groups.index(spec.votes)
        pairs = [(file.header[g[ask]], file.header[g[give]]) for g in groups_of(file.header, spec.groups)]
        place = place | {name: file.header.index(name) for pair in pairs for name in pair}
        every |= {votes: Column(votes) for _name, votes in pairs}
    names: dict[str, list[str]] = {name: [] for name, _votes in pairs}
    got = Columns()
    wanted = list(place)
    pick = picker(list(place.values()))
    above: dict[int, str] = {}
    for start, block in file.blocks:
        if profile.carry:
            block = carried(block, [place[c] for c in profile.carry], above)
        if isinstance(block, Cells):
            columns = {name: block.column(at) for name, at in place.items()}
        else:
            columns = dict(zip(wanted, map(list, zip(*map(pick, block), strict=True)), strict=True))
        got.keys.extend(zip(*(columns[c] for c in profile.station), strict=False))
        if profile.areas:
            got.area.append(placed(got.paths, list(zip(*(columns[c] for c in profile.areas), strict=True))))
        if profile.constituency:
            got.groups.extend(zip(*(columns[c] for c in profile.constituency), strict=True))
        if profile.status:
            got.states.extend(columns[profile.status.column])
        for name, column in every.items():
            column.feed(columns[name])
        for name, held in names.items():
            held.extend(columns[name])
        got.rows.append(np.arange(start, start + len(block), dtype=np.int64))
    values, problems = counts_of(every, got.number, limit)
    figures = boxes_of(profile, values, len(got.keys))
    if pairs:
        boxes, figures, labels, votes, more = grouped(profile, got, figures, [(names[n], values[v]) for n, v in pairs])
        return assemble(profile, got, boxes, figures, votes, labels, problems + more)
    votes = np.column_stack([values[c] for c, _l in options]) if options else np.empty((len(got.keys), 0), np.int64)
    return assemble(profile, got, tuple(profile.figures), figures, votes, [label for _c, label in options], problems)
