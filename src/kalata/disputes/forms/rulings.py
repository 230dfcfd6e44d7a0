"""What the pages of a decision take. seen: the fingerprint of the print that was read."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kalata.ui import fields
from kalata.ui.edge import Edge


class Seen(Edge):
    seen = fields.CodeField(most=64, label=_("page lue"))


class PrintForm(Seen):
    act = "print"


class BreachForm(Seen):
    act = "breach"
    words = fields.TextField(most=400, label=_("Dépassement du délai pour statuer"))


class GateForm(Seen):
    act = "gate"


class BackForm(Seen):
    act = "back"
    why = fields.TextField(most=400, required=True, label=_("Motif"))


class OverrideForm(Seen):
    act = "override"
    why = fields.LinesField(required=True, label=_("Motifs"))


class SignForm(Seen):
    act = "sign"


class PronounceForm(Seen):
    act = "pronounce"
    minutes = fields.TextField(most=300, required=True, label=_("Procès-verbal de l’audience"))


class NotifyForm(Edge):
    act = "notify"


class ApplyForm(Edge):
    act = "apply"


class CorrectForm(Edge):
    act = "correct"
    passage = fields.LinesField(required=True, label=_("Passage"))
    reads = fields.LinesField(required=True, label=_("À lire ainsi"))
    why = fields.TextField(most=400, required=True, label=_("Pourquoi"))
