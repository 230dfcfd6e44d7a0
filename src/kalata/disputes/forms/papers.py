"""What the page of the papers of a case takes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kalata.ui import fields
from kalata.ui.edge import Edge

LANGS = [("fr", "français"), ("en", "English")]


class ReceiptForm(Edge):
    act = "receipt"
    lang = fields.ChoiceField(LANGS, required=True, label=_("Langue"))


class LettersForm(Edge):
    act = "letters"
    lang = fields.ChoiceField(LANGS, required=True, label=_("Langue"))


class CancelForm(Edge):
    act = "cancel"
    batch = fields.IdField(required=True, label=_("lot"))


class LetterForm(Edge):
    """service: the delivery whose letter is printed."""

    act = "letter"
    lang = fields.ChoiceField(LANGS, required=True, label=_("Langue"))
    service = fields.IdField(required=True, label=_("notification"))
