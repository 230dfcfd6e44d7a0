"""Adding up station reports: the definition, plain and slow enough to be read aloud.

`numeric.table` does the same on columns, thousands of times faster; the tests hold the two
equal. Adding up communes gives what adding up stations gives, in any order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from .boxes import Box, Sheet, Standing


@dataclass(slots=True)
class Sum:
    """Totals of a set of stations: only counted ones enter `boxes` and `votes`."""

    boxes: dict[Box, int] = field(default_factory=dict)
    votes: list[int] = field(default_factory=list)
    counted: int = 0
    annulled: int = 0
    missing: int = 0

    def __add__(self, other: Sum) -> Sum:
        boxes = {b: self.boxes.get(b, 0) + other.boxes.get(b, 0) for b in Box if b in self.boxes or b in other.boxes}
        width = max(len(self.votes), len(other.votes))
        mine = self.votes + [0] * (width - len(self.votes))
        theirs = other.votes + [0] * (width - len(other.votes))
        return Sum(
            boxes,
            [a + b for a, b in zip(mine, theirs, strict=True)],
            self.counted + other.counted,
            self.annulled + other.annulled,
            self.missing + other.missing,
        )


def tabulate(stations: Iterable[tuple[Standing, Sheet]]) -> Sum:
    """The sum of the counted sheets, and how many stations are counted, annulled, missing."""
    total = Sum()
    for standing, sheet in stations:
        if standing is Standing.ANNULLED:
            total.annulled += 1
            continue
        if standing is Standing.MISSING:
            total.missing += 1
            continue
        total.counted += 1
        for box, value in sheet.boxes.items():
            if value is not None:
                total.boxes[box] = total.boxes.get(box, 0) + value
        if len(total.votes) < len(sheet.votes):
            total.votes += [0] * (len(sheet.votes) - len(total.votes))
        for place, votes in enumerate(sheet.votes):
            total.votes[place] += votes or 0
    return total
