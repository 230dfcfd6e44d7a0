"""What people type, turned into values; a box that is wrong comes back with its sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kalata import plain
from kalata.country.models import Contest, Election, Geography, PackVersion
from kalata.refusals import Refused
from kalata.results.rules.boxes import LABELS, Box
from kalata.results.rules.systems import system_from
from kalata.text import translate
from kalata.ui import edge, fields


def constituency_rows(text: str) -> list[dict[str, Any]]:
    """The constituencies of a box: a line each, « code ; name ; seats »."""
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        parts = [p.strip() for p in line.split(";")]
        seats = fields.digits(parts[2], 9_999) if len(parts) == 3 else None
        if not seats or not parts[0] or len(parts[0]) > 60 or len(parts[1]) > 200:
            raise forms.ValidationError(_("Ligne %(n)d : écrivez « code ; nom ; sièges ».") % {"n": number})
        rows.append({"code": parts[0], "name": parts[1], "seats": seats})
    return rows


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
        return constituency_rows(str(self.cleaned_data["constituencies"]))


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


class ContestForm(edge.Edge):
    """A new contest: the election it belongs to, its system from the pack, its candidates."""

    election = fields.TextField(
        label=_("Élection"),
        help_text=_("Choisissez une élection existante, ou écrivez le nom d’une nouvelle."),
        required=False,
    )
    existing = forms.ModelChoiceField(
        Election.objects.none(), label=_("Élection existante"), required=False, empty_label=_("nouvelle élection")
    )
    pack = forms.ModelChoiceField(
        PackVersion.objects.none(), label=_("Pack"), help_text=_("L’élection y est liée pour toujours.")
    )
    geography = forms.ModelChoiceField(
        Geography.objects.none(), label=_("Découpage"), required=False, empty_label=_("créé depuis le fichier importé")
    )
    name_fr = fields.TextField(required=True, label=_("Nom du scrutin"), most=200)
    name_en = fields.TextField(label=_("Nom en anglais"), most=200, required=False)
    code = forms.SlugField(
        label=_("Code"), max_length=60, help_text=_("Lettres, chiffres et tirets : il figure dans les adresses.")
    )
    system = fields.TextField(
        required=True,
        label=_("Système électoral"),
        help_text=_("Un identifiant de système du pack, par exemple ML-PRES, ou une définition {kind: …}."),
    )
    polling_day = fields.DateField(label=_("Jour du scrutin"))
    expected = fields.CountField(
        label=_("Bureaux attendus"),
        most=9_999_999,
        help_text=_("Laissez vide si le registre importé fait foi."),
    )
    options = fields.LinesField(
        most=200_000,
        label=_("Candidatures, une par ligne, dans l’ordre du bulletin"),
        required=False,
        help_text=_("Laissez vide pour les prendre du premier fichier de résultats."),
    )
    boxes = forms.MultipleChoiceField(
        label=_("Cases du procès-verbal"), required=False, widget=forms.CheckboxSelectMultiple
    )
    constituencies = fields.LinesField(
        most=200_000,
        label=_("Circonscriptions et sièges, une par ligne : code ; nom ; sièges"),
        required=False,
    )
    exercise = forms.BooleanField(label=_("Exercice : données fictives"), required=False)

    def __init__(self, *args: Any, lang: str = "fr", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["boxes"].choices = box_choices(lang)  # type: ignore[attr-defined]
        self.fields["existing"].queryset = Election.objects.all()  # type: ignore[attr-defined]
        self.fields["pack"].queryset = PackVersion.objects.defer("content")  # type: ignore[attr-defined]
        self.fields["geography"].queryset = Geography.objects.defer("outlines")  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            if field.required is False and name in ("name_en",):
                field.widget.attrs["lang"] = "en"

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if code in ("archives", "gerer") or Contest.objects.filter(code__iexact=code).exists():
            raise forms.ValidationError(_("Ce code est déjà pris."))
        return code

    def clean_constituencies(self) -> list[dict[str, Any]]:
        return constituency_rows(str(self.cleaned_data["constituencies"]))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("existing") and not str(data.get("election") or "").strip():
            self.add_error("election", _("Nommez la nouvelle élection, ou choisissez-en une."))
        pack, text = data.get("pack"), str(data.get("system") or "").strip()
        if pack and text:
            known = pack.pack.engine_systems()
            try:
                raw = known.get(text) or (
                    plain.yaml_of(text, file="système", most=20_000) if text.startswith("{") else {"kind": text}
                )
                system_from(dict(raw))
                data["system"] = dict(raw)
            except (Refused, TypeError, ValueError) as problem:
                says = problem.message.text("fr") if isinstance(problem, Refused) else str(problem)
                self.add_error("system", f"{says} ({', '.join(known)})")
        return data


class ReasonForm(edge.Edge):
    """Why: asked before every critical act. seen: the mark of the page."""

    act = "publish"
    seen = fields.TextField(most=64)
    reason = fields.LinesField(required=True, label=_("Motif"), widget=forms.Textarea(attrs={"rows": 3}))


class WithdrawForm(ReasonForm):
    act = "withdraw"


SETUP = (OptionsForm, ConstituenciesForm, PackSetForm, NamesForm, SecondRoundForm, ReasonForm, WithdrawForm)
"""What the page of a contest offers."""
