"""What the editor of a case is sent: one form for each of its parts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kalata.country.rules.shapes import CONFIDENCE_LABELS
from kalata.training.rules.moots.case import TOPICS, Asks
from kalata.training.rules.moots.editing import READS
from kalata.ui import edge, fields

LONG = 12_000
PARTS = ("head", "election", "stage", "paper", "question", "criterion", "file")
ASKS = {
    Asks.CHOICE: _("un choix"), Asks.DECLARE: _("une déclaration : tout ce qui devait l’être"), Asks.COMPUTED: _("une valeur que la maison calcule"),
    Asks.WRITTEN: _("un écrit, que deux notateurs lisent"),
}  # fmt: skip
ENGINES = {
    "limit": _("délai : quand finit-il"), "admissible": _("examen du greffe : recevable ou non"), "effect": _("effet d’actes sur le résultat"),
    "ceiling": _("matérialité : l’issue peut-elle changer"), "identity": _("écart d’un procès-verbal à une identité"), "quorum": _("la Cour peut-elle siéger"),
}  # fmt: skip
YAML = ("facts", "acts", "contested")
"""Fields of an engine whose value has a shape of its own, written as in the file."""


class OpenForm(edge.Edge):
    """Which part of the draft is open. stage: where a new paper or question goes, or where this one stands; n: its place, 0 a new one."""

    part = fields.ChoiceField([(p, p) for p in ("", *PARTS)])
    stage = fields.CountField(most=20)
    n = fields.CountField(most=60)


class PartForm(edge.Edge):
    seen = fields.CodeField(most=64, label=_("page lue"))
    stage = fields.CountField(most=20, label=_("Étape"))
    n = fields.CountField(most=60, label=_("Place dans la liste"))


class HeadForm(PartForm):
    act = "head"
    title_fr = fields.TextField(label=_("Titre, en français"), most=200, required=True)
    title_en = fields.TextField(label=_("Titre, en anglais"), most=200, required=True)
    lesson_fr = fields.LinesField(label=_("Ce que l’affaire apprend, en français"), most=400, required=True)
    lesson_en = fields.LinesField(label=_("Ce que l’affaire apprend, en anglais"), most=400, required=True)
    topics = fields.ManyField(
        fields.ChoiceField([(k, _(w)) for k, w in TOPICS.items()], required=True),
        most=20,
        required=True,
        label=_("Sujets"),
    )
    difficulty = fields.ChoiceField([("1", "1"), ("2", "2"), ("3", "3")], required=True, label=_("Difficulté"))
    pack = fields.CodeField(label=_("Pack dont le droit s’applique"), most=40, required=True)
    on = fields.DateField(label=_("Droit en vigueur le"), required=True)
    source = fields.LinesField(label=_("Sources des faits, une par ligne"), most=2_000)
    confidence = fields.ChoiceField(
        [(c.value, _(said)) for c, said in CONFIDENCE_LABELS.items()], label=_("Degré de confiance des faits"), required=True
    )


class ElectionForm(PartForm):
    act = "election"
    contest = fields.LinesField(label=_("Scrutin, comme dans le fichier : id, système"), most=LONG, required=True)
    options = fields.LinesField(label=_("Listes ou candidats, un par ligne"), most=LONG, required=True)
    stations = fields.LinesField(
        label=_("Bureaux, un par ligne : code | voix de chaque liste, dans leur ordre"), most=LONG, required=True
    )


class StageForm(PartForm):
    """A new stage is born with one written question: a stage that asks nothing is none."""

    act = "stage"
    title_fr = fields.TextField(label=_("Titre, en français"), most=200, required=True)
    title_en = fields.TextField(label=_("Titre, en anglais"), most=200, required=True)
    minutes = fields.CountField(label=_("Minutes accordées"), least=1, most=600, required=True)
    at = fields.CountField(label=_("Minute où l’événement arrive (crise) ; vide : après l’étape d’avant"), most=600)
    facts_fr = fields.LinesField(label=_("Faits, en français, un paragraphe par ligne"), most=LONG, required=True)
    facts_en = fields.LinesField(label=_("Faits, en anglais, un paragraphe par ligne"), most=LONG, required=True)
    law = fields.LinesField(label=_("Normes citées, un code du pack par ligne"), most=2_000)
    question_id = fields.CodeField(label=_("Code de la première question, d’une étape nouvelle"), most=60)
    question_fr = fields.LinesField(label=_("Première question (écrite), en français"), most=4_000)
    question_en = fields.LinesField(label=_("Première question (écrite), en anglais"), most=4_000)


class PaperForm(PartForm):
    act = "paper"
    title_fr = fields.TextField(label=_("Titre, en français"), most=400, required=True)
    title_en = fields.TextField(label=_("Titre, en anglais"), most=400, required=True)
    text_fr = fields.LinesField(label=_("Texte, en français"), most=4_000, required=True)
    text_en = fields.LinesField(label=_("Texte, en anglais"), most=4_000, required=True)


class QuestionForm(PartForm):
    act = "question"
    id = fields.CodeField(label=_("Code"), most=60, required=True)
    asks = fields.ChoiceField([(a.value, w) for a, w in ASKS.items()], required=True, label=_("Ce qui est demandé"))
    text_fr = fields.LinesField(label=_("Question, en français"), most=4_000, required=True)
    text_en = fields.LinesField(label=_("Question, en anglais"), most=4_000, required=True)
    critical = fields.FlagField(label=_("décisive : qui la manque échoue, quelles que soient les notes"))
    minutes = fields.CountField(label=_("Première décision attendue sous, en minutes (0 : non mesurée)"), most=600)
    options = fields.LinesField(label=_("Réponses offertes, une par ligne : code | français | anglais"), most=LONG)
    right = fields.TextField(label=_("Codes des bonnes réponses ; vide pour un dilemme"), most=400)
    planted = fields.TextField(label=_("Codes de ce qui devait être déclaré"), most=400)
    why_fr = fields.LinesField(label=_("Explication donnée après, en français"), most=4_000)
    why_en = fields.LinesField(label=_("Explication donnée après, en anglais"), most=4_000)
    by = fields.ChoiceField([("", _("aucun")), *((k, ENGINES[k]) for k in READS)], label=_("Moteur qui répond"))
    norm = fields.CodeField(label=_("Délai : norme du pack"), most=60)
    event = fields.CodeField(label=_("Délai : jour ou instant de départ (AAAA-MM-JJ ou AAAA-MM-JJTHH:MM)"), most=20)
    item = fields.CodeField(label=_("Examen : point examiné"), most=40)
    facts = fields.LinesField(label=_("Examen : faits de la requête, comme dans le fichier"), most=LONG)
    ask = fields.TextField(label=_("Effet, matérialité, Cour : ce qui est demandé au moteur"), most=120)
    acts = fields.LinesField(label=_("Effet : actes, comme dans le fichier"), most=LONG)
    contested = fields.LinesField(
        label=_("Matérialité : bureaux attaqués, comme dans le fichier ; vide : tous"), most=LONG
    )
    check = fields.CodeField(label=_("Identité : laquelle"), most=40)
    boxes = fields.LinesField(label=_("Identité : cases, une par ligne : nom | nombre"), most=2_000)
    votes = fields.LinesField(label=_("Identité : voix de chaque liste, une par ligne"), most=2_000)
    out = fields.CountField(label=_("Cour : membres empêchés"), most=60)


class CriterionForm(PartForm):
    act = "criterion"
    id = fields.CodeField(label=_("Code"), most=60, required=True)
    weight = fields.CountField(label=_("Poids"), least=1, most=10, required=True)
    text_fr = fields.TextField(label=_("Critère, en français"), most=300, required=True)
    text_en = fields.TextField(label=_("Critère, en anglais"), most=300, required=True)
    levels_fr = fields.LinesField(label=_("Niveaux 0 à 4, en français, un par ligne"), most=2_400, required=True)
    levels_en = fields.LinesField(label=_("Niveaux 0 à 4, en anglais, un par ligne"), most=2_400, required=True)


class PlaceForm(PartForm):
    """An element of a list, by its path and its place."""

    field = fields.ChoiceField([(f, f) for f in ("stages", "rubric", "papers", "questions")], required=True)


class MoveForm(PlaceForm):
    act = "move"
    to = fields.ChoiceField([("-1", "↑"), ("1", "↓")], required=True)


class RemoveForm(PlaceForm):
    act = "remove"


class FileForm(PartForm):
    act = "file"
    text = fields.LinesField(label=_("L’affaire comme son fichier, en YAML"), most=120_000, strip=False)
    file = fields.UploadField(most=256 * 1024, label=_("ou le fichier lui-même (.yaml), qui prend la place du texte"))
