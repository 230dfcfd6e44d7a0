"""What a page of one station shows: its bars, the equalities a reader can do again, and what the public log proves of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kalata.country.models import Option
from kalata.results.pages.contests import Row
from kalata.results.rules.boxes import LABELS, Box, Sheet
from kalata.results.rules.coverage import ratio
from kalata.transparency.rules.entries import FIGURES
from kalata.transparency.site.frame import checks
from kalata.transparency.site.render import scale_of
from kalata.transparency.site.serving import Published


@dataclass(frozen=True, slots=True)
class Bars:
    """The votes of a station, most votes first (ballot order between equals; what is not known last)."""

    rows: tuple[tuple[Row, bool], ...]
    scale: int
    mark: str
    unknown: tuple[tuple[Option, bool], ...]


def valid_of(sheet: Sheet) -> int:
    """Valid votes of one sheet: the box, or the sum of the votes where it is empty."""
    return sheet.valid if sheet.valid is not None else sum(v or 0 for v in sheet.votes)


def bars(options: Sequence[Option], sheet: Sheet, lacks: frozenset[Any]) -> Bars:
    """lacks: what the file of this record does not have, which is not an empty box."""
    valid = valid_of(sheet)
    held = [(o, v) for o, v in zip(options, sheet.votes, strict=True) if v is not None]
    held.sort(key=lambda pair: -pair[1])
    top = ratio(held[0][1], valid) if held else None
    scale, mark = scale_of(top)
    best = held[0][1] if held else 0
    rows = tuple(
        (Row(o, v, ratio(v, valid), f"{float(Fraction(v * 10_000, valid * scale)):.2f}" if valid else "0", v == best > 0), False)
        for o, v in held
    )  # fmt: skip
    unknown = tuple((o, o.rank in lacks) for o, v in zip(options, sheet.votes, strict=True) if v is None)
    return Bars(rows, scale, mark, unknown)


def equalities(sheet: Sheet, lang: str) -> list[tuple[str, str]]:
    """The equalities that hold, with their numbers: the very sentences of the public site."""
    entry = {FIGURES[b.value]: v for b, v in sheet.boxes.items() if v is not None and b.value in FIGURES}
    votes = {rank: v for rank, v in enumerate(sheet.votes) if v is not None}
    return checks(entry, votes, lang) if len(votes) == len(sheet.votes) else []


def boxes_of(boxes: Sequence[Box], sheet: Sheet, lacks: frozenset[Any]) -> list[tuple[str, str, int | None, bool]]:
    return [(b.value, LABELS[b], sheet.boxes.get(b), b in lacks) for b in boxes]


def same(sheet: Sheet, options: Sequence[Option], found: Published) -> bool:
    """The published record says the figures that the house shows."""
    entry = found.entry
    figures = {FIGURES[b.value]: v for b, v in sheet.boxes.items() if v is not None and b.value in FIGURES}
    votes = {one["list"]: one["n"] for one in entry.get("votes", ())}
    mine = {o.rank: v for o, v in zip(options, sheet.votes, strict=True) if v is not None}
    return all(entry.get(name) == value for name, value in figures.items()) and votes == mine
