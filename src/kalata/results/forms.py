"""What people type, turned into values; a box that is wrong comes back with its sentence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kalata import plain
from kalata.country.models import Contest, Election, Geography, PackVersion
from kalata.refusals import Refused
from kalata.results.rules.boxes import LABELS, Box
from kalata.results.rules.systems import system_from
from kalata.text import translate


def box_choices(lang: str) -> list[tuple[str, str]]:
    return [(b.value, translate(LABELS[b], lang)) for b in Box]


class ContestForm(forms.Form):
    """A new contest: the election it belongs to, its system from the pack, its candidates."""

    election = forms.CharField(
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
    name_fr = forms.CharField(label=_("Nom du scrutin"), max_length=200)
    name_en = forms.CharField(label=_("Nom en anglais"), max_length=200, required=False)
    code = forms.SlugField(
        label=_("Code"), max_length=60, help_text=_("Lettres, chiffres et tirets : il figure dans les adresses.")
    )
    system = forms.CharField(
        label=_("Système électoral"),
        help_text=_("Un identifiant de système du pack, par exemple ML-PRES, ou une définition {kind: …}."),
    )
    polling_day = forms.DateField(
        label=_("Jour du scrutin"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    expected = forms.IntegerField(
        label=_("Bureaux attendus"),
        required=False,
        min_value=0,
        help_text=_("Laissez vide si le registre importé fait foi."),
    )
    options = forms.CharField(
        label=_("Candidatures, une par ligne, dans l’ordre du bulletin"),
        required=False,
        widget=forms.Textarea,
        help_text=_("Laissez vide pour les prendre du premier fichier de résultats."),
    )
    boxes = forms.MultipleChoiceField(
        label=_("Cases du procès-verbal"), required=False, widget=forms.CheckboxSelectMultiple
    )
    constituencies = forms.CharField(
        label=_("Circonscriptions et sièges, une par ligne : code ; nom ; sièges"),
        required=False,
        widget=forms.Textarea,
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
        rows = []
        for number, line in enumerate(str(self.cleaned_data["constituencies"]).splitlines(), 1):
            if not line.strip():
                continue
            parts = [p.strip() for p in line.split(";")]
            if len(parts) != 3 or not parts[2].isdigit() or int(parts[2]) < 1:
                raise forms.ValidationError(_("Ligne %(n)d : écrivez « code ; nom ; sièges ».") % {"n": number})
            rows.append({"code": parts[0], "name": parts[1], "seats": int(parts[2])})
        return rows

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


class UploadForm(forms.Form):
    """A file, and the mapping to start from."""

    file = forms.FileField(
        label=_("Fichier CSV, CSV.gz, XLSX ou Parquet"),
        help_text=_("200 Mio au plus. Rien n’est enregistré avant votre dernier clic."),
    )
    profile = forms.CharField(label=_("Profil de correspondance"), required=False, widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why: asked before every critical act."""

    reason = forms.CharField(label=_("Motif"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
