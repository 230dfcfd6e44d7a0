"""Three numbers that are three things: the receipt's, which a counter allots alone; the roll's; the decision's."""

from __future__ import annotations

import re
from dataclasses import dataclass

CODE = re.compile(r"[A-Z][A-Z0-9]{1,7}\Z")
"""Of a counter: BKO2."""
SHORT = re.compile(r"[A-Z][A-Z0-9]{0,5}\Z")
"""Of a contest, on receipts: L1."""
NUMBER = re.compile(r"([0-9]{4})-([A-Z][A-Z0-9]{0,5})-([A-Z][A-Z0-9]{1,7})-([0-9]{6})\Z")


@dataclass(frozen=True, slots=True, order=True)
class ReceiptNumber:
    """`2026-L1-BKO2-000017`: year, contest, counter, place in the counter's own sequence."""

    year: int
    contest: str
    counter: str
    sequence: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.contest}-{self.counter}-{self.sequence:06d}"

    @classmethod
    def read(cls, text: str) -> ReceiptNumber | None:
        """The number written so, or None."""
        found = NUMBER.match(text)
        return cls(int(found[1]), found[2], found[3], int(found[4])) if found else None
