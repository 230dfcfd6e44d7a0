"""What everybody reads of a proclamation: values of the record that its signed paper carries. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from kalata.text import Message, Named


@dataclass(frozen=True, slots=True)
class Apart:
    """A station where the Court read another figure than the one published. lines: (box or option, published, read)."""

    station: str
    name: str
    lines: tuple[tuple[Message, int | None, int | None], ...]
    words: str

    @property
    def rows(self) -> Iterator[tuple[Message, int | None, int | None, int | None]]:
        """The same with what lies between, where both are figures."""
        for line, was, read in self.lines:
            yield line, was, read, None if was is None or read is None else read - was


@dataclass(frozen=True, slots=True, kw_only=True)
class ProclamationFile:
    """A proclamation. document: SHA-256 of the signed PDF. options: (name, votes, seats) in order. counted: records that
    the Court read, sample: how many were drawn, 0 for all. logged: its entry in the public log, None where it waits."""

    contest: str
    contest_name: Named
    number: str
    at: datetime
    ecli: str
    document: str
    outcome: str
    figures_digest: str
    logged: int | None
    decisions: tuple[str, ...]
    coverage: tuple[tuple[str, int], ...]
    figures: tuple[tuple[str, int], ...]
    options: tuple[tuple[str, int, int | None], ...]
    valid: int
    declared: tuple[Message, ...]
    counted: int
    sample: int
    seed: str
    commitment: str
    apart: tuple[Apart, ...]

    @property
    def seats(self) -> bool:
        return any(s for _name, _votes, s in self.options)

    @property
    def rows(self) -> Iterator[tuple[str, int, Fraction | None, int | None]]:
        """(name, votes, share of the valid votes, seats)."""
        for name, votes, seats in self.options:
            yield name, votes, Fraction(votes, self.valid) if self.valid else None, seats
