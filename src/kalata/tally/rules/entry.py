"""Two blind entries of one paper, what differs between them, and what an arbiter may settle.

The second clerk never sees the first entry. An arbiter takes, box by box, one of the two values;
a value that neither clerk typed is only a proposal: it needs the crop of the image, a reason, and
the approval of a fourth person (`rules.lifecycle`). Source: field guide on results, sections 4-6
(checks E08 and E09).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
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


class Unsettled(Refused):
    code = "RES-402"
    says = _("La ligne « %(line)s » diffère entre les deux saisies et n’est pas tranchée.")
    remedy = _("Choisissez une valeur pour chaque ligne différente, ou renvoyez le PV à deux nouvelles saisies.")
    status = 422


@dataclass(frozen=True, slots=True)
class Difference:
    """One line the two clerks read otherwise. None: read as empty."""

    line: Line
    first: int | None
    second: int | None


@dataclass(frozen=True, slots=True)
class Settled:
    """What an arbiter leaves: the sheet, and the lines whose value neither clerk typed."""

    sheet: Sheet
    free: tuple[Line, ...]


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


def settle(first: Sheet, second: Sheet, chosen: Mapping[Line, int | None]) -> Settled:
    """The sheet an arbiter decides: a value for each line that differs; the others stay as both typed.

    Raises RES-402 where a difference has no value, RES-401 where a line that agrees is given one:
    an arbiter settles what differs and touches nothing else.
    """
    apart = {d.line: d for d in differences(first, second)}
    for line in apart:
        if line not in chosen:
            raise Unsettled(line=line)
    for line in chosen:
        if line not in apart:
            raise WrongForm(line=line)
    free = tuple(line for line, d in apart.items() if chosen[line] not in (d.first, d.second))
    boxes = {
        box: chosen.get(box.value, first.boxes[box]) if box.value in apart else first.boxes[box] for box in first.boxes
    }
    votes = tuple(chosen[f"c{n}"] if f"c{n}" in apart else v for n, v in enumerate(first.votes, 1))
    return Settled(Sheet(boxes, votes), free)


def typed_by_somebody(final: Sheet, first: Sheet, second: Sheet, approved: frozenset[Line]) -> bool:
    """E09: every figure kept was typed by one of the two clerks, or approved by a fourth person."""
    a, b, kept = lines_of(first), lines_of(second), lines_of(final)
    return all(line in approved or value in (a.get(line), b.get(line)) for line, value in kept.items())
