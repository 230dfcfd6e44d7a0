"""What the pages of a publication take. seen: the mark of the page that was read."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kalata.disputes.rules.redaction import REASONS
from kalata.disputes.rules.summary import LANGUAGES
from kalata.ui import fields
from kalata.ui.edge import Edge

UNSAID = _("– choisir –")
MOTIVES = list(REASONS.items())


class PrepareForm(Edge):
    act = "prepare"
    why = fields.TextField(most=400, label=_("Motif de cette autre version"))
    withdraws = fields.FlagField(label=_("Retirer la version publiée"))


class Seen(Edge):
    seen = fields.CodeField(most=64, label=_("page lue"))


class AddForm(Seen):
    act = "add"
    words = fields.TextField(most=400, required=True, label=_("Passage exact"))
    reason = fields.ChoiceField(MOTIVES, unsaid=UNSAID, required=True, label=_("Motif"))
    note = fields.TextField(most=300, label=_("Note, pour la Cour seule"))


class HideForm(Seen):
    act = "hide"
    redaction = fields.IdField(required=True, label=_("Passage"))
    reason = fields.ChoiceField(MOTIVES, required=True, label=_("Motif"))
    note = fields.TextField(most=300, label=_("Note, pour la Cour seule"))


class KeepForm(Seen):
    act = "keep"
    redaction = fields.IdField(required=True, label=_("Passage"))
    note = fields.TextField(most=300, required=True, label=_("Pourquoi le garder"))


class SummaryForm(Seen):
    act = "summary"
    lang = fields.ChoiceField(list(LANGUAGES.items()), required=True, label=_("Langue"))
    decided = fields.LinesField(required=True, label=_("Ce que la Cour a décidé"))
    why = fields.LinesField(label=_("Pourquoi"))
    after = fields.LinesField(label=_("Ce qui vient ensuite"))
    reviewed = fields.FlagField(label=_("Relu par une personne qui parle cette langue"))


class ProposeForm(Seen):
    act = "propose"
