"""The filters of the register of decisions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kalata.disputes.queries.decisions import TO_PREPARE
from kalata.disputes.rules import publications as texts
from kalata.disputes.rules.rulings import LABELS, State
from kalata.ui import fields
from kalata.ui.edge import Edge

OUTCOMES = {
    "granted": _("fait droit"), "partly": _("fait droit en partie"), "rejected": _("rejetée"), "unfounded": _("mal fondée"),
    "no_effect": _("sans effet sur l’issue"), "inadmissible": _("irrecevable"), "withdrawn": _("désistement"),
    "no_jurisdiction": _("incompétence"),
}  # fmt: skip
STATES = [(s.value, LABELS[s]) for s in State if s not in (State.DRAFT, State.GATE)]
TEXTS = [(TO_PREPARE, _("à préparer")), *((s.value, texts.LABELS[s]) for s in texts.State)]


class RegisterList(Edge):
    q = fields.TextField(label=_("Chercher"))
    etat = fields.ChoiceField(STATES, label=_("État"))
    scrutin = fields.CodeField(most=60, label=_("Scrutin"))
    issue = fields.ChoiceField(list(OUTCOMES.items()), label=_("Issue"))
    texte = fields.ChoiceField(TEXTS, label=_("Texte public"))
