"""What is collected of each row of a file before it is a table: which columns are needed, where, and what they held. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

import numpy as np

from kalata.results.numeric.columns import Column
from kalata.results.numeric.options import summed
from kalata.results.numeric.problems import Problem
from kalata.results.numeric.table import Ints, Path, Table
from kalata.results.rules.boxes import ABSENT, Box, Standing
from kalata.results.rules.profile import Profile, UnknownColumn
from kalata.tables.file_faults import DoubledColumn
from kalata.tables.files import Opened
from kalata.tables.rules.folding import place_of, same
from kalata.tables.rules.layout import groups_of


def needed(profile: Profile, header: Sequence[str], file: str) -> tuple[list[tuple[str, str]], dict[str, int]]:
    """The option columns and the place of every column the profile names, or IMP-102."""
    options = profile.options.resolve(header)
    wanted = [*profile.station, *profile.areas, *profile.constituency]
    wanted += [c for columns in profile.figures.values() for c in columns]
    wanted += [c for c, _label in options]
    wanted += [] if profile.options.groups else [c for c in (profile.options.column, profile.options.votes) if c]
    wanted += [*([profile.status.column] if profile.status else []), *profile.where]
    at: dict[str, int] = {}
    for column in wanted:
        place = at.get(column)
        if place is None and (place := place_of(column, header)) is None:
            raise UnknownColumn(field=column, file=file, found=", ".join(header[:40]))
        at[column] = place
    if profile.options.groups and not groups_of(header, profile.options.groups):
        raise UnknownColumn(field=", ".join(profile.options.groups), file=file, found=", ".join(header[:40]))
    return options, at


def columns_of(file: Opened, profile: Profile) -> tuple[list[tuple[str, str]], dict[str, int]]:
    """`needed`, and IMP-115 where a heading that is needed names two columns."""
    doubled = {same(name): name for name in file.twice}
    for column in profile.columns:
        if same(column) in doubled and column not in file.header:
            raise DoubledColumn(file=file.name, field=column[:80])
    return needed(profile, file.header, file.name)


@dataclass(slots=True)
class Columns:
    """What is collected of each row before it becomes a table."""

    keys: list[Path] = field(default_factory=list)
    paths: dict[Path, int] = field(default_factory=dict)
    area: list[Ints] = field(default_factory=list)
    groups: list[Path] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    rows: list[Ints] = field(default_factory=list)

    @property
    def number(self) -> Ints:
        return np.concatenate(self.rows) if self.rows else np.empty(0, np.int64)


def picker(places: Sequence[int]) -> Callable[[list[str]], tuple[str, ...]]:
    """A row to the cells at these places."""
    if len(places) > 1:
        return itemgetter(*places)
    only = places[0]
    return lambda row: (row[only],)


def carried(block: Sequence[list[str]], places: Sequence[int], above: dict[int, str]) -> list[list[str]]:
    """The same rows, where a blank cell of these columns has become the one above it."""
    rows = list(block)
    for row in rows:
        for place in places:
            if row[place].strip():
                above[place] = row[place]
            else:
                row[place] = above.get(place, "")
    return rows


def placed(index: dict[Path, int], paths: list[Path]) -> Ints:
    """The place of each path in the index, new ones added at its end."""
    found = list(map(index.get, paths))
    if None in found:
        found = [index.setdefault(path, len(index)) for path in paths]
    return np.array(found, np.int64)


def counts_of(every: dict[str, Column], number: Ints, limit: int) -> tuple[dict[str, Ints], list[Problem]]:
    problems: list[Problem] = []
    values: dict[str, Ints] = {}
    for name, column in every.items():
        values[name], faults = column.done(limit)
        problems += [Problem(fault.value, int(number[i]), name, text) for i, text, fault in faults]
    return values, problems


def boxes_of(profile: Profile, values: dict[str, Ints], size: int) -> Ints:
    if not profile.figures:
        return np.empty((size, 0), np.int64)
    return np.column_stack([summed([values[c] for c in cs]) for cs in profile.figures.values()])


def assemble(
    profile: Profile,
    got: Columns,
    boxes: tuple[Box, ...],
    figures: Ints,
    votes: Ints,
    labels: list[str],
    problems: list[Problem],
) -> tuple[Table, list[Problem]]:
    """The table of what was collected: standings, constituencies."""
    n = len(got.keys)
    number = got.number
    standing = np.zeros(n, np.int8)
    spec = profile.status
    states = [same(s) for s in got.states]
    if spec is not None:
        meant = dict.fromkeys(spec.counted | spec.contested, 0) | dict.fromkeys(spec.annulled | spec.rerun, 1)
        meant |= dict.fromkeys(spec.missing, 2)
        code = {same(word): value for word, value in meant.items()}
        standing = np.fromiter((code.get(s, -1) for s in states), np.int8, n)
        for i in np.flatnonzero(standing == -1).tolist():
            problems.append(Problem("IMP-207", int(number[i]), spec.column, got.states[i]))
        standing = np.where(standing == -1, 2, standing).astype(np.int8)
    elif labels:
        standing[(votes == ABSENT).all(axis=1)] = Standing.MISSING
    constituencies: dict[str, int] = {}
    constituency = None
    if profile.constituency:
        find = constituencies.setdefault
        constituency = np.fromiter((find(" / ".join(g), len(constituencies)) for g in got.groups), np.int64, n)
    table = Table(
        keys=got.keys,
        paths=list(got.paths) or [()],
        area=np.concatenate(got.area) if got.area else np.zeros(n, np.int64),
        boxes=boxes,
        figures=figures,
        options=labels,
        votes=votes,
        standing=standing,
        rows=number,
        constituencies=list(constituencies),
        constituency=constituency,
        keeps=spec.annulled_keeps if spec else (),
    )
    if spec is not None and spec.rerun | spec.contested:
        again, disputed = ({same(w) for w in words} for words in (spec.rerun, spec.contested))
        table.rerun = np.fromiter((s in again for s in states), np.bool_, n)
        table.contested = np.fromiter((s in disputed for s in states), np.bool_, n)
    return table, problems
