"""What the page of persons heard takes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kalata.disputes.rules.heard import KINDS, LONGEST
from kalata.ui import fields
from kalata.ui.edge import Edge


class HeardForm(Edge):
    act = "add"
    kind = fields.ChoiceField(
        [(k, _(v)) for k, v in KINDS.items()], required=True, label=_("Qualité"), unsaid=_("à choisir")
    )
    name = fields.TextField(most=LONGEST["name"], required=True, label=_("Nom"))
    contact = fields.TextField(most=LONGEST["contact"], label=_("Téléphone ou adresse électronique"))
    address = fields.TextField(most=LONGEST["address"], label=_("Adresse"))
    note = fields.TextField(most=LONGEST["note"], label=_("Note, scellée aussi"))
    piece = fields.CountField(least=1, most=9_999, label=_("Pièce qui garde ses paroles"))


class ReadForm(Edge):
    act = "read"
    number = fields.CountField(least=1, most=9_999, required=True, label=_("Personne"))


class StrikeForm(Edge):
    act = "strike"
    number = fields.CountField(least=1, most=9_999, required=True, label=_("Personne"))
