"""A file that corrects another: a re-run, a rectification. What it says takes the place of what was, and is said. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from kalata.results.numeric.problems import Problem
from kalata.results.numeric.station_keys import SEP, folded
from kalata.results.numeric.table import Ints, Path, Table, marked
from kalata.results.rules.boxes import ABSENT, Standing
from kalata.results.rules.profile import OptionSpec, Profile
from kalata.tables.files import Opened
from kalata.tables.rules.folding import Said, place_of
from kalata.text import Message
from kalata.text import gettext_noop as _

Mask = npt.NDArray[np.bool_]
TOLD = 30
"""Stations whose change is written out; beyond, they are counted."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a file of corrections speaks of. listed: the options it leaves out are left as they were."""

    profile: Profile
    status: bool
    listed: bool


def scope_of(file: Opened, profile: Profile) -> Scope:
    """The part of a profile that a file of corrections has the columns for: the station always, the rest where it is."""

    def here(column: str) -> bool:
        return place_of(column, file.header) is not None

    figures = {box: columns for box, columns in profile.figures.items() if all(map(here, columns))}
    spec = profile.options
    options: OptionSpec = replace(
        spec,
        columns=tuple(c for c in spec.columns if here(c)),
        labels={c: name for c, name in spec.labels.items() if here(c)},
    )
    status = profile.status if profile.status and here(profile.status.column) else None
    areas = profile.areas if all(map(here, profile.areas)) else ()
    groups = profile.constituency if all(map(here, profile.constituency)) else ()
    part = replace(profile, figures=figures, options=options, status=status, areas=areas, constituency=groups, totals="keep")  # fmt: skip
    return Scope(part, status is not None, bool(spec.columns or spec.labels))


def unknown(table: Table, corrections: Table) -> list[Problem]:
    """Stations of the corrections that the table does not have (IMP-239)."""
    held = set(folded(table.keys))
    marks = folded(corrections.keys)
    return [
        Problem("IMP-239", int(corrections.rows[i]), "station", SEP.join(corrections.keys[i]))
        for i, mark in enumerate(marks)
        if mark not in held
    ]


def corrected(table: Table, new: Table, scope: Scope) -> Table:
    """The table where what `new` says of its stations stands; a cell it leaves empty, or a box it lacks, stays.

    An option that `new` does not have keeps its votes where the profile lists the options one by one; where it takes
    them from the headings (a re-run with other lists), it has none there any more. A station that the table does not
    have is added at the end.
    """
    at = {mark: i for i, mark in enumerate(folded(table.keys))}
    marks = folded(new.keys)
    fresh = [i for i, mark in enumerate(marks) if mark not in at]
    out = widened(table, new, fresh)
    at |= {marks[i]: len(table) + j for j, i in enumerate(fresh)}
    place = {option: out.options.index(option) for option in new.options}
    paths: dict[Path, int] = {p: i for i, p in enumerate(out.paths)}
    groups = {g: i for i, g in enumerate(out.constituencies)}
    told: list[str] = []
    rows = []
    for i, mark in enumerate(marks):
        row = at[mark]
        before = dict(zip(out.options, out.votes[row].tolist(), strict=True)) | labelled(out, row)
        if not scope.listed and (new.votes[i] != ABSENT).all():
            out.votes[row] = ABSENT
        for j, option in enumerate(new.options):
            if new.votes[i, j] != ABSENT:
                out.votes[row, place[option]] = new.votes[i, j]
        for j, box in enumerate(out.boxes):
            column = new.column(box)
            if column is not None and column[i] != ABSENT:
                out.figures[row, j] = column[i]
        if scope.status or row >= len(table):
            out.standing[row] = new.standing[i]
        elif out.standing[row] == Standing.MISSING and (out.votes[row] != ABSENT).any():
            out.standing[row] = Standing.COUNTED
        path = new.paths[int(new.area[i])]
        if any(path):
            out.area[row] = paths.setdefault(path, len(paths))
        if out.constituency is not None and new.constituency is not None:
            group = new.constituencies[int(new.constituency[i])]
            out.constituency[row] = groups.setdefault(group, len(groups))
        for mine, theirs in ((out.contested, new.contested), (out.rerun, new.rerun)):
            if mine is not None and scope.status:
                mine[row] = theirs is not None and bool(theirs[i])
        after = dict(zip(out.options, out.votes[row].tolist(), strict=True)) | labelled(out, row)
        rows.append(int(new.rows[i]))
        if len(told) < TOLD:
            told.append(f"{SEP.join(out.keys[row])} : {changes(before, after)}")
    out.paths, out.constituencies = list(paths), list(groups)
    what = {"n": len(marks), "fresh": len(fresh), "what": " ; ".join(told) or "–"}
    out.said.append(Said("correction", Message(_("%(n)d {n:bureau corrigé|bureaux corrigés}, dont %(fresh)d qui {fresh:n’était|n’étaient} pas dans le fichier. %(what)s"), what), tuple(rows)))  # fmt: skip
    return out


def labelled(table: Table, row: int) -> dict[str, int]:
    return {box.value: int(v) for box, v in zip(table.boxes, table.figures[row], strict=True)}


def changes(before: Mapping[str, int], after: Mapping[str, int]) -> str:
    def shown(value: int) -> str:
        return "∅" if value == ABSENT else str(value)

    return ", ".join(f"{k} {shown(before[k])} → {shown(after[k])}" for k in after if before[k] != after[k]) or "="


def widened(table: Table, new: Table, fresh: list[int]) -> Table:
    """A copy of the table with room for more options and stations."""
    labels = [*table.options, *(o for o in new.options if o not in table.options)]
    size, more = len(table) + len(fresh), np.array(fresh, np.int64)
    votes = np.full((size, len(labels)), ABSENT, np.int64)
    votes[: len(table), : len(table.options)] = table.votes
    figures = np.full((size, len(table.boxes)), ABSENT, np.int64)
    figures[: len(table)] = table.figures

    def longer(values: Ints) -> Ints:
        return np.concatenate([values, np.zeros(len(fresh), np.int64)])

    def mask(mine: Mask | None, theirs: Mask | None) -> Mask | None:
        return None if mine is None and theirs is None else marked(mine, size)

    return replace(
        table,
        keys=table.keys + [new.keys[i] for i in fresh],
        area=longer(table.area),
        figures=figures,
        options=labels,
        votes=votes,
        standing=np.concatenate([table.standing, np.zeros(len(fresh), np.int8)]),
        rows=np.concatenate([table.rows, new.rows[more]]),
        constituency=None if table.constituency is None else longer(table.constituency),
        area_order=None,
        listed=None,
        contested=mask(table.contested, new.contested),
        rerun=mask(table.rerun, new.rerun),
        said=[*table.said, *new.said],
        proofs=[*table.proofs, *new.proofs],
    )
