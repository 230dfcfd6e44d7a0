"""What people press at reception, at the scanning desk and at the review desk."""

from __future__ import annotations

from kalata.results.rules.checks import CHECKS
from kalata.tally.forms import SHA, SeenField
from kalata.tally.rules.lifecycle import State
from kalata.ui import edge, fields


class UndoReceptionForm(edge.Edge):
    act = "undo"
    paper = fields.IdField(required=True)


class CallForm(edge.Edge):
    """A person called to a desk."""

    act = "call"
    right = fields.TextField(most=40)
    who = fields.TextField(most=150)


class FreeForm(edge.Edge):
    """A paper taken back from who holds it."""

    act = "free"
    paper = fields.IdField(required=True)
    seen = fields.TextField(most=SHA)
    reason = fields.LinesField()


class DiscardForm(edge.Edge):
    act = "discard"
    scan = fields.IdField(required=True)
    reason = fields.LinesField()


class RestoreForm(edge.Edge):
    act = "restore"
    scan = fields.IdField(required=True)


class TurnForm(edge.Edge):
    act = "turn"
    scan = fields.IdField(required=True)
    degrees = fields.CountField(least=90, most=270, required=True)


KNOWN_FINDINGS = [*(c.code for c in CHECKS), "RECALL", "COMMISSION"]
"""Codes of the registry, and the two by which a paper is looked at again."""


class Findings(edge.Edge):
    """A finding of the review queue, and the paper opened in it."""

    constat = fields.ChoiceField(KNOWN_FINDINGS)
    pv = fields.IdField()


class AnswerFindingForm(edge.Edge):
    """The answer to one paper under review, from the queue of a finding."""

    constat = fields.ChoiceField(KNOWN_FINDINGS)
    paper = fields.IdField(required=True)
    seen = fields.TextField(most=SHA)
    to = fields.ChoiceField([State.CHECKED.value, State.SCANNED.value], required=True)
    reason = fields.LinesField()
    document = fields.TextField(most=300)


class BulkFindingForm(edge.Edge):
    """One reason for several papers that bear one warning."""

    act = "together"
    constat = fields.ChoiceField(KNOWN_FINDINGS, required=True)
    paper = fields.ManyField(SeenField(most=100, required=True))
    reason = fields.LinesField()
