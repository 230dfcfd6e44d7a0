"""What people type, turned into values; a box that is wrong comes back with its sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kalata.results.rules.boxes import LABELS, Box
from kalata.results.rules.setup_rows import BadLine, constituency_rows
from kalata.text import translate
from kalata.ui import edge, fields


def rows_typed(text: str) -> list[dict[str, Any]]:
    """The constituencies of a box: a line each, « code ; name ; seats »."""
    try:
        return constituency_rows(text)
    except BadLine as bad:
        raise forms.ValidationError(_("Ligne %(n)d : écrivez « code ; nom ; sièges ».") % {"n": bad.number}) from None


class OptionsForm(edge.Edge):
    """The candidates, a line each, in the order of the ballot."""

    act = "options"
    options = fields.LinesField(most=200_000)


class ConstituenciesForm(edge.Edge):
    act = "constituencies"
    constituencies = fields.LinesField(most=200_000)
    seen = fields.TextField(most=64)
    reason = fields.LinesField()

    def clean_constituencies(self) -> list[dict[str, Any]]:
        return rows_typed(str(self.cleaned_data["constituencies"]))


class PackSetForm(edge.Edge):
    act = "packset"
    set = fields.TextField()
    seen = fields.TextField(most=64)
    reason = fields.LinesField()


class NamesForm(edge.Edge):
    """The names of the candidates corrected, their order kept."""

    act = "names"
    seen = fields.TextField(most=64)
    reason = fields.LinesField()

    def __init__(self, *args: Any, options: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in options:
            self.fields[f"name-{one.rank}"] = fields.TextField(initial=one.name)
            self.fields[f"emblem-{one.rank}"] = fields.TextField(most=20)


class SecondRoundForm(edge.Edge):
    act = "second"
    place = fields.TextField(most=120)
    code = forms.SlugField(max_length=60, required=False)
    polling_day = fields.DateField()
    seen = fields.TextField(most=64)
    reason = fields.LinesField()


class DeskList(edge.Edge):
    q = fields.TextField()


def box_choices(lang: str) -> list[tuple[str, str]]:
    return [(b.value, translate(LABELS[b], lang)) for b in Box]


class EditForm(edge.Edge):
    """Name, day, boxes of a contest on which nothing depends yet."""

    act = "edit"
    seen = fields.TextField(most=64)
    name_fr = fields.TextField(required=True, label=_("Nom du scrutin"), most=200)
    name_en = fields.TextField(label=_("Nom en anglais"), most=200)
    polling_day = fields.DateField(label=_("Jour du scrutin"))
    expected_stations = fields.CountField(label=_("Bureaux attendus"), most=9_999_999)
    boxes = forms.MultipleChoiceField(
        label=_("Cases du procès-verbal"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, lang: str = "fr", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["boxes"].choices = box_choices(lang)  # type: ignore[attr-defined]


class ReasonForm(edge.Edge):
    """Why: asked before every critical act. seen: the mark of the page."""

    act = "publish"
    seen = fields.TextField(most=64)
    reason = fields.LinesField(required=True, label=_("Motif"), widget=forms.Textarea(attrs={"rows": 3}))


class WithdrawForm(ReasonForm):
    act = "withdraw"


SETUP = (EditForm, OptionsForm, ConstituenciesForm, PackSetForm, NamesForm, SecondRoundForm, ReasonForm, WithdrawForm)
"""What the page of a contest offers."""
