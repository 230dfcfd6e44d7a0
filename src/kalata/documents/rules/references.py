"""The reference printed on a paper: its series, year and number, and a letter that tells a slip of the pen.

`D26-000417-V`. The letter is that of the number modulo 23, a prime above 10: one wrong digit and two digits
exchanged are always told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kalata.identifiers import check_letter
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

SERIES = re.compile(r"[A-Z][A-Z0-9]{0,11}")
SHAPE = re.compile(r"([A-Z][A-Z0-9]{0,11}?)-?([0-9]{2})-([0-9]{6,9})-?([A-Z])")


class NotAReference(Refused):
    code = "DOC-101"
    says = _("« %(typed)s » n’est pas une référence de document, ou un de ses signes est faux.")
    remedy = _("Relisez la référence au bas du papier, avec sa lettre finale : D26-000417-V par exemple.")
    status = 422


@dataclass(frozen=True, slots=True)
class Reference:
    """series: who numbers (the house, a counter); year: two digits."""

    series: str
    year: int
    number: int

    def __post_init__(self) -> None:
        if not SERIES.fullmatch(self.series) or not 0 <= self.year < 100 or not 0 < self.number < 10**9:
            raise ValueError(f"{self.series!r} {self.year} {self.number}")

    @property
    def letter(self) -> str:
        """The check letter: over the letters and figures of the series, the year and the number, in base 36."""
        return check_letter(f"{self.series}{self.year:02}{self.number:06}")

    def __str__(self) -> str:
        return f"{self.series}{self.year:02}-{self.number:06}-{self.letter}"


def parsed(typed: str) -> Reference:
    """The reference that was typed, spaces and case aside. DOC-101 where its letter is not that of its number."""
    found = SHAPE.fullmatch(re.sub(r"[\s\-\u2010-\u2015]+", "-", typed.strip()).upper())
    if found and int(found[3]):
        one = Reference(found[1], int(found[2]), int(found[3]))
        if (one.letter, f"{one.number:06}") == (found[4], found[3]):
            return one
    raise NotAReference(typed=typed[:40])
