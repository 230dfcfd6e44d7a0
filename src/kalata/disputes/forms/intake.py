"""What the counter takes: the filters of its list, a petition with its table of grounds, a bundle, a piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from kalata.disputes.rules.checklist import CAPACITY_LABELS
from kalata.disputes.rules.filing import CHANNELS, GROUNDS, MOST_TEXT
from kalata.disputes.rules.parties import ACCESS_LABELS
from kalata.disputes.rules.steps import LABELS, State
from kalata.disputes.services.intake import PIECE_MOST
from kalata.disputes.services.issuing import ABOUT_LABELS
from kalata.disputes.services.likeness import ANSWERS
from kalata.ui import fields
from kalata.ui.edge import Edge


def words(labels: Mapping[Any, str]) -> list[tuple[str, Any]]:
    """The words of a rule as choices, in the reader's language."""
    return [(str(key), _(label)) for key, label in labels.items()]


UNSAID = _("à choisir")
"""A counter writes down what the petition says: no box is answered before somebody reads it."""
ROWS, SHOWN = 8, 2
"""Grounds offered on the page, and those open at first; an empty one is none."""
STATES = words({s.value: LABELS[s] for s in State if s is not State.DRAFT})
AT_COUNTER = words({key: label for key, label in CHANNELS.items() if key != "web"})
BUNDLE_MOST = 180 * 2**20
ONLINE_MOST = 20 * 2**20
KINDS = {
    "petition": _("requête signée"), "pv": _("copie de procès-verbal"), "tally": _("feuille de dépouillement"),
    "receipt": _("accusé de résultats"), "report": _("rapport officiel"), "bailiff": _("constat d’huissier"),
    "statement": _("attestation"), "photo": _("photographie"), "expert": _("expertise"), "dataset": _("données"), "other": _("autre"),
}  # fmt: skip

GIVEN = {**KINDS, "mandate": _("mandat"), "brief": _("mémoire")}
"""Kinds of the pieces of a file: those that a person chooses, and those that an act of a party gives."""


class RegistryList(Edge):
    """The filters of the list of what was received."""

    q = fields.TextField(label=_("Chercher"))
    etat = fields.ChoiceField(STATES, label=_("État"))
    guichet = fields.TextField(most=8, label=_("Guichet"))
    canal = fields.ChoiceField(words(CHANNELS), label=_("Voie"))
    semblable = fields.FlagField(label=_("Ressemble à une autre"))
    file = fields.FlagField(label=_("A attendu dans la file"))


class Written(Edge):
    """What a petition says, whoever writes it down."""

    contest = fields.IdField(required=True, label=_("Scrutin"))
    petitioner = fields.TextField(required=True, label=_("Requérant"))
    capacity = fields.ChoiceField(words(CAPACITY_LABELS), unsaid=UNSAID, label=_("Agissant comme"))
    email = fields.TextField(most=120, label=_("Courriel"))
    phone = fields.TextField(most=30, label=_("Téléphone"))
    elected = fields.TextField(label=_("Adresse choisie pour les notifications"))
    respondent = fields.TextField(label=_("Contre qui"))
    about = fields.ChoiceField(words(ABOUT_LABELS), unsaid=UNSAID, label=_("Acte attaqué"))
    about_words = fields.TextField(label=_("Objet, en quelques mots"))
    relief = fields.TextField(most=400, label=_("Ce qui est demandé"))
    text = fields.LinesField(most=MOST_TEXT, label=_("Texte de la requête"))
    signed = fields.FlagField(label=_("Signée"))
    signed_on = fields.DayField(label=_("Datée du"))
    pieces = fields.UploadsField(most=PIECE_MOST, label=_("Pièces"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(1, ROWS + 1):
            self.fields[f"code{n}"] = fields.ChoiceField(words(GROUNDS), unsaid=UNSAID, label=_("Moyen"))
            self.fields[f"stations{n}"] = fields.LinesField(most=20_000, label=_("Bureaux visés"))
            self.fields[f"article{n}"] = fields.TextField(most=120, label=_("Article invoqué"))
            self.fields[f"text{n}"] = fields.LinesField(most=4_000, label=_("Ce qui est reproché"))

    @property
    def ground_rows(self) -> Iterator[Sequence[Any]]:
        """The boxes of each ground, for the page; the last: whether it is open, filled or wrong."""
        for n in range(1, ROWS + 1):
            boxes = [self[f"{name}{n}"] for name in ("code", "stations", "article", "text")]
            yield n, *boxes, n <= SHOWN or any(b.value() or b.errors for b in boxes)


class PetitionForm(Written):
    """A petition as it is taken down at a counter. look: it is read again beside its summary, and nothing is received."""

    act = "receive"
    look = "look"
    counter = fields.IdField(required=True, label=_("Guichet"))
    channel = fields.ChoiceField(AT_COUNTER, required=True, unsaid=UNSAID, label=_("Voie"))
    appeal = fields.TextField(most=40, label=_("Décision de première instance attaquée, par son numéro"))
    ticket = fields.TextField(most=40, label=_("Ticket de file"))
    since = fields.InstantField(label=_("Dans la file, ou dans la boîte, depuis"))
    held = fields.ManyField(fields.TextField(most=800), most=500, label=_("pièces déjà données"))
    clock = fields.TextField(most=40, label=_("D’où vient l’heure, si ce n’est pas de cette machine"))


class SaveForm(Written):
    """A petition that a party writes, kept as a draft: nobody at the Court reads it."""

    act = "save"
    office = fields.ChoiceField([], label=_("Devant qui"))
    appeal = fields.TextField(most=40, label=_("Décision attaquée, par son numéro (en appel)"))
    pieces = fields.UploadsField(most=ONLINE_MOST, label=_("Pièces"))

    def __init__(self, *args: Any, offices: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = [("", _("la Cour")), *offices]  # type: ignore[attr-defined]


class FileForm(SaveForm):
    act = "file"


class AbandonForm(Edge):
    act = "abandon"


class MergeForm(Edge):
    act = "merge"
    bundle = fields.UploadField(most=BUNDLE_MOST, required=True, label=_("Lot signé d’un guichet"))


class ExportForm(Edge):
    act = "export"
    counter = fields.IdField(required=True, label=_("Guichet"))


class PrintForm(Edge):
    act = "print"


class LikenessForm(Edge):
    """What the registry makes of a likeness."""

    act = "likeness"
    twin = fields.IdField(required=True, label=_("Ressemblance"))
    answer = fields.ChoiceField(words(ANSWERS), required=True, label=_("Réponse"))
    why = fields.TextField(most=400, required=True, label=_("Motif"))


class OpenCounterForm(Edge):
    """A counter to open here, or one of another machine by the public half of its key. Another person decides."""

    act = "open"
    code = fields.CodeField(most=8, required=True, label=_("Code, pour toujours"))
    name = fields.TextField(required=True, label=_("Nom"))
    unit = fields.CodeField(most=40, label=_("Code du territoire ; vide : tout le pays"))
    key = fields.CodeField(most=64, label=_("Clé publique, si le guichet est sur une autre machine"))
    reason = fields.TextField(most=400, required=True, label=_("Motif"))


class RollForm(Edge):
    act = "roll"
    contest = fields.IdField(required=True, label=_("Scrutin"))
    short = fields.CodeField(most=6, required=True, label=_("Nom court"))
    year = fields.CountField(most=2100, required=True, label=_("Année"))


class CloseCounterForm(Edge):
    act = "close"
    code = fields.CodeField(most=8, required=True, label=_("Guichet"))
    sure = fields.FlagField(required=True, label=_("Il ne recevra plus, et aucun de ses lots ne sera plus fusionné"))


class AddForm(Edge):
    act = "add"
    kind = fields.ChoiceField(list(KINDS.items()), required=True, label=_("Genre"))
    name = fields.TextField(required=True, label=_("Nom de la pièce"))
    access = fields.ChoiceField(words(ACCESS_LABELS), label=_("Accès"), initial="parties")
    station = fields.CodeField(label=_("Bureau"))
    obtained = fields.TextField(label=_("Comment elle a été obtenue"))
    place = fields.TextField(label=_("Lieu"))
    originals = fields.TextField(label=_("Où est l’original"))
    piece = fields.UploadField(most=PIECE_MOST, required=True, label=_("Fichier"))
