"""The life of a file of images: it waits, each of its pages is read, or the reading stops at a page that cannot be drawn."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from kalata.lifecycle import Hand, Table, declare, step
from kalata.text import gettext_noop as _


class State(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


LABELS: Mapping[State, str] = {
    State.WAITING: _("à lire"),
    State.DONE: _("lu"),
    State.FAILED: _("lecture arrêtée"),
}
S = State
SCANS = declare(Table(
    name="scan_batch", title=_("La vie d’un fichier d’images"), row="tally.ScanBatch",
    states=State, labels=LABELS, starts=(S.WAITING,), ends=frozenset({S.DONE, S.FAILED}),
    steps=(
        step(S.WAITING, S.DONE, hand=Hand.DERIVED),
        step(S.DONE, S.DONE, hand=Hand.DERIVED),  # read again: a page already kept is not read twice
        step(S.WAITING, S.FAILED, hand=Hand.HOUSE),
    ),
    notes=(_("Chaque page lue est gardée avec ce qu’elle est devenue ; une lecture coupée reprend à la page suivante."),),
))  # fmt: skip
