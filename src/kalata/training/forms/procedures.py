"""What the pages of procedures are sent: typed at the edge, refused by field."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kalata.training.rules.procedures import PHASES, PROCEDURE
from kalata.training.rules.source.values import KINDS
from kalata.ui import edge, fields

STATES = [("", _("Tous")), *((s.value, _(PROCEDURE.labels[s])) for s in PROCEDURE.states)]
KIND_WORDS = {
    "choice": _("une seule bonne réponse"), "multi": _("plusieurs réponses"), "true_false": _("vrai ou faux"), "short": _("réponse courte"),
    "numeric": _("nombre"), "match": _("à relier"), "essay": _("rédaction"), "description": _("texte sans réponse"),
}  # fmt: skip
PARTS = [(p, p) for p in ("", "head", "steps", "branches", "error_cases", "items", "file")]
LONG = 4_000


class ListForm(edge.Edge):
    q = fields.TextField(label=_("Chercher"), most=80)
    role = fields.CodeField(label=_("Rôle"), most=80)
    phase = fields.ChoiceField([("", _("Tous")), *((k, _(w)) for k, w in PHASES.items())], label=_("Moment"))
    state = fields.ChoiceField(STATES, label=_("État"))
    every = fields.FlagField(label=_("Toutes les versions"))


class ImportForm(edge.Edge):
    act = "import"
    pack = fields.CodeField(label=_("Pack"), most=40, required=True)


class LookForm(edge.Edge):
    s = fields.CodeField(label=_("Étape de la procédure"), most=80)


class AgainstForm(edge.Edge):
    against = fields.IdField(label=_("Comparer à"))


class SignForm(edge.Edge):
    """An act on the whole version, on the page that was read."""

    reason = fields.TextField(label=_("Motif"), most=2_000, required=True)
    seen = fields.CodeField(most=64, label=_("page lue"))


class DraftForm(edge.Edge):
    act = "draft"


class LawfulForm(SignForm):
    act = "lawful"


class TestedForm(SignForm):
    act = "tested"


class BackForm(SignForm):
    act = "back"


class AskForm(SignForm):
    act = "ask"


class RetireForm(SignForm):
    act = "retire"


class VerifyForm(SignForm):
    act = "verify"
    article = fields.CodeField(label=_("Article et version"), most=160, required=True)


class CommentForm(edge.Edge):
    act = "comment"
    element = fields.CodeField(label=_("Élément, s’il y en a un"), most=80)
    text = fields.TextField(label=_("Remarque"), most=2_000, required=True)


class ResolveForm(edge.Edge):
    act = "resolve"
    comment = fields.IdField(required=True)
    answer = fields.TextField(label=_("Réponse"), most=2_000, required=True)


# --- the editor ---------------------------------------------------------------------------------
class OpenForm(edge.Edge):
    """Which element of the draft is open."""

    part = fields.ChoiceField(PARTS)
    id = fields.CodeField(most=80)


class EditForm(edge.Edge):
    seen = fields.CodeField(most=64, label=_("page lue"))


class HeadForm(EditForm):
    act = "head"
    title_fr = fields.TextField(label=_("Titre, en français"), most=300, required=True)
    title_en = fields.TextField(label=_("Titre, en anglais"), most=300)
    roles = fields.LinesField(label=_("Rôles, séparés par une virgule"), most=600, required=True)
    phase = fields.ChoiceField([("", _("à dire")), *((k, _(w)) for k, w in PHASES.items())], label=_("Moment"))


class ElementForm(EditForm):
    """An element by its code; `old` is empty for a new one."""

    old = fields.CodeField(most=80, label=_("élément ouvert"))
    id = fields.CodeField(label=_("Code"), most=80, required=True)


class StepForm(ElementForm):
    act = "step"
    do_fr = fields.LinesField(label=_("Faire, en français"), most=LONG, required=True)
    do_en = fields.LinesField(label=_("Faire, en anglais"), most=LONG)
    why_fr = fields.LinesField(label=_("Pourquoi, en français"), most=LONG)
    why_en = fields.LinesField(label=_("Pourquoi, en anglais"), most=LONG)
    check_fr = fields.LinesField(label=_("Contrôle, en français : comment sait-on que c’est fait"), most=LONG)
    check_en = fields.LinesField(label=_("Contrôle, en anglais"), most=LONG)
    warning_fr = fields.LinesField(label=_("Mise en garde, en français"), most=LONG)
    warning_en = fields.LinesField(label=_("Mise en garde, en anglais"), most=LONG)
    basis = fields.LinesField(label=_("Textes, un par ligne : article@version | degré de confiance"), most=LONG)
    practice = fields.FlagField(label=_("pratique, sans texte"))
    critical = fields.FlagField(label=_("étape décisive : une question au moins"))
    card = fields.FlagField(label=_("aussi sur la carte de poche"))
    two_person = fields.FlagField(label=_("à deux personnes"))
    actor = fields.CodeField(label=_("Qui agit"), most=80)
    form_fields = fields.TextField(label=_("Cases du formulaire, comme PV.heures"), most=600)
    material = fields.LinesField(label=_("Matériel, un par ligne : français | anglais"), most=LONG)
    time_limit = fields.TextField(label=_("Temps accordé"), most=200)
    minutes = fields.CountField(label=_("Minutes de formation"))
    pictogram = fields.CodeField(label=_("Pictogramme"), most=80)


class BranchForm(ElementForm):
    act = "branch"
    when_fr = fields.LinesField(label=_("Quand, en français"), most=LONG, required=True)
    when_en = fields.LinesField(label=_("Quand, en anglais"), most=LONG)
    then = fields.CodeField(label=_("Mène à l’étape ou à la procédure"), most=80, required=True)
    basis = fields.LinesField(label=_("Textes, un par ligne : article@version | degré de confiance"), most=LONG)


class FaultForm(ElementForm):
    act = "fault"
    step = fields.CodeField(label=_("Étape de la procédure"), most=80)
    what_fr = fields.LinesField(label=_("Erreur, en français"), most=LONG, required=True)
    what_en = fields.LinesField(label=_("Erreur, en anglais"), most=LONG)
    consequence_fr = fields.LinesField(label=_("Conséquence, en français"), most=LONG)
    consequence_en = fields.LinesField(label=_("Conséquence, en anglais"), most=LONG)
    prevention_fr = fields.LinesField(label=_("Comment l’éviter, en français"), most=LONG)
    prevention_en = fields.LinesField(label=_("Comment l’éviter, en anglais"), most=LONG)
    remedy_fr = fields.LinesField(label=_("Comment la réparer, en français"), most=LONG)
    remedy_en = fields.LinesField(label=_("Comment la réparer, en anglais"), most=LONG)
    seen_in = fields.TextField(label=_("Vue dans (sources)"), most=600)


class ItemForm(ElementForm):
    act = "item"
    step = fields.CodeField(label=_("Étape de la procédure"), most=80, required=True)
    kind = fields.ChoiceField([(k, KIND_WORDS[k]) for k in KINDS], label=_("Genre de question"), required=True)
    text_fr = fields.LinesField(label=_("Question, en français"), most=LONG, required=True)
    text_en = fields.LinesField(label=_("Question, en anglais"), most=LONG)
    answers = fields.LinesField(
        label=_("Réponses, une par ligne : part | français | anglais (1 pour la bonne, 0 pour une autre)"), most=LONG
    )
    answer = fields.ChoiceField(
        [("", _("sans objet")), ("true", _("vrai")), ("false", _("faux"))], label=_("Réponse d’un vrai ou faux")
    )
    feedback_fr = fields.LinesField(label=_("Explication, en français"), most=LONG)
    feedback_en = fields.LinesField(label=_("Explication, en anglais"), most=LONG)
    critical = fields.FlagField(label=_("question décisive"))
    topic = fields.TextField(label=_("Sujet"), most=80)
    level = fields.TextField(label=_("Niveau"), most=80)
    status = fields.ChoiceField([("", _("posée")), ("quarantined", _("en quarantaine")), ("retired", _("retirée"))], label=_("État"))  # fmt: skip


class MoveForm(EditForm):
    act = "move"
    part = fields.ChoiceField(PARTS, required=True)
    id = fields.CodeField(most=80, required=True)
    by = fields.ChoiceField([("-1", "↑"), ("1", "↓")], required=True)


class RemoveForm(EditForm):
    act = "remove"
    part = fields.ChoiceField(PARTS, required=True)
    id = fields.CodeField(most=80, required=True)


class FileForm(EditForm):
    act = "file"
    text = fields.LinesField(label=_("La procédure comme son fichier, en YAML"), most=200_000, required=True, strip=False)  # fmt: skip
