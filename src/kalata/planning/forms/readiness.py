"""What the board of readiness is sent."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kalata.planning.rules.ready_steps import ANSWERS, FURTHEST
from kalata.ui import edge, fields

SEEN = _("page lue")
STANDS = (("", _("Tous")), ("no", _("avec un non")), ("silent", _("avec un silence")), ("waits", _("attend une signature")), ("signed", _("signés")))
GO = (("go", _("prêt")), ("no", _("pas prêt")))


class BoardLook(edge.Edge):
    jour = fields.CountField(least=1, most=FURTHEST, label=_("Avant le scrutin"))
    q = fields.TextField(label=_("Lieu"), most=80)
    montre = fields.ChoiceField(STANDS, label=_("Afficher"))


class SayForm(edge.Edge):
    act = "say"
    days = fields.CountField(least=1, most=FURTHEST, required=True)
    point = fields.CodeField(most=40, required=True)
    answer = fields.ChoiceField([(k, _(w)) for k, w in ANSWERS.items()], unsaid=_("à dire"), label=_("Réponse"), required=True)  # fmt: skip
    evidence = fields.TextField(label=_("Pièce ou constat"), most=300)
    file = fields.UploadField(label=_("Fichier"), most=8 << 20)
    seen = fields.CodeField(most=64, label=SEEN)


class ProposeForm(edge.Edge):
    act = "propose"
    days = fields.CountField(least=1, most=FURTHEST, required=True)
    go = fields.ChoiceField(GO, unsaid=_("à dire"), label=_("Décision proposée"), required=True)
    reason = fields.TextField(label=_("Motif"), most=400)
    seen = fields.CodeField(most=64, label=SEEN)


class SignForm(edge.Edge):
    act = "sign"
    days = fields.CountField(least=1, most=FURTHEST, required=True)
    seen = fields.CodeField(most=64, label=SEEN)


class ReopenForm(edge.Edge):
    act = "reopen"
    days = fields.CountField(least=1, most=FURTHEST, required=True)
    reason = fields.TextField(label=_("Motif"), most=400, required=True)
    seen = fields.CodeField(most=64, label=SEEN)
