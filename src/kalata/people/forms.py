"""What people type about persons."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kalata.country.models import Contest
from kalata.country.queries import territories
from kalata.people.services import pack_roles


class PersonForm(forms.Form):
    username = forms.CharField(
        label=_("Identifiant"), max_length=40, help_text=_("Celui de la carte de fonction, par exemple ML05-OP-012.")
    )
    full_name = forms.CharField(label=_("Nom complet"), max_length=120)
    email = forms.EmailField(label=_("Courriel"), required=False)
    phone = forms.CharField(label=_("Téléphone"), max_length=30, required=False)
    language = forms.ChoiceField(
        label=_("Langue"), choices=[("fr", "Français"), ("en", "English"), ("bm", "Bamanankan")]
    )


class MandateForm(forms.Form):
    role = forms.ChoiceField(label=_("Rôle"))
    unit: Any = forms.ModelChoiceField(None, label=_("Territoire"), required=False, empty_label=_("tout le pays"))
    contest: Any = forms.ModelChoiceField(None, label=_("Pour un seul scrutin"), required=False, empty_label=_("tous"))
    starts = forms.DateField(label=_("Du"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    ends = forms.DateField(label=_("Au"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("Motif"), help_text=_("Par exemple la décision de nomination."), max_length=400)

    def __init__(self, *args: Any, lang: str = "fr", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        key = "title_en" if lang == "en" else "title_fr"
        self.fields["role"].choices = [(k, r[key]) for k, r in pack_roles().items()]  # type: ignore[attr-defined]
        self.fields["unit"].queryset = territories()  # type: ignore[attr-defined]
        self.fields["contest"].queryset = Contest.objects.all()  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Motif"), max_length=400)


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("Fichier CSV"), help_text=_("Colonnes : username, full_name, email, phone, language, role, territory.")
    )
    reason = forms.CharField(label=_("Motif"), max_length=400)


class ActivationForm(forms.Form):
    username = forms.CharField(
        label=_("Identifiant"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )
    code = forms.CharField(
        label=_("Code d’activation"),
        help_text=_("Quinze caractères, sur la feuille remise en main propre."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    passphrase = forms.CharField(
        label=_("Phrase de passe choisie"),
        help_text=_("Au moins 15 caractères. Coller est permis."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("La même, une seconde fois"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("passphrase") and data.get("again") and data["passphrase"] != data["again"]:
            self.add_error("again", _("Les deux phrases ne sont pas les mêmes."))
        return data
