"""One column of figures: digits at once, everything else when the whole column, and so its convention, is known. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kalata.results.numeric.table import Ints
from kalata.results.rules.boxes import ABSENT
from kalata.tables.rules.numbers import EMPTY, Fault, parse_count, style_of

PENDING = -2


SURE = 10**17
"""Up to here a text of digits is read at once; beyond, cell by cell."""


def all_digits(cells: Sequence[str]) -> Ints | None:
    """The numbers of cells that are all plain digits, none empty; None otherwise."""
    joined = ",".join(cells)
    bare = joined.replace(",", "")
    if not (bare.isascii() and bare.isdigit()) or len(joined) - len(bare) != len(cells) - 1:
        return None
    if ",," in joined or "," in (joined[0], joined[-1]):
        return None
    found: Ints = np.fromstring(joined, np.int64, sep=",")
    return found if len(found) == len(cells) and int(found.max()) < SURE else None


class Column:
    """One column being read: digits at once, everything else kept until the whole column is seen."""

    __slots__ = ("name", "odd", "parts", "size")

    def __init__(self, name: str) -> None:
        self.name = name
        self.parts: list[Ints] = []
        self.odd: list[tuple[int, str]] = []
        self.size = 0

    def feed(self, cells: Sequence[str]) -> None:
        if (digits := all_digits(cells)) is not None:
            self.parts.append(digits)
            self.size += len(cells)
            return
        part = np.array(
            [int(c) if c.isdigit() and c.isascii() and len(c) < 10 else (PENDING if c else ABSENT) for c in cells],
            np.int64,
        )
        self.odd += [(self.size + i, cells[i]) for i in np.flatnonzero(part == PENDING).tolist()]
        self.parts.append(part)
        self.size += len(cells)

    def done(self, limit: int) -> tuple[Ints, list[tuple[int, str, Fault]]]:
        """The column, and the cells that are no count: (position, text, fault)."""
        whole: Ints = np.concatenate(self.parts) if self.parts else np.empty(0, np.int64)
        faults: list[tuple[int, str, Fault]] = []
        if self.odd:
            plain = whole[whole >= 0]
            style = style_of(
                (text.strip() for _i, text in self.odd if text.strip().lower() not in EMPTY),
                int(plain.max()) if len(plain) else None,
            )
            for place, text in self.odd:
                value = parse_count(text, style, limit)
                if isinstance(value, Fault):
                    faults.append((place, text, value))
                    whole[place] = ABSENT
                else:
                    whole[place] = ABSENT if value is None else value
        for place in np.flatnonzero(whole > limit).tolist():
            faults.append((place, str(whole[place]), Fault.ABSURD))
            whole[place] = ABSENT
        return whole, faults
