"""The keys of a file's stations: put into the alphabet of codes, and each once. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

from kalata import codes
from kalata.results.numeric.problems import Problem
from kalata.results.numeric.table import Path, Table
from kalata.tables.rules.folding import WIDE, Said, quoted
from kalata.text import Message
from kalata.text import gettext_noop as _

SEP = " / "
"""Between the parts of a station's code."""


def coded(table: Table, field: str, aliases: Mapping[str, str] = {}) -> tuple[list[Problem], list[Said]]:
    """Put the keys of the stations into the one alphabet of codes: what cannot be, and what was written otherwise.

    aliases: writing -> name of areas that were folded; a key that holds an area holds its name.
    """
    if plain(table.keys):
        return [], []
    known: dict[str, str | codes.Fault] = {"": ""}
    out: list[Problem] = []

    def one(part: str) -> str:
        found = known.get(part)
        if found is None:
            text = aliases.get(part.strip(), part)
            found = known[part] = codes.tidy(text if text.isascii() else text.translate(WIDE)) if text else ""
        if isinstance(found, codes.Fault):
            raise Untidy(part, found)
        return found

    for i, key in enumerate(table.keys):
        try:
            table.keys[i] = tuple([one(part) for part in key])
        except Untidy as why:
            out.append(Problem("IMP-221", int(table.rows[i]), field, why.text, fault=why.fault))
    other = [raw for raw, kept in known.items() if isinstance(kept, str) and raw != kept and raw.strip() not in aliases]
    return out, [said_of(field, other)] if other else []


def said_of(field: str, writings: list[str]) -> Said:
    what = {"field": field, "n": len(writings), "what": quoted(writings)}
    return Said("folded", Message(_("Colonne « %(field)s » : %(n)d {n:code écrit|codes écrits} avec des espaces de trop, d’autres lettres ou d’autres tirets {n:est lu|sont lus} sans cela : %(what)s."), what))  # fmt: skip


class Untidy(Exception):
    """A part of a key that is no code."""

    def __init__(self, text: str, fault: codes.Fault) -> None:
        self.text, self.fault = text, fault


def doubles(table: Table, field: str = "station") -> list[Problem]:
    """Stations that stand twice in the file, to the letter or to the eye, and empty keys."""
    out: list[Problem] = []
    text = plain(table.keys)
    same = folded(table.keys) if not text or len(table.keys[0]) > 1 else text.upper().split("\n")
    if len(set(same)) < len(same):
        seen: dict[str, int] = {}
        for i, (mark, row) in enumerate(zip(same, table.rows.tolist(), strict=True)):
            first = seen.setdefault(mark, i)
            if first != i:
                told = "IMP-206" if table.keys[first] == table.keys[i] else "IMP-222"
                out.append(Problem(told, row, field, SEP.join(table.keys[i]), int(table.rows[first])))
    if not text or text[0] == "0" or "\n0" in text:
        out += zeros_apart(table, same, field)
    if not text and not all(map(any, table.keys)):
        for key, row in zip(table.keys, table.rows.tolist(), strict=True):
            if not any(part.strip() for part in key):
                out.append(Problem("IMP-208", row, field))
    return out


def zeros_apart(table: Table, marks: list[str], field: str) -> list[Problem]:
    """Stations whose codes differ by zeros in front only: 1 and 001, of which a spreadsheet has cut one (IMP-233)."""
    padded = [i for i, key in enumerate(table.keys) if any(p[:1] == "0" and len(p) > 1 and p.isdigit() for p in key)]
    if not padded or len(padded) == len(marks):
        return []
    plain = {mark: i for i, mark in enumerate(marks)}
    out = []
    for i in padded:
        bare = SEP.join([p.lstrip("0") or "0" if p.isdigit() else codes.key(p) for p in table.keys[i]])
        other = plain.get(bare)
        if other is not None and other != i:
            first, second = sorted((i, other))
            out.append(Problem("IMP-233", int(table.rows[second]), field, SEP.join(table.keys[second]), int(table.rows[first])))  # fmt: skip
    return out


def plain(keys: Sequence[Path]) -> str:
    """The parts of the keys, a line each, where every one is ASCII letters and figures: nothing to fold. "" otherwise."""
    text = "\n".join(chain.from_iterable(keys))
    bare = text.replace("\n", "")
    parts = sum(map(len, keys))
    if not (bare.isascii() and bare.isalnum()) or len(text) - len(bare) != parts - 1:
        return ""
    return "" if "\n\n" in text or "\n" in (text[:1], text[-1:]) else text


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
