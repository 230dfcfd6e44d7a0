"""A sheet line by line, its hash, and what differs between two of them. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from kalata.refusals import Refused
from kalata.results.rules.boxes import LABELS, Box, Sheet
from kalata.text import gettext_noop as _

Line = str
"""Where a figure stands on the paper: a box ("valid") or a rank on the ballot ("c3")."""


class WrongForm(Refused):
    """The figures typed do not have the boxes of the contest's form."""

    code = "RES-401"
    says = _("La saisie ne correspond pas au formulaire de ce scrutin : %(line)s.")
    remedy = _("Rouvrez le bureau : le formulaire a pu changer depuis l’ouverture de la page.")
    status = 422


@dataclass(frozen=True, slots=True)
class Difference:
    """One line that two sheets read otherwise. None: read as empty."""

    line: Line
    first: int | None
    second: int | None


def lines_of(sheet: Sheet) -> dict[Line, int | None]:
    """Every figure of a sheet by its line, boxes first, votes in ballot order (c1, c2 ...)."""
    boxes: dict[Line, int | None] = {box.value: sheet.boxes[box] for box in Box if box in sheet.boxes}
    return boxes | {f"c{rank}": votes for rank, votes in enumerate(sheet.votes, 1)}


def sheet_digest(sheet: Sheet) -> str:
    """SHA-256 (hex) of the lines "name=value" of a sheet in paper order, empty where the paper is empty.

    >>> sheet_digest(Sheet({}, (3, None))) == sheet_digest(Sheet({}, (3, 0)))
    False
    """
    text = "".join(f"{line}={'' if value is None else value}\n" for line, value in lines_of(sheet).items())
    return hashlib.sha256(text.encode()).hexdigest()


def fits(sheet: Sheet, form: frozenset[Box], options: int) -> None:
    """Refuse (RES-401) a sheet that has other boxes or another number of votes than the form."""
    if wrong := set(sheet.boxes) ^ form:
        raise WrongForm(line=LABELS[min(wrong)])
    if len(sheet.votes) != options:
        raise WrongForm(line=f"{len(sheet.votes)} / {options}")


def differences(first: Sheet, second: Sheet) -> list[Difference]:
    """Lines that differ, in paper order. Empty: the two entries agree on every figure (E08)."""
    a, b = lines_of(first), lines_of(second)
    return [Difference(line, a.get(line), b.get(line)) for line in {**a, **b} if a.get(line) != b.get(line)]
