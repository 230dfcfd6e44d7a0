"""What the pages of posts are sent."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kalata.training.rules.independence import SORTS
from kalata.training.rules.interests import INTERESTS
from kalata.training.rules.posts import LABELS, PROPOSED_BY_DRAW, SIDES
from kalata.training.rules.readiness import REASONS
from kalata.training.rules.reasons import WORDS
from kalata.training.services.posts_oaths import ENDS
from kalata.ui import edge, fields

LARGEST = 8 * 2**20


class OpenForm(edge.Edge):
    act = "open"
    president = fields.CodeField(label=_("Versions de procédure admises pour un président"), most=60, required=True)
    others = fields.CodeField(label=_("Versions de procédure admises pour les autres postes"), most=60, required=True)


class AddStationsForm(edge.Edge):
    act = "stations"


class BoardForm(edge.Edge):
    heure = fields.HourField(label=_("Arrêté à"))


class PostList(edge.Edge):
    q = fields.TextField(label=_("Bureau, poste ou nom"), most=80)
    etat = fields.ChoiceField([(s.value, _(words)) for s, words in LABELS.items()], label=_("État"))
    manque = fields.ChoiceField([(r, _(WORDS[r])) for r in REASONS], label=_("Non couvert"))


class ListForm(edge.Edge):
    act = "list"
    file = fields.UploadField(most=LARGEST, required=True, label=_("Liste d’agents (CSV ou XLSX)"))
    document = fields.TextField(required=True, most=200, label=_("Lettre ou procès-verbal qui l’apporte"))
    shared_read = fields.FlagField(label=_("numéros de téléphone partagés relus"))


class AskForm(edge.Edge):
    act = "ask"
    number = fields.TextField(required=True, most=60, label=_("Numéro de l’acte"))
    on = fields.DateField(required=True, label=_("Date de l’acte"))
    unit = fields.IdField(label=_("Territoire"))
    reason = fields.TextField(required=True, most=400, label=_("Ce qui a été relu"))


class SwearForm(edge.Edge):
    act = "swear"
    place = fields.TextField(required=True, most=200, label=_("Lieu du serment"))
    witness = fields.TextField(required=True, most=200, label=_("Prêté devant"))
    on = fields.DateField(required=True, label=_("Le"))
    hour = fields.HourField(required=True, label=_("À"))


class EndProposalForm(edge.Edge):
    act = "unpropose"
    reason = fields.TextField(required=True, most=200, label=_("Motif"))


class ChangeForm(edge.Edge):
    act = "change"
    what = fields.ChoiceField(
        [(k, _(words)) for k, (_to, words) in ENDS.items()], unsaid=_("à dire"), required=True, label=_("Demande")
    )
    document = fields.TextField(required=True, most=200, label=_("Pièce"))
    reason = fields.TextField(required=True, most=400, label=_("Motif"))


class DeclareForm(edge.Edge):
    act = "declare"
    kind = fields.ChoiceField(
        [(k, _(w)) for k, w in INTERESTS.items()], unsaid=_("à dire"), required=True, label=_("Intérêt déclaré")
    )
    about = fields.TextField(most=300, label=_("Lequel : candidature, parti, personne, marché"))


class LiftForm(edge.Edge):
    act = "lift"
    declaration = fields.IdField(required=True)
    why = fields.TextField(required=True, most=300, label=_("Motif"))


class PresenceForm(edge.Edge):
    act = "presence"
    present = fields.ManyField(fields.IdField(), most=40)
    teller = fields.TextField(required=True, most=200, label=_("Dit par"))
    hour = fields.HourField(required=True, label=_("À"))


class ReplaceForm(edge.Edge):
    act = "replace"
    post = fields.IdField(required=True, label=_("Poste à remplacer"))
    moved_from = fields.IdField(label=_("Membre présent qui préside"))
    name = fields.TextField(most=200, label=_("Nom du remplaçant"))
    roll_number = fields.CountField(label=_("Numéro sur la liste d’émargement de ce bureau"))
    hour = fields.HourField(required=True, label=_("Heure de la décision"))
    decided_by = fields.TextField(required=True, most=200, label=_("Décidé par"))
    witness = fields.TextField(required=True, most=200, label=_("Serment prêté devant"))
    code = fields.CodeField(most=6, label=_("Code dicté par le bureau"))
    paper = fields.UploadField(most=LARGEST, label=_("Acte sur papier, photographié"))


class ReserveAddForm(edge.Edge):
    act = "add"
    codes = fields.LinesField(most=60_000, required=True, label=_("Matricules, un par ligne"))
    unit = fields.IdField(label=_("Territoire"))


class ReserveCallForm(edge.Edge):
    act = "call"
    reserve = fields.IdField(required=True)
    post = fields.IdField(required=True)
    answer = fields.ChoiceField([("coming", _("vient")), ("refused", _("refuse")), ("silent", _("injoignable"))], unsaid=_("à dire"), required=True, label=_("Réponse"))  # fmt: skip


class ReserveList(edge.Edge):
    poste = fields.IdField(label=_("Poste à pourvoir"))
    langue = fields.TextField(most=20, label=_("Langue"))


class PromiseForm(edge.Edge):
    act = "promise"
    position = fields.CodeField(most=60, required=True, label=_("Poste"))
    side = fields.ChoiceField(
        [(s, _(SIDES[s])) for s in sorted(PROPOSED_BY_DRAW)], unsaid=_("à dire"), required=True, label=_("Places")
    )
    promise = fields.CodeField(most=64, required=True, label=_("Empreinte SHA-256 de la graine"))
    names = fields.LinesField(
        most=40_000, required=True, label=_("Noms, un par ligne, dans l’ordre de la liste arrêtée")
    )


class DrawForm(edge.Edge):
    act = "draw"
    draw = fields.IdField(required=True)
    seed = fields.CodeField(most=512, required=True, label=_("Graine"))


class IndependenceForm(edge.Edge):
    act = "enter"
    sort = fields.ChoiceField(
        [(k, _(w)) for k, w in SORTS.items()], unsaid=_("à dire"), required=True, label=_("Nature")
    )
    happened_on = fields.DateField(required=True, label=_("Jour"))
    text = fields.TextField(required=True, most=4_000, label=_("Ce qui s’est passé"))
