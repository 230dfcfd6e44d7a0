"""What people send about divisions of the territory."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kalata.country.models import Unit
from kalata.ui import edge, fields

LARGEST = 20 * 2**20


class GeographyForm(edge.Edge):
    """A new division of the territory, as a CSV."""

    file = fields.UploadField(
        most=LARGEST, required=True, label=_("Fichier"),
        help_text=_("Colonnes id, level, type, name, parent_id ; region_id et cercle_id réparent les rattachements absents."),
    )  # fmt: skip
    code = fields.CodeField(most=60, required=True, label=_("Code"))
    name = fields.TextField(label=_("Nom"))
    valid_from = fields.DateField(label=_("Valide depuis le"))
    source = fields.TextField(most=60, required=True, label=_("Source"))


class OutlinesForm(edge.Edge):
    file = fields.UploadField(most=LARGEST)
    seen = fields.TextField(most=64)


class ZoneForm(edge.Edge):
    """A zone corrected while nothing uses it."""

    act = "edit"
    name = fields.TextField(required=True, label=_("Nom"))
    kind = fields.TextField(label=_("Genre"), most=60)
    parent = fields.IdField(label=_("Dans"), widget=forms.Select)

    def __init__(self, *args: Any, above: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].widget.choices = [("", "–"), *((u.pk, f"{u.level} · {u.name} ({u.code})") for u in above)]  # type: ignore[attr-defined]
