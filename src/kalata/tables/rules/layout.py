"""How the table lies in a file: its sheets, its line of headings, what repeats to the right, what is left blank. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kalata.tables.rules.folding import kept, place_of, same

SEARCHED = 60
"""Rows among which the line of headings is looked for."""
ALL = "*"


@dataclass(frozen=True, slots=True)
class Layout:
    """columns: headings that the line of headings must hold, where they are known. header: its row, where it is said.

    groups: headings that repeat to the right of the last column, written once or each time.
    sheets: the sheets to read one below the other; ("*",) for all that have the columns; () to choose the only one.
    """

    encoding: str = "auto"
    separator: str = ""
    columns: tuple[str, ...] = ()
    header: int | None = None
    header_rows: int = 1
    sheets: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    def record(self) -> dict[str, object]:
        """What crosses to a child process."""
        return {
            "encoding": self.encoding, "separator": self.separator, "columns": list(self.columns), "header": self.header,
            "header_rows": self.header_rows, "sheets": list(self.sheets), "groups": list(self.groups),
        }  # fmt: skip

    @classmethod
    def of(cls, record: Mapping[str, object]) -> Layout:
        made = {k: tuple(v) if isinstance(v, list) else v for k, v in record.items()}
        return cls(**made)  # type: ignore[arg-type]


def filled(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell.strip())


def holds(row: Sequence[str], columns: Sequence[str]) -> bool:
    return all(place_of(column, row) is not None for column in columns)


def header_at(rows: Sequence[Sequence[str]], layout: Layout) -> int:
    """The place of the line of headings among the first rows: said, or the first that holds the columns that are known,
    or the first that is at least half as full as the fullest. Rows before it are titles and notes, be they merged over
    every column."""
    if layout.header is not None:
        return min(layout.header - 1, max(len(rows) - 1, 0))
    if layout.columns:
        for place in range(len(rows)):
            if holds(joined(rows[place : place + layout.header_rows]), layout.columns):
                return place
    full = max(map(filled, rows), default=0)
    likely = [i for i, row in enumerate(rows) if 2 * filled(row) >= full and filled(row)]
    named_each = likely if layout.header_rows > 1 else [i for i in likely if not banner(rows[i])]
    return (named_each or likely or [0])[0]


BANNER = 4
"""Filled cells from which a row of one or two texts is a title written over several columns, not their names."""


def banner(row: Sequence[str]) -> bool:
    """A title over merged columns: four cells and more that say one or two things. Headings name each column."""
    return filled(row) >= BANNER and len({same(cell) for cell in row if cell.strip()}) <= 2


def joined(rows: Sequence[Sequence[str]]) -> list[str]:
    """Headings written over several rows, from top to bottom; a blank cell of an upper row belongs to the one at its left."""
    if len(rows) == 1:
        return list(rows[0])
    width = max(map(len, rows))
    parts: list[list[str]] = [[] for _i in range(width)]
    for level, row in enumerate(rows):
        last = ""
        for place in range(width):
            cell = kept(row[place]) if place < len(row) else ""
            under = any(place < len(r) and r[place].strip() for r in rows[level + 1 :])
            if cell:
                last = cell
            if said := cell or (last if under else ""):
                parts[place].append(said)
    return [" / ".join(p) for p in parts]


def named(row: Sequence[str]) -> tuple[list[str], list[str]]:
    """(the names of the columns, the names that stood twice). One without a name is called by its place, one whose
    name stands twice by its name and rank, so that no name means two columns."""
    names = [kept(cell) for cell in row]
    ranks: dict[str, int] = {}
    twice = [n for n in dict.fromkeys(names) if n and names.count(n) > 1]
    out = []
    for place, name in enumerate(names, 1):
        if name in twice:
            ranks[name] = ranks.get(name, 0) + 1
            name = f"{name} [{ranks[name]}]"
        out.append(name or f"colonne {place}")
    return out, twice


def repeated(header: Sequence[str], groups: Sequence[str], width: int) -> list[str]:
    """The headings of a file of `width` columns whose last ones repeat, each repetition numbered from 2."""
    out = list(header)
    rank = 2
    while len(out) < width:
        out += [f"{name} {rank}" for name in groups]
        rank += 1
    return out


def groups_of(header: Sequence[str], groups: Sequence[str]) -> list[list[int]]:
    """The places of each repetition of `groups`: written once and numbered by `repeated`, or written each time."""
    found: list[list[int]] = []
    firsts = [i for i in range(len(header)) if alike(header[i], groups[0])]
    for at in firsts:
        part = header[at : at + len(groups)]
        if len(part) == len(groups) and all(alike(h, g) for h, g in zip(part, groups, strict=True)):
            found.append(list(range(at, at + len(groups))))
    return found


def alike(heading: str, name: str) -> bool:
    """A heading that is `name`, or `name` with a number after it: Voix 2, Voix [2], Voix_2."""
    left, right = same(heading), same(name)
    rest = left.removeprefix(right)
    return left == right or (rest != left and rest.strip(" []()").isdigit())
