"""What the pages of kept plans, classes, papers, payments, certificates and manuals are sent."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kalata.training.rules.classes_states import BADGE, CLASS, REASONS, Badge, Held
from kalata.ui import edge, fields

LARGEST = 4 * 2**20
PICTURE = 10 * 2**20
AT_ONCE = 10
"""Photos of answer sheets of one request: each is read in a child of its own."""


class Terms(edge.Edge):
    """The window and the terms of a plan."""

    act = "terms"
    seen = fields.CodeField(most=64)
    first = fields.DateField(required=True, label=_("Premier jour"))
    last = fields.DateField(required=True, label=_("Dernier jour"))
    closed = fields.TextField(most=400, label=_("Jours fermés (AAAA-MM-JJ, séparés par des espaces)"))
    class_max = fields.CountField(required=True, least=1, most=200, label=_("Taille des classes"))
    class_days = fields.CountField(required=True, least=1, most=15, label=_("Jours d’une classe"))
    reserve = fields.CountField(required=True, least=0, most=100, label=_("Réserve, en pour cent"))
    travel = fields.CountField(required=True, least=0, most=15, label=_("Jours perdus d’un lieu à l’autre"))


class MakeForm(Terms):
    act = "make"
    contest = fields.CodeField(required=True, most=80, label=_("Scrutin"))
    title = fields.TextField(required=True, most=200, label=_("Nom du plan"))
    staff = fields.UploadField(
        most=LARGEST, label=_("Liste d’agents (CSV ou XLSX) ; vide : tous les postes des bureaux, nommés ou à nommer")
    )
    shared_read = fields.FlagField(label=_("numéros de téléphone partagés relus"))
    venues = fields.UploadField(most=LARGEST, required=True, label=_("Lieux : area, venue, rooms, language"))
    pairs = fields.UploadField(most=LARGEST, required=True, label=_("Binômes : pair, home, scope, languages, trainers"))


class TakeForm(edge.Edge):
    act = "take"
    seen = fields.CodeField(most=64)
    limit = fields.ChoiceField([(w, w) for w in ("class_max", "days", "rooms", "pairs", "together")], required=True)


class PublishForm(edge.Edge):
    act = "ask"
    seen = fields.CodeField(most=64)
    reason = fields.TextField(required=True, most=400, label=_("Ce qui a été relu"))


class DropForm(edge.Edge):
    act = "drop"
    seen = fields.CodeField(most=64)
    reason = fields.TextField(required=True, most=400, label=_("Motif"))


class RepairForm(edge.Edge):
    act = "repair"
    venue = fields.TextField(required=True, most=300, label=_("Lieu perdu"))
    on = fields.DateField(required=True, label=_("À partir du"))
    instead = fields.TextField(most=200, label=_("Lieu trouvé à la place, s’il y en a un"))
    rooms = fields.CountField(least=0, most=50, label=_("Ses salles"))


class ClassList(edge.Edge):
    q = fields.TextField(label=_("Séance, lieu ou binôme"), most=80)
    etat = fields.ChoiceField([(s.value, _(CLASS.labels[s])) for s in Held], label=_("État"))
    langue = fields.TextField(label=_("Langue"), most=30)
    jour = fields.DateField(label=_("Jour"))


class EntrustForm(edge.Edge):
    act = "entrust"
    names = fields.LinesField(most=400, label=_("Comptes des formateurs, un par ligne"))


class NoteForm(edge.Edge):
    """One line of the sheet; the rest of them travel as present-N, agent-N, code-N."""

    act = "note"
    seat = fields.CountField(required=True, least=1, most=999, label=_("Place"))
    present = fields.FlagField(label=_("présent, a signé la feuille"))
    agent = fields.CodeField(most=40, label=_("Matricule, si ce n’est pas la personne prévue"))
    code = fields.CodeField(most=6, label=_("Code du jour, comme écrit sur la feuille"))


class HeldForm(edge.Edge):
    act = "held"
    sheet = fields.UploadField(most=PICTURE, required=True, label=_("Feuille d’émargement signée, photographiée"))


class MessagesForm(edge.Edge):
    act = "messages"
    file = fields.UploadField(
        most=LARGEST, required=True, label=_("Messages reçus (CSV, colonne text : code et matricule)")
    )


class EntriesForm(edge.Edge):
    act = "entries"
    file = fields.UploadField(most=LARGEST, required=True, label=_("Saisie hors ligne (CSV ou XLSX)"))


class AnswersForm(edge.Edge):
    act = "answers"
    seat = fields.CountField(required=True, least=1, most=999, label=_("Place"))
    mark = fields.CodeField(required=True, most=20, label=_("Épreuve (code imprimé sur la feuille)"))
    answers = fields.TextField(
        required=True, most=120, label=_("Réponses, une lettre par question, un tiret pour une laissée")
    )


class SheetForm(edge.Edge):
    act = "sheet"
    images = fields.UploadsField(most=PICTURE, required=True, label=_("Feuilles de réponses, photographiées ou numérisées"))

    def clean_images(self) -> list[Any]:
        some: list[Any] = self.cleaned_data["images"]
        if not some:
            raise ValidationError(_("Choisissez au moins une photo."), "required")
        if len(some) > AT_ONCE:
            raise ValidationError(_("Trop de photos à la fois : %(most)d au plus."), "count", {"most": AT_ONCE})
        return some


class LookForm(edge.Edge):
    act = "look"
    answers = fields.TextField(required=True, most=400, label=_("Réponses regardées"))


class SettleForm(edge.Edge):
    act = "settle"


class CertifyForm(edge.Edge):
    act = "certify"
    reason = fields.TextField(required=True, most=400, label=_("Ce qui a été relu"))


class RefresherForm(edge.Edge):
    act = "refresh"
    seat = fields.CountField(required=True, least=1, most=999, label=_("Place"))
    procedure = fields.CodeField(most=80, label=_("Procédure changée, si plusieurs attendent"))
    right = fields.CountField(required=True, least=0, most=20, label=_("Réponses justes"))
    out_of = fields.CountField(required=True, least=1, most=20, label=_("Questions de la page de rappel"))
    route = fields.ChoiceField(
        [("paper", _("sur papier")), ("phone", _("par téléphone"))], unsaid=_("à dire"), required=True, label=_("Fait")
    )


class CourseForm(edge.Edge):
    """The page of refresher: a letter a question; the number of the certificate, or nothing to practise."""

    act = "answer"
    n = fields.CodeField(most=40, label=_("Numéro de votre attestation ; laissez vide pour vous exercer"))
    a1 = fields.CodeField(most=1)
    a2 = fields.CodeField(most=1)
    a3 = fields.CodeField(most=1)


class UpdateList(edge.Edge):
    q = fields.TextField(label=_("Attestation, matricule, séance ou procédure"), most=80)
    etat = fields.ChoiceField([("todo", _("à répondre")), ("done", _("répondu juste, à confirmer"))], label=_("État"))


class ConfirmAllForm(edge.Edge):
    act = "ask"
    contest = fields.CodeField(required=True, most=80, label=_("Scrutin"))
    reason = fields.TextField(required=True, most=400, label=_("Ce qui a été relu"))


class MakeTestForm(edge.Edge):
    act = "make"
    source = fields.CodeField(required=True, most=80, label=_("Source"))
    role = fields.CodeField(required=True, most=40, label=_("Manuel de la fonction"))
    certificate = fields.CodeField(required=True, most=40, label=_("Attestation à laquelle elle mène"))
    language = fields.CodeField(required=True, most=10, label=_("Langue"))
    version = fields.CodeField(required=True, most=20, label=_("Version des procédures portée sur l’attestation"))


class CloseTestForm(edge.Edge):
    act = "close"
    form = fields.IdField(required=True)
    reason = fields.TextField(required=True, most=300, label=_("Motif"))


class PayForm(edge.Edge):
    act = "ask"
    contest = fields.CodeField(required=True, most=80, label=_("Scrutin"))
    number = fields.TextField(required=True, most=60, label=_("Numéro de la liste"))
    reason = fields.TextField(required=True, most=400, label=_("Ce qui a été relu"))


class CertificateList(edge.Edge):
    q = fields.TextField(label=_("Numéro, nom, matricule ou séance"), most=80)
    etat = fields.ChoiceField([(s.value, _(BADGE.labels[s])) for s in Badge], label=_("État"))
    role = fields.CodeField(most=40, label=_("Fonction"))


class WithdrawForm(edge.Edge):
    act = "withdraw"
    code = fields.ChoiceField(
        [(k, _(w)) for k, w in REASONS.items()], unsaid=_("à dire"), required=True, label=_("Motif publié")
    )
    reason = fields.TextField(required=True, most=400, label=_("Ce qui le montre"))


class ConfirmForm(edge.Edge):
    act = "confirm"
    reason = fields.TextField(required=True, most=400, label=_("Ce qui a été relu"))


class CheckForm(edge.Edge):
    """A public question: by number, or by the text of the badge."""

    n = fields.CodeField(most=40, label=_("Numéro de l’attestation"))


class CheckBadgeForm(edge.Edge):
    act = "check"
    token = fields.UploadField(most=64 * 1024, required=True, label=_("Fichier du badge (.jwt)"))


class HandForm(edge.Edge):
    act = "hand"
    training_class = fields.CodeField(required=True, most=20, label=_("Séance"))
    taken_by = fields.CodeField(most=80, label=_("Compte du formateur qui les prend"))
    copies = fields.CountField(required=True, least=1, most=100_000, label=_("Exemplaires"))
    on = fields.DateField(required=True, label=_("Le"))
