"""The keys of a file's stations: put into the alphabet of codes, and each once. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from kalata import codes
from kalata.results.numeric.reading import Problem
from kalata.results.numeric.table import Path, Table

SEP = " / "
"""Between the parts of a station's code."""


def coded(table: Table, field: str) -> list[Problem]:
    """Put the keys of the stations, and the names of their areas, into the one alphabet of codes; what cannot be is said."""
    known: dict[str, str | codes.Fault] = {"": ""}
    out: list[Problem] = []

    def one(part: str) -> str:
        found = known.get(part)
        if found is None:
            found = known[part] = codes.tidy(part)
        if isinstance(found, codes.Fault):
            raise Untidy(part, found)
        return found

    for i, key in enumerate(table.keys):
        try:
            table.keys[i] = tuple([one(part) for part in key])
        except Untidy as why:
            out.append(Problem("IMP-221", int(table.rows[i]), field, why.text, fault=why.fault))
    return out


class Untidy(Exception):
    """A part of a key that is no code."""

    def __init__(self, text: str, fault: codes.Fault) -> None:
        self.text, self.fault = text, fault


def doubles(table: Table) -> list[Problem]:
    """Stations that stand twice in the file, to the letter or to the eye, and empty keys."""
    out: list[Problem] = []
    same = folded(table.keys)
    if len(set(same)) < len(same):
        seen: dict[str, int] = {}
        for i, (mark, row) in enumerate(zip(same, table.rows.tolist(), strict=True)):
            first = seen.setdefault(mark, i)
            if first != i:
                told = "IMP-206" if table.keys[first] == table.keys[i] else "IMP-222"
                out.append(Problem(told, row, "station", SEP.join(table.keys[i]), int(table.rows[first])))
    if not all(map(any, table.keys)):
        for key, row in zip(table.keys, table.rows.tolist(), strict=True):
            if not any(part.strip() for part in key):
                out.append(Problem("IMP-208", row, "station"))
    return out


def folded(keys: Sequence[Path]) -> list[str]:
    """What makes the station of each key the same as another (codes.key of its code)."""
    known: dict[str, str] = {}

    def one(part: str) -> str:
        found = known.get(part)
        if found is None:
            found = known[part] = codes.key(part)
        return found

    return [SEP.join([one(part) for part in key]) for key in keys]


def number_doubles(table: Table, twice: list[Problem]) -> None:
    """Keep both rows of a station that stands twice, the later one numbered, as the profile asks."""
    rows = {row: i for i, row in enumerate(table.rows.tolist())}
    for rank, problem in enumerate(twice, 2):
        i = rows[problem.row]
        table.keys[i] = (*table.keys[i][:-1], f"{table.keys[i][-1]} #{rank}")
    table.kept_doubles = twice
