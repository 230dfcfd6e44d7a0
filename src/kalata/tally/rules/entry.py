"""Two blind entries of one paper, what differs between them, and what an arbiter may settle.

The second clerk never sees the first entry. An arbiter takes, box by box, one of the two values;
a value that neither clerk typed is only a proposal: it needs the crop of the image, a reason, and
the approval of a fourth person (`rules.lifecycle`). Source: field guide on results, sections 4-6
(checks E08 and E09).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kalata.refusals import Refused
from kalata.results.rules.boxes import Sheet
from kalata.results.rules.sheets import Line, WrongForm, differences, lines_of
from kalata.text import gettext_noop as _


class Unsettled(Refused):
    code = "RES-402"
    says = _("La ligne « %(line)s » diffère entre les deux saisies et n’est pas tranchée.")
    remedy = _("Choisissez une valeur pour chaque ligne différente, ou renvoyez le PV à deux nouvelles saisies.")
    status = 422


@dataclass(frozen=True, slots=True)
class Settled:
    """What an arbiter leaves: the sheet, and the lines whose value neither clerk typed."""

    sheet: Sheet
    free: tuple[Line, ...]


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
