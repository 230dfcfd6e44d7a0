"""The identifier printed beside a record: its kind, its number, and a letter that tells a slip of the pen. Pure.

`BUR-000123-P`: the three letters of the kind, the number of the record in this house, the letter of both modulo 23, a
prime: one wrong digit and two digits exchanged are always told. A record of a pack has its own name for a number,
`NRM-ML-CONVENING-T`; there a wrong letter escapes where it is 23 places away. Nothing is ever numbered again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kalata.refusals import Refused
from kalata.text import fold
from kalata.text import gettext_noop as _

LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
MARK = re.compile(r"[A-Z]{3}")
SHAPE = re.compile(r"([A-Z]{3})-?(\d{1,12}|[A-Z0-9][A-Z0-9-]*)-?([A-Z])")
LONGEST = 160


class NotAnIdentifier(Refused):
    code = "IDN-101"
    says = _("« %(typed)s » n’est pas un identifiant, ou un de ses signes est faux.")
    remedy = _("Relisez-le sur le papier ou l’écran, avec sa lettre finale : BUR-000123-P par exemple.")
    status = 422


def check_letter(signs: str) -> str:
    """The letter of these letters and figures, read as a number in base 36."""
    return LETTERS[int(re.sub(r"[^A-Z0-9]", "", signs.upper()), 36) % 23]


def body(name: int | str) -> str:
    """The middle of an identifier: six digits at least for a number; letters, figures and single dashes for a name."""
    if isinstance(name, int):
        return f"{name:06}"
    return re.sub(r"[^A-Z0-9]+", "-", fold(name).upper()).strip("-")[: LONGEST - 8].rstrip("-")


@dataclass(frozen=True, slots=True)
class Identifier:
    """mark: the three letters of the kind; body: as `body` writes it."""

    mark: str
    body: str

    @property
    def number(self) -> int | None:
        return int(self.body) if self.body.isdigit() else None

    def __str__(self) -> str:
        return f"{self.mark}-{self.body}-{check_letter(self.mark + self.body)}"


def identifier(mark: str, name: int | str) -> str:
    return str(Identifier(mark, body(name)))


def looks_like(typed: str) -> bool:
    """True for what somebody meant as an identifier: its shape, be its letter right or wrong."""
    return bool(re.fullmatch(r"[A-Z]{3}[-\s]?\d{4,12}[-\s]?[A-Z]", typed.strip().upper()))


def parsed(typed: str) -> Identifier:
    """The identifier that was typed; spaces, case and dashes aside. IDN-101 where its letter is not that of its number."""
    text = re.sub(r"[\s\-\u2010-\u2015]+", "-", typed.strip()).upper()[: LONGEST + 1]
    if found := SHAPE.fullmatch(text):
        mark, middle, letter = found[1], found[2].strip("-"), found[3]
        one = Identifier(mark, f"{int(middle):06}" if middle.isdigit() else middle)
        if len(text) <= LONGEST and check_letter(one.mark + one.body) == letter:
            return one
    raise NotAnIdentifier(typed=typed[:40])
