"""What people type about legal time. Words of the form become values of the rules here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kalata.country.models import Election
from kalata.deadlines.pages import STATES
from kalata.deadlines.rules.derogations import KIND_LABELS, Derogates
from kalata.deadlines.rules.norms import RANK_LABELS
from kalata.deadlines.services import EVIDENCE_MAX
from kalata.ui import edge, fields


def day_field(*, required: bool = True, **extra: Any) -> fields.DateField:
    return fields.DateField(required=required, **extra)


def hour_field(*, required: bool = True, **extra: Any) -> fields.HourField:
    return fields.HourField(required=required, **extra)


class NewForm(edge.Edge):
    election: Any = forms.ModelChoiceField(Election.objects.none(), label=_("Élection"))
    family = forms.ChoiceField(label=_("Genre de scrutin"), help_text=_("Celui dont le pack donne les délais."))
    rounds = forms.TypedChoiceField(label=_("Tours"), choices=[(1, "1"), (2, "2")], coerce=int, initial=2)
    polling_day = day_field(
        label=_("Jour du vote, premier tour"), required=False, help_text=_("Prévu ; vous pourrez le changer.")
    )

    def __init__(self, *args: Any, families: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["election"].queryset = Election.objects.all()  # type: ignore[attr-defined]
        self.fields["family"].choices = [(f, f) for f in families]  # type: ignore[attr-defined]


class FactForm(edge.Edge):
    standing = forms.ChoiceField(
        label=_("État"),
        choices=[("planned", _("prévu")), ("actual", _("constaté"))],
        widget=forms.RadioSelect,
        initial="actual",
    )
    day = day_field(label=_("Jour"))
    at = hour_field(
        label=_("Heure"), required=False, help_text=_("Nécessaire quand des délais en heures partent de cet événement.")
    )
    party = fields.TextField(
        label=_("Partie"),
        most=120,
        help_text=_("Pour une notification ou une requête : à qui, ou son numéro."),
    )
    document = fields.TextField(
        label=_("Acte ou pièce"),
        most=300,
        help_text=_("Nature, numéro et date. Obligatoire pour un événement constaté."),
    )
    file = fields.UploadField(most=EVIDENCE_MAX, label=_("Copie de la pièce"), required=False)
    reason = fields.TextField(
        label=_("Motif de la correction"),
        most=400,
        help_text=_("Obligatoire pour remplacer une date déjà enregistrée."),
    )


class WithdrawForm(edge.Edge):
    act = "withdraw"
    fact = fields.IdField(required=True)
    reason = fields.TextField(most=400)


class EndForm(edge.Edge):
    act = "end"
    override = fields.IdField(required=True)
    reason = fields.TextField(most=400)


class DropForm(edge.Edge):
    act = "drop"
    id = fields.IdField(required=True)


class PublishForm(edge.Edge):
    act = "publish"
    reason = fields.TextField(most=400)


class RecallForm(PublishForm):
    act = "recall"


class TextsForm(PublishForm):
    """The day whose texts hold; empty: those of today."""

    act = "texts"
    law_date = fields.DateField(label=_("Textes en vigueur le"))


class FollowForm(edge.Edge):
    acteur = fields.TextField(most=120)
    mail = fields.FlagField()


class StopForm(edge.Edge):
    act = "stop"


class Replaces(edge.Edge):
    """The record that a form corrects."""

    corriger = fields.IdField()


class ReplacesForm(edge.Edge):
    replaces = fields.IdField()


class ChosenRule(edge.Edge):
    regle = fields.TextField()


class Feasibility(edge.Edge):
    observe = fields.ChoiceField(("0", "1"), initial="1")
    lecture = fields.CountField(most=999)


class Moved(edge.Edge):
    vote = fields.DateField()


class Filters(edge.Edge):
    """What narrows a calendar, and how it is shown."""

    q = fields.TextField()
    acteur = fields.TextField()
    etat = fields.ChoiceField([key for key, _label in STATES])
    tour = fields.CountField(least=1, most=9)
    vue = fields.ChoiceField(("liste", "mois", "frise", "semaine"), initial="liste")
    mois = fields.MonthField()


class Received(edge.Edge):
    """When an act came in, for the clerk's calculator."""

    recu = fields.InstantField()
    heure = fields.HourField()


class Feed(edge.Edge):
    langue = fields.ChoiceField(("fr", "en", "bm"))
    acteur = fields.TextField()


class DerogationForm(edge.Edge):
    norm = forms.ChoiceField(label=_("Règle"))
    kind = forms.ChoiceField(label=_("L’acte"), choices=[(k.value, label) for k, label in KIND_LABELS.items()])
    day = day_field(label=_("Nouvelle échéance"), required=False, help_text=_("Pour prolonger, abréger ou fixer."))
    at = hour_field(label=_("Heure"), required=False, help_text=_("Vide : le jour entier, jusqu’à 24 h 00."))
    first = day_field(label=_("Suspendu du"), required=False)
    last = day_field(label=_("au (compris)"), required=False)
    authority = fields.TextField(required=True, label=_("Autorité"), most=200)
    document = fields.TextField(
        required=True, label=_("Document"), most=300, help_text=_("Nature, numéro, date et publication de l’acte.")
    )
    decided = day_field(label=_("Décidé le"))
    rank = forms.TypedChoiceField(label=_("Rang de l’acte"), coerce=int)
    reason = fields.TextField(required=True, label=_("Motif"), most=400)
    file = fields.UploadField(most=EVIDENCE_MAX, label=_("Copie de l’acte"), required=False)

    def __init__(self, *args: Any, norms: list[tuple[str, Any]], say: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["norm"].choices = norms  # type: ignore[attr-defined]
        self.fields["kind"].choices = [(k.value, say(label)) for k, label in KIND_LABELS.items()]  # type: ignore[attr-defined]
        self.fields["rank"].choices = [(k, say(label)) for k, label in RANK_LABELS.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        pause = data.get("kind") in (Derogates.SUSPEND.value, Derogates.INTERRUPT.value)
        for name in ("first", "last") if pause else ("day",):
            if not data.get(name):
                self.add_error(name, _("Ce champ est nécessaire pour cet acte."))
        if pause and data.get("first") and data.get("last") and data["last"] < data["first"]:
            self.add_error("last", _("La fin précède le début."))
        return data


class AssumptionForm(edge.Edge):
    start = forms.ChoiceField(label=_("De"))
    end = forms.ChoiceField(label=_("À"))
    least = fields.CountField(label=_("Au moins (jours)"), most=2000)
    most = fields.CountField(label=_("Au plus (jours)"), most=2000)
    reason = fields.TextField(required=True, label=_("Pourquoi"), most=400)

    def __init__(self, *args: Any, nodes: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("start", "end"):
            self.fields[name].choices = nodes  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("least") is None and data.get("most") is None:
            self.add_error("least", _("Donnez au moins une des deux longueurs."))
        if data.get("least") is not None and data.get("most") is not None and data["least"] > data["most"]:
            self.add_error("most", _("Le plus est inférieur au moins."))
        if data.get("start") and data.get("start") == data.get("end"):
            self.add_error("end", _("Choisissez deux événements différents."))
        return data


UNITS = [
    ("day", _("jours")),
    ("hour", _("heures")),
    ("minute", _("minutes")),
    ("week", _("semaines")),
    ("month", _("mois")),
    ("year", _("ans")),
]
DAYS = [
    ("monday", _("lundi")),
    ("tuesday", _("mardi")),
    ("wednesday", _("mercredi")),
    ("thursday", _("jeudi")),
    ("friday", _("vendredi")),
    ("saturday", _("samedi")),
    ("sunday", _("dimanche")),
]


class TryForm(edge.Edge):
    """Any rule, for lawyers: what the law says, said in fields."""

    event = day_field(label=_("Jour de l’événement"))
    event_at = hour_field(label=_("Heure de l’événement"), required=False, help_text=_("Pour un délai en heures."))
    kind = forms.ChoiceField(
        label=_("Genre de règle"),
        choices=[("offset", _("une longueur de temps")), ("nth_weekday", _("le n-ième jour de la semaine"))],
    )
    n = fields.CountField(label=_("Combien"), most=9999, initial=5, required=True)
    unit = forms.ChoiceField(label=_("Unité"), choices=UNITS, required=False)
    weekday = forms.ChoiceField(label=_("Jour de la semaine"), choices=DAYS, required=False, initial="sunday")
    direction = forms.ChoiceField(
        label=_("Sens"), choices=[("after", _("après")), ("before", _("avant"))], required=False
    )
    counting = forms.ChoiceField(
        label=_("Délai"),
        choices=[("both", _("les deux lectures")), ("non_franc", _("non franc")), ("franc", _("franc"))],
        required=False,
    )
    skip = forms.MultipleChoiceField(
        label=_("Ne comptent pas"),
        choices=[("saturday", _("samedis")), ("sunday", _("dimanches")), ("holiday", _("jours fériés"))],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    roll = forms.ChoiceField(
        label=_("Si le dernier jour est chômé"),
        choices=[
            ("none", _("il reste l’échéance")),
            ("next_working_day", _("premier jour ouvrable suivant")),
            ("previous_working_day", _("dernier jour ouvrable précédent")),
        ],
        required=False,
    )
    holidays = forms.ChoiceField(label=_("Jours fériés de"), required=False)
    distance = fields.CountField(label=_("Délai de distance (jours)"), most=365)
    cutoff = hour_field(label=_("Heure limite"), required=False, help_text=_("Vide : jusqu’à 24 h 00."))
    closes = hour_field(
        label=_("Fermeture du bureau"),
        required=False,
        help_text=_("Pour avertir quand le droit court après la fermeture."),
    )
    filed = day_field(label=_("Acte reçu le"), required=False)
    filed_at = hour_field(label=_("Heure de réception"), required=False)

    def __init__(self, *args: Any, countries: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holidays"].choices = [("", _("aucun")), *countries]  # type: ignore[attr-defined]

    def spec(self) -> dict[str, object]:
        """The definition the rules read, without the counting (two readings are shown)."""
        d = self.cleaned_data
        out: dict[str, object] = {
            "kind": d["kind"],
            "n": d["n"],
            "direction": d["direction"] or "after",
            "roll": d["roll"] or "none",
        }
        if d["kind"] == "offset":
            out["unit"] = d["unit"] or "day"
        else:
            out["weekday"] = d["weekday"] or "sunday"
        if d["skip"]:
            out["skip"] = d["skip"]
        if d["distance"]:
            out["distance"] = d["distance"]
        if d["cutoff"]:
            out["cutoff"] = f"{d['cutoff']:%H:%M}"
        return out

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("kind") == "nth_weekday" and not data.get("n"):
            self.add_error("n", _("Le n-ième jour commence à 1."))
        needs = data.get("roll") not in (None, "", "none") or "holiday" in (data.get("skip") or [])
        if needs and not data.get("holidays"):
            self.add_error("holidays", _("Choisissez le pays dont les jours fériés comptent."))
        if data.get("filed_at") and not data.get("filed"):
            self.add_error("filed", _("Donnez aussi le jour de réception."))
        return data
