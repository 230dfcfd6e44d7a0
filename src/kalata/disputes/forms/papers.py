"""What the page of the papers of a case takes."""

from __future__ import annotations

from typing import Any

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


LACKS = 4
"""What a notice to cure may name on one page."""


class CureForm(Edge):
    """A notice to cure: what lacks, its article, what to do; the term and the act that sets it, none where the pack does."""

    act = "cure"
    seen = fields.CodeField(most=64, label=_("page lue"))
    lang = fields.ChoiceField(LANGS, required=True, label=_("Langue"))
    n = fields.CountField(least=1, most=999, label=_("Délai pour régulariser"))
    unit = fields.ChoiceField(["hour", "day"], initial="hour", label=_("Unité"))
    until = fields.InstantField(label=_("ou terme"))
    order = fields.TextField(most=120, label=_("Acte qui fixe le délai"))
    where = fields.TextField(label=_("Où déposer"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(1, LACKS + 1):
            self.fields[f"what{n}"] = fields.TextField(label=_("Ce qui manque"), required=n == 1)
            self.fields[f"article{n}"] = fields.TextField(most=120, label=_("Article"))
            self.fields[f"remedy{n}"] = fields.TextField(label=_("Ce qu’il faut faire"), required=n == 1)

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """(what lacks, article, what to do) of each row that says what lacks."""
        v = self.v
        every = [tuple(getattr(v, f"{name}{n}") for name in ("what", "article", "remedy")) for n in range(1, LACKS + 1)]
        return [(what, article, remedy) for what, article, remedy in every if what]


class CopyForm(Edge):
    """A certified copy of a piece."""

    act = "copy"
    lang = fields.ChoiceField(LANGS, required=True, label=_("Langue"))
    exhibit = fields.CountField(least=1, most=9_999, required=True, label=_("Pièce"))
    asked = fields.TextField(required=True, label=_("Copie demandée par"))
    held = fields.TextField(label=_("Où est l’original"))
