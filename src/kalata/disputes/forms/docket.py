"""What the docket and the page of a case take."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kalata.deadlines.rules.moments import Verdict
from kalata.disputes.rules.service import MODE_LABELS, OUTCOME_LABELS, PAPERS, VERDICT_LABELS, Mode, Outcome
from kalata.disputes.rules.steps import LABELS, State
from kalata.disputes.rules.triage import CEILING_LABELS, URGENCY_LABELS, Ceiling
from kalata.ui import fields
from kalata.ui.edge import Edge

STATES = [(s.value, LABELS[s]) for s in State if s is not State.DRAFT]
NEAR = [(u.value, label) for u, label in URGENCY_LABELS.items()]
FLAGS = [
    ("unserved", _("partie non atteinte")),
    ("silent", _("sans acte depuis deux jours")),
    ("joined", _("jointes")),
    ("twins", _("ressemblances à examiner")),
    ("queue", _("a attendu dans la file")),
]
MOST = 200
"""Cases of one act on several."""


class DocketList(Edge):
    """The filters of the docket."""

    q = fields.TextField(label=_("Chercher"))
    etat = fields.ChoiceField(STATES, label=_("État"))
    delai = fields.ChoiceField([(v.value, VERDICT_LABELS[v]) for v in Verdict], label=_("Délai de recours"))
    echeance = fields.ChoiceField(NEAR, label=_("Prochaine échéance"))
    suivi = fields.ChoiceField(FLAGS, label=_("À surveiller"))
    plafond = fields.ChoiceField([(c.value, CEILING_LABELS[c]) for c in Ceiling], label=_("Épreuve du plafond"))


class EnrolForm(Edge):
    act = "enrol"
    case = fields.ManyField(fields.IdField(), most=MOST, required=True, label=_("requêtes cochées"))


class ExamineForm(Edge):
    act = "examine"
    case = fields.ManyField(fields.IdField(), most=MOST, required=True, label=_("requêtes cochées"))


class JoinForm(Edge):
    act = "join"
    case = fields.ManyField(fields.IdField(), most=MOST, required=True, label=_("requêtes cochées"))
    why = fields.TextField(most=400, required=True, label=_("Motif de la jonction"))


class NotifyForm(Edge):
    """Communicate the ticked cases; a time to answer where an act gives one."""

    act = "notify"
    case = fields.ManyField(fields.IdField(), most=MOST, required=True, label=_("requêtes cochées"))
    n = fields.CountField(least=1, most=999, label=_("Délai de réponse"))
    unit = fields.ChoiceField(["hour", "day"], initial="hour", label=_("Unité"))
    order = fields.TextField(most=120, label=_("Acte qui fixe le délai"))


class InviteForm(NotifyForm):
    """Invite the petitioners of the ticked cases to cure what their checklists name."""

    act = "invite"
    n = fields.CountField(least=1, most=999, label=_("Délai pour régulariser"))


PANELS = (
    "step", "report", "preside", "try", "paper", "waive", "strike", "gone", "sever", "measure", "override",
)  # fmt: skip
STRUCK = ("service", "paper", "party", "ground", "target", "exhibit")


class PanelAsked(Edge):
    """The panel of the page of a case that an address opens: the act, the step it takes, the line it strikes."""

    acte = fields.ChoiceField(PANELS, label=_("Acte"))
    vers = fields.ChoiceField(STATES, label=_("Étape"))
    quoi = fields.ChoiceField(STRUCK, label=_("Ligne"))
    ligne = fields.IdField(label=_("Ligne"))


class Seen(Edge):
    """seen: the stamp of the page that was read."""

    seen = fields.CodeField(most=40, required=True, label=_("page lue"))


class StepForm(Seen):
    act = "step"
    to = fields.ChoiceField(STATES, required=True, label=_("Étape"))
    document = fields.TextField(most=300, label=_("Acte ou document"))
    why = fields.LinesField(label=_("Motif"))
    body = fields.TextField(label=_("Organe compétent"))


class ReportForm(StepForm):
    act = "report"


class PresideForm(StepForm):
    act = "preside"


class PaperForm(Seen):
    act = "paper"
    kind = fields.ChoiceField(tuple(PAPERS.items()), required=True, label=_("Nature"))
    title = fields.TextField(required=True, label=_("Titre"))
    party = fields.IdField(label=_("Versé par"))
    exhibit = fields.IdField(label=_("Pièce"))
    n = fields.CountField(most=999, label=_("Délai de réponse"))
    unit = fields.ChoiceField(["hour", "day"], label=_("Unité"))
    until = fields.InstantField(label=_("ou terme"))
    order = fields.TextField(most=120, label=_("Acte qui fixe le délai"))
    to = fields.ManyField(fields.IdField(), most=500, label=_("Destinataires"))


class TryForm(Seen):
    act = "try"
    service = fields.IdField(required=True, label=_("Signification"))
    mode = fields.ChoiceField([(m.value, MODE_LABELS[m]) for m in Mode], required=True, label=_("Mode"))
    outcome = fields.ChoiceField([(o.value, OUTCOME_LABELS[o]) for o in Outcome], required=True, label=_("Résultat"))
    day = fields.DayField(required=True, label=_("Jour"))
    hour = fields.HourField(required=True, label=_("Heure"))
    exhibit = fields.IdField(label=_("Pièce qui le prouve"))
    note = fields.TextField(label=_("Observation"))


class WaiveForm(Seen):
    act = "waive"
    service = fields.IdField(required=True, label=_("Signification"))
    order = fields.TextField(most=200, required=True, label=_("Acte et article de la dispense"))


class StrikeForm(Seen):
    act = "strike"
    what = fields.ChoiceField(STRUCK, required=True, label=_("Ligne"))
    row = fields.IdField(required=True, label=_("Ligne"))
    why = fields.TextField(most=400, required=True, label=_("Motif"))


class GoneForm(Seen):
    act = "gone"
    party = fields.IdField(required=True, label=_("Partie"))
    since = fields.DayField(required=True, label=_("N’existe plus depuis le"))
    order = fields.TextField(required=True, label=_("Acte"))


class SeverForm(Seen):
    act = "sever"
    why = fields.TextField(most=400, required=True, label=_("Motif"))
