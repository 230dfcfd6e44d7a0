"""What the bench's pages take: seats, keys, conflicts, the draw, hearings, sealed texts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from kalata.country.pickers import TerritoryField
from kalata.disputes.rules.deliberation import KINDS, SILENCES
from kalata.disputes.rules.recusals import LABELS, State
from kalata.ui import fields
from kalata.ui.edge import Edge, Wrong

SHA = 64
SEALED = 360_000
"""Signs of a sealed text in base64: what `deliberating.LARGEST` weighs, and a little more."""
Offers = Iterable[tuple[Any, Any]]
INTEREST_LABELS = (
    ("kinship", _("parenté")), ("party", _("parti ou liste")), ("counsel", _("ancien conseil")),
    ("origin", _("circonscription d’origine")), ("other", _("autre")),
)  # fmt: skip


class Offered(Edge):
    """A form whose choices depend on the page: offers, field -> its choices."""

    def __init__(self, *args: Any, offers: dict[str, Offers] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (offers or {}).items():
            if name in self.fields:
                self.fields[name].choices = [("", "–"), *choices]  # type: ignore[attr-defined]


def one_of(label: Any, *, required: bool = True) -> Any:
    return fields.ChoiceField((), required=required, label=label)


# --- the bench ---------------------------------------------------------------------------------
class SeatForm(Edge):
    act = "seat"
    code = fields.CodeField(most=40, required=True, label=_("Code du membre"))
    person = fields.CodeField(most=150, required=True, label=_("Identifiant du compte"))
    authority = fields.TextField(label=_("Autorité qui nomme"))
    since = fields.DayField(required=True, label=_("En fonction depuis le"))
    president = fields.FlagField(label=_("Préside la Cour"))


class LeaveForm(Offered):
    act = "leave"
    member = one_of(_("Membre"))
    until = fields.DayField(required=True, label=_("Dernier jour de fonction"))
    why = fields.TextField(required=True, label=_("Motif"))


class PresidentForm(Offered):
    act = "president"
    member = one_of(_("Membre qui préside"))


class AbsentForm(Offered):
    act = "absent"
    member = one_of(_("Membre"))
    first = fields.DayField(required=True, label=_("Premier jour"))
    last = fields.DayField(label=_("Dernier jour, s’il est connu"))
    why = fields.TextField(required=True, label=_("Motif"))


class DeclareForm(Edge):
    act = "declare"
    kind = fields.ChoiceField(INTEREST_LABELS, required=True, label=_("Lien"))
    name = fields.TextField(label=_("Personne, parti ou liste"))
    unit = TerritoryField(label=_("Ou lieu"), required=False)


class WithdrawForm(Edge):
    act = "withdraw"
    declaration = fields.IdField(required=True, label=_("Déclaration"))


class KeyForm(Edge):
    act = "key"
    public = fields.TextField(most=120, required=True, label=_("Ligne publique de la clé (bench1+…)"))


class LostForm(Edge):
    act = "lost"
    sure = fields.FlagField(required=True, label=_("Ma clé est perdue ou dans d’autres mains"))


# --- a case's bench ----------------------------------------------------------------------------
class MatchForm(Edge):
    act = "match"


class ConflictForm(Edge):
    act = "conflict"
    conflict = fields.IdField(required=True, label=_("Conflit"))
    decision = fields.ChoiceField(
        [("barred", _("l’écarte de l’affaire")), ("clear", _("ne l’écarte pas"))], required=True, label=_("Décision")
    )
    reason = fields.TextField(most=400, required=True, label=_("Motif"))


class ChallengeForm(Offered):
    act = "challenge"
    member = one_of(_("Membre visé"))
    party = one_of(_("Partie qui récuse"))
    grounds = fields.LinesField(required=True, label=_("Motifs de la demande"))


class AsideForm(Edge):
    act = "aside"
    grounds = fields.LinesField(required=True, label=_("Pourquoi je demande à ne pas siéger"))


class RecusalForm(Edge):
    act = "recusal"
    recusal = fields.IdField(required=True, label=_("Demande"))
    to = fields.ChoiceField(
        [(s.value, LABELS[s]) for s in State if s is not State.DEMANDED], required=True, label=_("Suite")
    )
    reason = fields.LinesField(required=True, label=_("Réponse ou motif"))


class GiveForm(Offered):
    act = "give"
    member = one_of(_("Rapporteur désigné"))
    why = fields.TextField(most=400, required=True, label=_("Motif écrit, publié avec la liste"))


# --- the draw ----------------------------------------------------------------------------------
class CommitForm(Edge):
    act = "commit"
    commit = fields.CodeField(most=SHA, required=True, label=_("SHA-256 de la graine (64 chiffres)"))
    tolerance = fields.CountField(most=50, label=_("Écart de charge toléré"))
    per_stations = fields.CountField(
        most=9_999, label=_("Un point de charge de plus par tranche de bureaux contestés (vide : non)")
    )
    reason = fields.TextField(most=400, required=True, label=_("Motif"))


class Halves(Edge):
    """Both halves of the seed, each typed by the person who holds it."""

    first = fields.CodeField(most=256, required=True, label=_("Première moitié de la graine"))
    second = fields.CodeField(most=256, required=True, label=_("Seconde moitié"))


class DrawForm(Halves):
    act = "draw"


class PublishForm(Halves):
    act = "publish"


# --- hearings ----------------------------------------------------------------------------------
class FixForm(Edge):
    act = "fix"
    day = fields.DayField(required=True, label=_("Jour"))
    hour = fields.TextField(most=5, required=True, label=_("Heure (9:00)"))
    place = fields.TextField(most=120, required=True, label=_("Salle"))
    cases = fields.LinesField(required=True, label=_("Affaires, un numéro par ligne, dans l’ordre"))
    interpreters = fields.TextField(label=_("Interprètes"))
    access = fields.TextField(label=_("Accès (rampe, grands caractères, langue des signes)"))
    closed_why = fields.TextField(most=300, label=_("Huis clos : motif (vide : audience publique)"))


class ListForm(Edge):
    act = "list"
    hearing = fields.IdField(required=True, label=_("Audience"))


class CausesForm(ListForm):
    """The cause list of a hearing as the paper that is posted."""

    act = "causes"


class MinutesForm(ListForm):
    """The minutes of a hearing that was held, as a paper."""

    act = "minutes"


class HoldForm(Edge):
    act = "hold"
    hearing = fields.IdField(required=True, label=_("Audience"))
    minutes = fields.LinesField(most=20_000, required=True, label=_("Procès-verbal"))
    audio = fields.CodeField(most=SHA, label=_("SHA-256 de l’enregistrement"))
    member = fields.ManyField(fields.IdField(), most=60, label=_("Membres présents"))
    party = fields.ManyField(fields.IdField(), most=500, label=_("Parties présentes"))


# --- the deliberation ----------------------------------------------------------------------------
class Quiet(Edge):
    """A form of the deliberation: what was sent and is not understood is repeated nowhere, be it by mistake a text in clear."""

    def wrong(self) -> list[Wrong]:
        return [Wrong(one.field, "", str(_("ce qui a été envoyé n’est pas répété ici"))) for one in super().wrong()]


class SealedForm(Quiet):
    """What the page sends of a text: its sealed bytes in base64, and nothing else of it."""

    sealed = fields.CodeField(most=SEALED, label=_("Texte scellé"))
    file = fields.UploadField(most=300_000, label=_("Ou fichier scellé par « kalata disputes seal »"))


class DepositForm(SealedForm):
    act = "deposit"
    kind = fields.ChoiceField(list(KINDS.items()), required=True, label=_("Nature"))
    point = fields.CountField(most=999, label=_("Point, pour un vote"))


class ResealForm(SealedForm):
    act = "reseal"
    round = fields.IdField(required=True, label=_("Tour"))
    item = fields.IdField(required=True, label=_("Texte"))


class ConfirmForm(Quiet):
    act = "confirm"
    round = fields.IdField(required=True, label=_("Tour"))
    item = fields.IdField(required=True, label=_("Texte"))


class OpenForm(Quiet):
    act = "open"


class ReleaseForm(Quiet):
    act = "release"
    silence = fields.ChoiceField([("", "–"), *SILENCES.items()], label=_("Si certains n’ont rien déposé"))


class CloseForm(Quiet):
    act = "close"
    ayes = fields.CountField(most=99, required=True, label=_("Voix pour"))
    noes = fields.CountField(most=99, required=True, label=_("Voix contre"))
    casting = fields.ChoiceField(
        [("", "–"), ("aye", _("pour")), ("no", _("contre"))], label=_("Voix prépondérante, si égalité")
    )
    secret = fields.FlagField(label=_("Scrutin secret"))
