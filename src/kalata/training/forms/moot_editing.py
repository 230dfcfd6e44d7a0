"""What the editor of a case is sent: one form for each of its parts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kalata.country.rules.shapes import CONFIDENCE_LABELS
from kalata.training.rules.moots.case import SORTS, TOPICS, Asks
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
COMMON = ("id", "text_fr", "text_en", "critical", "minutes")
OF_KIND = {
    Asks.CHOICE: ("options", "right"), Asks.DECLARE: ("options", "planted"), Asks.COMPUTED: (), Asks.WRITTEN: (),
}  # fmt: skip
OF_ENGINE = {
    "limit": ("norm", "event"), "effect": ("ask_effect", "ask_name", "acts"), "ceiling": ("ask_ceiling", "contested"), "identity": ("check", "boxes", "votes"),
    "quorum": ("ask_quorum", "out"),
    "admissible": ("item", "fact_contest", "fact_round", "fact_body", "fact_received", "fact_capacity", "fact_events", "fact_form", "fact_grounds"),
}  # fmt: skip
"""The boxes of a question by what it asks, and of the engine that answers it: no other is shown."""
ASK = {
    "effect": {
        "leader": _("qui est en tête"), "gap": _("l’écart entre les deux premiers"), "same": _("l’issue est-elle la même"),
        "annulled": _("combien de bureaux sont annulés"), "votes": _("les voix d’une liste"), "qualified": _("une liste est-elle qualifiée au second tour"),
    },
    "ceiling": {"can_change": _("l’issue peut-elle changer"), "smallest": _("le plus petit nombre de bureaux qui la change")},
    "quorum": {"sits": _("la Cour peut-elle siéger"), "recusal": _("sa loi connaît-elle la récusation")},
}  # fmt: skip
ABOUT_CONTESTS = {
    "presidential": _("présidentielle"), "legislative": _("législatives"), "referendum": _("référendum"), "communal": _("communales"), "regional": _("régionales"),
}  # fmt: skip
ITEM_WORDS = {
    "competence": _("compétence"), "time_limit": _("délai"), "standing": _("qualité pour agir"), "form": _("forme"), "object": _("objet"), "grounds": _("moyens"),
    "res_judicata": _("chose jugée"),
}  # fmt: skip
CAPACITY_WORDS = {
    "candidate": _("candidat"), "party": _("parti"), "list": _("liste"), "state_representative": _("représentant de l’État"), "station_member": _("membre du bureau"),
    "elector": _("électeur"), "other": _("autre"),
}  # fmt: skip


def shown_for(asks: str, by: str) -> tuple[str, ...]:
    """The boxes of a question, in the order of the form."""
    kind = Asks(asks)
    common = tuple(name for name in COMMON if name != "critical" or kind is not Asks.WRITTEN)
    engine = OF_ENGINE.get(by, ()) if kind is Asks.COMPUTED else ()
    return (*common, *OF_KIND[kind], *engine, "why_fr", "why_en")


def said(asks: str, by: str) -> str:
    """What a question asks, in words, with its engine."""
    word = str(ASKS[Asks(asks)])
    return f"{word} · {ENGINES[by]}" if by else word


class OpenForm(edge.Edge):
    """Which part of the draft is open. stage: where a new paper or question goes, or where this one stands; n: its place, 0 a new one."""

    part = fields.ChoiceField([(p, p) for p in ("", *PARTS)])
    stage = fields.CountField(most=20)
    n = fields.CountField(most=60)
    asks = fields.ChoiceField([("", ""), *((a.value, a.value) for a in Asks)])
    by = fields.ChoiceField([("", ""), *((k, k) for k in ENGINES)])
    choose = fields.FlagField()


class ChooseForm(edge.Edge):
    """What a question asks, and of a computed one which engine answers: said first, its own boxes then."""

    asks = fields.ChoiceField([(a.value, w) for a, w in ASKS.items()], label=_("Ce qui est demandé"))
    by = fields.ChoiceField([(k, ENGINES[k]) for k in READS], label=_("Moteur qui répond, pour une valeur calculée"))


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


class NewForm(HeadForm):
    """A whole case at once, as small as one may be: its head, one stage with one written question, one criterion."""

    act = "new"
    code = fields.CodeField(label=_("Code de l’affaire"), most=40, required=True)
    sort = fields.ChoiceField([(s.value, _(w)) for s, w in SORTS.items()], required=True, label=_("Sorte"))
    stage_fr = fields.TextField(label=_("Première étape, titre en français"), most=200, required=True)
    stage_en = fields.TextField(label=_("Première étape, titre en anglais"), most=200, required=True)
    minutes = fields.CountField(label=_("Minutes accordées"), least=1, most=600, required=True)
    facts_fr = fields.LinesField(label=_("Faits, en français, un paragraphe par ligne"), most=LONG, required=True)
    facts_en = fields.LinesField(label=_("Faits, en anglais, un paragraphe par ligne"), most=LONG, required=True)
    question_id = fields.CodeField(label=_("Code de la première question"), most=60, required=True)
    question_fr = fields.LinesField(label=_("Première question (écrite), en français"), most=4_000, required=True)
    question_en = fields.LinesField(label=_("Première question (écrite), en anglais"), most=4_000, required=True)
    criterion_id = fields.CodeField(label=_("Code du premier critère"), most=60, required=True)
    weight = fields.CountField(label=_("Poids"), least=1, most=10, required=True)
    criterion_fr = fields.TextField(label=_("Critère, en français"), most=300, required=True)
    criterion_en = fields.TextField(label=_("Critère, en anglais"), most=300, required=True)
    levels_fr = fields.LinesField(label=_("Niveaux 0 à 4, en français, un par ligne"), most=2_400, required=True)
    levels_en = fields.LinesField(label=_("Niveaux 0 à 4, en anglais, un par ligne"), most=2_400, required=True)


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
    norm = fields.CodeField(label=_("Norme du pack qui donne le délai"), most=60)
    event = fields.CodeField(label=_("Jour ou instant de départ (AAAA-MM-JJ ou AAAA-MM-JJTHH:MM)"), most=20)
    ask_effect = fields.ChoiceField(list(ASK["effect"].items()), label=_("Ce que le moteur dit"))
    ask_name = fields.TextField(label=_("De quelle liste (voix, qualification)"), most=100)
    acts = fields.LinesField(
        label=_("Actes, un par ligne : annuler | bureau ; bureau, ou rectifier | bureau | case = avant > après ; aucun : le résultat tel quel"), most=LONG
    )  # fmt: skip
    ask_ceiling = fields.ChoiceField(list(ASK["ceiling"].items()), label=_("Ce que le moteur dit"))
    contested = fields.LinesField(label=_("Bureaux attaqués, un par ligne ; vide : tous"), most=LONG)
    check = fields.CodeField(label=_("Identité, par son code (E01)"), most=40)
    boxes = fields.LinesField(label=_("Cases, une par ligne : nom | nombre"), most=2_000)
    votes = fields.LinesField(label=_("Voix de chaque liste, une par ligne"), most=2_000)
    ask_quorum = fields.ChoiceField(list(ASK["quorum"].items()), label=_("Ce que le moteur dit"))
    out = fields.CountField(label=_("Membres empêchés"), most=60)
    item = fields.ChoiceField(list(ITEM_WORDS.items()), label=_("Point examiné"))
    fact_contest = fields.ChoiceField(list(ABOUT_CONTESTS.items()), label=_("Élection attaquée"))
    fact_round = fields.CountField(label=_("Tour"), most=9)
    fact_body = fields.CodeField(label=_("Juridiction saisie, par son code"), most=60)
    fact_received = fields.CodeField(label=_("Reçue le (AAAA-MM-JJTHH:MM)"), most=20)
    fact_capacity = fields.ChoiceField(list(CAPACITY_WORDS.items()), label=_("Qualité du requérant"))
    fact_events = fields.LinesField(label=_("Événements, un par ligne : nom | jour ou instant"), most=2_000)
    fact_form = fields.LinesField(label=_("Forme, une par ligne : written, signed, dated ou certified | oui ou non"), most=400)
    fact_grounds = fields.LinesField(label=_("Moyens, un par ligne : code | sujet | bureau ; bureau | nombre de pièces"), most=LONG)


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
