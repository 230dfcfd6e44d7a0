"""What parties, lawyers, the liaison and the registry give of mandates, briefs and measures."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kalata.disputes.forms.docket import Seen
from kalata.disputes.rules.service import BRIEFS, PAPERS
from kalata.disputes.services.measures import KINDS
from kalata.ui import fields
from kalata.ui.edge import Edge

MOST = 20 * 2**20


class RepresentationForm(Edge):
    act = "mandate"
    number = fields.CodeField(most=32, required=True, label=_("Numéro du récépissé"))
    name = fields.TextField(required=True, label=_("Nom de la partie"))
    words = fields.TextField(required=True, label=_("En quelle qualité"))
    piece = fields.UploadField(most=MOST, required=True, label=_("Mandat signé"))


class AckForm(Edge):
    act = "ack"
    service = fields.IdField(required=True, label=_("Papier"))


class BriefForm(Edge):
    act = "brief"
    kind = fields.ChoiceField([(k, PAPERS[k]) for k in BRIEFS], required=True, label=_("Nature"))
    title = fields.TextField(required=True, label=_("Titre"))
    party = fields.IdField(required=True, label=_("Pour"))
    piece = fields.UploadField(most=MOST, required=True, label=_("Document"))


class DecideForm(Edge):
    act = "decide"
    mandate = fields.IdField(required=True, label=_("Mandat"))
    to = fields.ChoiceField(["accept", "refuse"], required=True, label=_("Décision"))
    why = fields.TextField(most=400, label=_("Motif"))


class MeasureForm(Seen):
    act = "measure"
    kind = fields.ChoiceField(tuple(KINDS.items()), required=True, label=_("Mesure"))
    what = fields.LinesField(required=True, label=_("Ce qui est demandé"))
    day = fields.DayField(label=_("Jour"))
    hour = fields.HourField(label=_("Heure"))


class AnswerForm(Edge):
    act = "answer"
    measure = fields.IdField(required=True, label=_("Mesure"))
    text = fields.LinesField(label=_("Réponse"))
    piece = fields.UploadField(most=MOST, label=_("Pièce"))


class OverrideForm(Seen):
    act = "override"
    clock = fields.IdField(required=True, label=_("Délai"))
    value = fields.InstantField(required=True, label=_("Nouveau terme"))
    authority = fields.TextField(required=True, label=_("Autorité"))
    document = fields.TextField(required=True, label=_("Acte"))
    decided = fields.DayField(required=True, label=_("Décidé le"))
    reason = fields.TextField(most=400, required=True, label=_("Motif"))


class CheckForm(Seen):
    act = "check"
    certified = fields.FlagField(label=_("certifiée"))
