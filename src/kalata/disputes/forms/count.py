"""What the pages of the Court's own count take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from kalata.ui import fields
from kalata.ui.edge import Edge


class OpenForm(Edge):
    act = "open"
    size = fields.CountField(most=100_000, label=_("Taille de l’échantillon, 0 pour tous les bureaux"))
    commitment = fields.CodeField(most=64, label=_("Empreinte de la graine (SHA-256)"))


class DrawForm(Edge):
    act = "draw"
    seed = fields.TextField(most=200, required=True, label=_("Graine"))


class ExplainForm(Edge):
    act = "explain"
    sheet = fields.IdField(required=True)
    on = fields.CodeField(most=64, required=True)
    words = fields.TextField(most=400, required=True, label=_("Explication"))


class ProclaimForm(Edge):
    act = "proclaim"
    seen = fields.TextField(most=64)
    number = fields.TextField(most=60, required=True, label=_("Numéro de la décision de proclamation"))


class ReadForm(Edge):
    """The figures of one signed record, line by line; a line left empty is empty on the paper."""

    act = "read"
    sheet = fields.IdField(required=True)

    def __init__(self, *args: Any, lines: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        for key in self.lines:
            self.fields[key] = fields.CountField(most=99_999)
