"""Elections of files and tables for the Court's rules: read by `results`, which alone reads and adds up files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from kalata.disputes.rules.election import Election
from kalata.disputes.rules.written import BadElection
from kalata.results import tabulating
from kalata.results.numeric import reading, table
from kalata.results.numeric.table import Table
from kalata.results.rules.profile import Profile
from kalata.results.rules.systems import fits
from kalata.results.rules.unsettled import Beside
from kalata.tables import files
from kalata.tables.rules.folding import place_of

Column = Callable[[str], Sequence[str] | None]


def of_file(source: Path, profile: Profile, sha256: Mapping[str, str]) -> Election:
    """The election of a file under its profile, read as `tabulate` reads it."""
    file = files.opened(source, layout=profile.layout)
    found, _problems, _n = reading.read(file, profile)
    return of_table(found, profile, columns=columns_of(source, profile, found), sha256=sha256)


def of_table(
    found: Table, profile: Profile, *, columns: Column = lambda _name: None, sha256: Mapping[str, str] = {}
) -> Election:
    """The election of a table and the profile (contest, rule, round, seats) that it is of."""
    if profile.system is None:
        raise BadElection(field="contest.system", value="absent", expected="contest: {system: …}")
    fits(profile.system, found.options)
    total = table.totals(found)
    outside = max((profile.expected or 0) - total.stations, 0)
    return Election(
        contest=profile.contest,
        system=profile.system,
        options=tuple(found.options),
        boxes=found.boxes,
        keys=list(found.keys),
        areas=[found.paths[a] for a in found.area.tolist()],
        standing=found.standing.tolist(),
        figures=found.figures.T.tolist(),
        votes=found.votes.T.tolist(),
        round=profile.round,
        constituencies=tuple(found.constituencies) if found.constituency is not None else (),
        constituency=None if found.constituency is None else found.constituency.tolist(),
        seats=profile.seats,
        keeps=found.keeps,
        beside=Beside(outside, profile.absent),
        unlisted=tabulating.unlisted(profile, total) or 0,
        rerun=marks(found.rerun),
        contested=marks(found.contested),
        columns=columns,
        sha256=sha256,
    )


def marks(mask: np.ndarray | None) -> frozenset[int]:
    return frozenset() if mask is None else frozenset(np.flatnonzero(mask).tolist())


def columns_of(source: Path, profile: Profile, found: Table) -> Column:
    """Any column of the file by its name: names of areas and constituencies as they were folded, the others as written."""

    def column(name: str) -> Sequence[str] | None:
        place = place_of(name, profile.areas)
        if place is not None:
            return [found.paths[a][place] for a in found.area.tolist()]
        if place_of(name, profile.constituency) is not None and len(profile.constituency) == 1:
            assert found.constituency is not None
            return [found.constituencies[c] for c in found.constituency.tolist()]
        place = place_of(name, profile.station)
        if place is not None:
            return [key[place] for key in found.keys]
        return as_written(source, profile, found, name)

    return column


def as_written(source: Path, profile: Profile, found: Table, name: str) -> Sequence[str] | None:
    """A column that the profile does not name, read again from the file; of long rows, the first of each station."""
    file = files.opened(source, layout=profile.layout)
    place = place_of(name, file.header)
    if place is None:
        return None
    wanted = set(found.rows.tolist())
    words: dict[int, str] = {}
    for start, block in file.blocks:
        for row, cells in enumerate(block, start):
            if row in wanted:
                words[row] = cells[place]
    return [words.get(row, "") for row in found.rows.tolist()]


def digest_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
