"""The areas and constituencies of a file: one name where writings differ by spaces, case, accents or width. Pure."""

from __future__ import annotations

import numpy as np

from kalata.results.numeric.table import Ints, Path, Table
from kalata.tables.rules.folding import AREA, Folded, Said, folded_said, kept, same


def one_name_each(paths: list[Path]) -> tuple[list[Path], Ints, list[Folded]]:
    """(distinct paths as they are kept, the place among them of each given path, what was folded).

    A name with one writing stays as it is written, without the spaces around it.
    """
    writings: dict[Path, dict[str, None]] = {}
    marks: dict[str, str] = {}
    keys = []
    for path in paths:
        key: Path = ()
        for word in path:
            mark = marks.get(word)
            if mark is None:
                mark = marks[word] = same(word)
            key = (*key, mark)
            writings.setdefault(key, {})[word.strip()] = None
        keys.append(key)
    names = {key: next(iter(found)) if len(found) == 1 else kept(next(iter(found))) for key, found in writings.items()}
    index: dict[Path, int] = {}
    place = np.empty(len(paths), np.int64)
    for i, key in enumerate(keys):
        tidy = tuple([names[key[: depth + 1]] for depth in range(len(key))])
        place[i] = index.setdefault(tidy, len(index))
    folded = [
        Folded(names[k], tuple(w for w in found if w != names[k])) for k, found in writings.items() if len(found) > 1
    ]
    return list(index), place, folded


def fold_areas(table: Table) -> dict[str, str]:
    """Make the areas of a table one each, and say what was folded. Returns writing -> name, for keys made of areas."""
    paths, place, folded = one_name_each(table.paths)
    if paths != table.paths:
        table.paths, table.area = paths, place[table.area]
    table.said += said_of(folded)
    return {other: one.name for one in folded for other in one.others}


def fold_constituencies(table: Table, known: list[str]) -> None:
    """The same for constituencies; those that a profile names (table of seats) keep the writing of the profile."""
    if table.constituency is None or not table.constituencies:
        return
    names = {same(k): k for k in known}
    index: dict[str, int] = {}
    marks: dict[str, str] = {}
    others: dict[str, dict[str, None]] = {}
    place = np.empty(len(table.constituencies), np.int64)
    for i, word in enumerate(table.constituencies):
        name = word if word in known else names.get(same(word), marks.setdefault(same(word), kept(word)))
        if word != name:
            others.setdefault(name, {})[word] = None
        place[i] = index.setdefault(name, len(index))
    table.constituencies, table.constituency = list(index), place[table.constituency]
    table.said += said_of([Folded(name, tuple(found)) for name, found in others.items()])


MOST = 20


def said_of(folded: list[Folded]) -> list[Said]:
    """One sentence a name, the first of them."""
    return [folded_said(AREA, one) for one in folded[:MOST]]
