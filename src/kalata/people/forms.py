"""What people type about persons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kalata.country.models import Contest
from kalata.country.queries import territories
from kalata.people.services import pack_roles
from kalata.people.tokens import LONGEST_DAYS


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


class RevokeForm(ReasonForm):
    mandate = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)


class ReissueForm(ReasonForm):
    factors = forms.BooleanField(
        label=_("Les seconds facteurs sont perdus aussi : les retirer"),
        required=False,
        help_text=_("Ils tombent quand les deux codes sont utilisés."),
    )


class KeyForm(forms.Form):
    """A key for a machine. scope: among what the person may give."""

    name = forms.CharField(label=_("Nom de la machine"), max_length=80)
    days = forms.IntegerField(label=_("Jours (90 au plus)"), min_value=1, max_value=LONGEST_DAYS, initial=7)
    scope = forms.MultipleChoiceField(
        label=_("Ce qu’elle peut faire en votre nom"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, scopes: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scope"].choices = scopes  # type: ignore[attr-defined]


class RevokeKeyForm(forms.Form):
    revoke = forms.IntegerField(min_value=1, max_value=2**63 - 1)


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
    second = forms.CharField(
        label=_("Second code, si deux feuilles vous ont été remises"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    passphrase = forms.CharField(
        label=_("Phrase de passe choisie"),
        help_text=_("Au moins 15 caractères. Coller est permis."),
        max_length=1_000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("La même, une seconde fois"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("passphrase") and data.get("again") and data["passphrase"] != data["again"]:
            self.add_error("again", _("Les deux phrases ne sont pas les mêmes."))
        return data
