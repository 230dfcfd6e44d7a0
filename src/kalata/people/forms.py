"""What people type about persons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kalata.country.models import Contest
from kalata.country.pickers import TerritoryField
from kalata.people.services import pack_roles
from kalata.people.tokens import LONGEST_DAYS
from kalata.ui import edge, fields


class PersonForm(edge.Edge):
    username = fields.TextField(
        required=True,
        label=_("Identifiant"),
        most=40,
        help_text=_("Celui de la carte de fonction, par exemple ML05-OP-012."),
    )
    full_name = fields.TextField(required=True, label=_("Nom complet"), most=120)
    email = forms.EmailField(label=_("Courriel"), required=False)
    phone = fields.TextField(label=_("Téléphone"), most=30, required=False)
    language = forms.ChoiceField(
        label=_("Langue"), choices=[("fr", "Français"), ("en", "English"), ("bm", "Bamanankan")]
    )


class MandateForm(edge.Edge):
    role = forms.ChoiceField(label=_("Rôle"))
    unit = TerritoryField(
        label=_("Territoire"), help_text=_("Son nom ou son code, à une faute près. Vide : tout le pays.")
    )
    contest: Any = forms.ModelChoiceField(None, label=_("Pour un seul scrutin"), required=False, empty_label=_("tous"))
    starts = fields.DateField(label=_("Du"))
    ends = fields.DateField(label=_("Au"))
    reason = fields.TextField(
        required=True, label=_("Motif"), help_text=_("Par exemple la décision de nomination."), most=400
    )

    def __init__(self, *args: Any, lang: str = "fr", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        key = "title_en" if lang == "en" else "title_fr"
        self.fields["role"].choices = [(k, r[key]) for k, r in pack_roles().items()]  # type: ignore[attr-defined]
        self.fields["contest"].queryset = Contest.objects.all()  # type: ignore[attr-defined]


class PeopleList(edge.Edge):
    """What narrows and orders the list of accounts."""

    q = fields.TextField(label=_("Nom, identifiant ou courriel"))
    role = fields.TextField(label=_("Rôle"), most=60)
    etat = fields.ChoiceField(
        (("active", _("actifs")), ("waiting", _("attendent l’activation")), ("closed", _("fermés"))), label=_("État")
    )


class ForWhom(edge.Edge):
    """The account an activation link names."""

    u = fields.TextField(most=40)


class ReasonForm(edge.Edge):
    reason = fields.TextField(required=True, label=_("Motif"), most=400)


class RevokeForm(ReasonForm):
    mandate = fields.IdField(required=True, widget=forms.HiddenInput)


class ReissueForm(ReasonForm):
    factors = forms.BooleanField(
        label=_("Les seconds facteurs sont perdus aussi : les retirer"),
        required=False,
        help_text=_("Ils tombent quand les deux codes sont utilisés."),
    )


class KeyForm(edge.Edge):
    """A key for a machine. scope: among what the person may give."""

    name = fields.TextField(required=True, label=_("Nom de la machine"), most=80)
    days = fields.CountField(label=_("Jours (90 au plus)"), least=1, most=LONGEST_DAYS, initial=7, required=True)
    scope = forms.MultipleChoiceField(
        label=_("Ce qu’elle peut faire en votre nom"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, scopes: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scope"].choices = scopes  # type: ignore[attr-defined]


class RevokeKeyForm(edge.Edge):
    revoke = fields.IdField(required=True)


class ImportForm(edge.Edge):
    """A file to be read over: nothing is written yet."""

    act = "read"
    file = fields.UploadField(
        most=2 * 2**20, required=True, label=_("Fichier CSV"),
        help_text=_("Une personne par ligne. Points-virgules ou virgules, UTF-8."),
    )  # fmt: skip
    reason = fields.TextField(
        required=True, label=_("Motif"), most=400, help_text=_("Par exemple la décision de nomination.")
    )


class ImportNowForm(edge.Edge):
    """The file that was read over, as it was shown."""

    act = "open"
    content = fields.LinesField(most=2 * 2**20, required=True, strip=False)
    reason = fields.TextField(required=True, label=_("Motif"), most=400)
    seen = fields.TextField(most=64)


class ActivationForm(edge.Edge):
    username = fields.TextField(
        required=True,
        label=_("Identifiant"),
        most=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )
    code = fields.TextField(
        required=True,
        label=_("Code d’activation"),
        help_text=_("Quinze caractères, sur la feuille remise en main propre."),
        most=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    second = fields.TextField(
        label=_("Second code, si deux feuilles vous ont été remises"),
        required=False,
        most=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    passphrase = fields.TextField(
        strip=False,
        required=True,
        label=_("Phrase de passe choisie"),
        help_text=_("Au moins 15 caractères. Coller est permis."),
        most=1_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = fields.TextField(
        most=1_000,
        strip=False,
        required=True,
        label=_("La même, une seconde fois"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("passphrase") and data.get("again") and data["passphrase"] != data["again"]:
            self.add_error("again", _("Les deux phrases ne sont pas les mêmes."))
        return data
