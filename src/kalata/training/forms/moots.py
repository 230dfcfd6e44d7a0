"""What the pages of moot cases and sittings are sent."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kalata.training.queries import moots as queries
from kalata.training.rules.moot_states import FOLLOWED, MOOT_SITTING, MOOT_VERSION, OUTCOMES
from kalata.training.rules.moots.case import MOST_BENCH, SORTS
from kalata.training.rules.moots.judging import MOST_WRITTEN
from kalata.ui import edge, fields


def ready() -> Iterator[tuple[str, str]]:
    for one in queries.ready():
        yield str(one.pk), f"{one.case.code} : {one.title_en if get_language() == 'en' else one.title_fr}"


class CaseList(edge.Edge):
    q = fields.TextField(label=_("Code ou titre"), most=80)
    sorte = fields.ChoiceField([("", _("Toutes")), *((s.value, _(w)) for s, w in SORTS.items())], label=_("Sorte"))
    etat = fields.ChoiceField(
        [("", _("Tous")), *((s.value, _(MOOT_VERSION.labels[s])) for s in MOOT_VERSION.states)], label=_("État")
    )
    toutes = fields.FlagField(label=_("Toutes les versions"))


class SittingList(edge.Edge):
    q = fields.TextField(label=_("Titre ou code"), most=80)
    sorte = fields.ChoiceField([("", _("Toutes")), *((s.value, _(w)) for s, w in SORTS.items())], label=_("Sorte"))
    etat = fields.ChoiceField(
        [("", _("Tous")), *((s.value, _(MOOT_SITTING.labels[s])) for s in MOOT_SITTING.states)], label=_("État")
    )


class ImportForm(edge.Edge):
    act = "import"
    pack = fields.CodeField(label=_("Pack"), most=40, required=True)


class DraftForm(edge.Edge):
    act = "draft"


class DropForm(edge.Edge):
    act = "drop"
    reason = fields.TextField(label=_("Motif"), most=300, required=True)
    seen = fields.CodeField(most=64, label=_("page lue"))


class AskForm(edge.Edge):
    act = "ask"
    reason = fields.TextField(label=_("Motif"), most=300, required=True)
    seen = fields.CodeField(most=64, label=_("page lue"))


class PrepareForm(edge.Edge):
    act = "prepare"
    version = fields.ChoiceField(ready, required=True, label=_("Affaire approuvée"))
    title = fields.TextField(label=_("Nom de la séance"), most=200, required=True)
    bench = fields.LinesField(
        label=_("Comptes qui siègent, un par ligne, la présidence d’abord, puis le rapport"),
        most=MOST_BENCH * 160,
        required=True,
    )
    raters = fields.LinesField(label=_("Comptes des deux notateurs, un par ligne"), most=320, required=True)


class OpenForm(edge.Edge):
    act = "open"
    stage = fields.CountField(label=_("Étape"), least=1, most=20, required=True)


class CloseForm(edge.Edge):
    act = "close"


class CancelForm(edge.Edge):
    act = "cancel"
    reason = fields.TextField(label=_("Motif"), most=300, required=True)


class BringForm(edge.Edge):
    act = "bring"
    file = fields.UploadField(most=2 << 20, label=_("Fichier de la page sans réseau (.jsonl)"), required=True)


class ComeForm(edge.Edge):
    act = "come"


class OwnForm(edge.Edge):
    act = "own"
    seen = fields.CodeField(most=64, label=_("page lue"))


class AnswerForm(edge.Edge):
    """One question; seat: whose paper sheet is copied, none for one's own answer."""

    act = "answer"
    question = fields.CodeField(label=_("Question"), most=60, required=True)
    value = fields.LinesField(label=_("Réponse"), most=MOST_WRITTEN)
    values = fields.ManyField(fields.CodeField(most=60), most=30, label=_("Réponses cochées"))
    stage = fields.CountField(label=_("Étape lue"), least=1, most=20, required=True)


class CopyForm(AnswerForm):
    act = "copy"
    seat = fields.CountField(label=_("Place"), least=1, most=MOST_BENCH, required=True)


class SittingLook(edge.Edge):
    """Whose sheet a rater has open, and which difference is talked over."""

    place = fields.CountField(least=1, most=MOST_BENCH, label=_("Place"))
    ecart = fields.CountField(least=1, most=200, label=_("Écart"))


class SheetForm(edge.Edge):
    act = "rate"
    seat = fields.CountField(label=_("Place"), least=1, most=MOST_BENCH, required=True)
    levels = fields.ManyField(
        fields.CountField(most=4, required=True), most=12, required=True, label=_("Niveaux, dans l’ordre de la grille")
    )
    feedback = fields.LinesField(
        label=_("Retour écrit, lu de cette personne et des deux notateurs seuls"), most=4_000, required=True
    )


class AgreeForm(edge.Edge):
    act = "agree"
    seat = fields.CountField(label=_("Place"), least=1, most=MOST_BENCH, required=True)
    criterion = fields.CodeField(label=_("Critère"), most=60, required=True)
    level = fields.CountField(label=_("Niveau convenu"), most=4, required=True)
    reason = fields.TextField(label=_("Ce que la discussion a montré"), most=400, required=True)


class ReleaseForm(edge.Edge):
    act = "release"


class PlanForm(edge.Edge):
    act = "plan"
    actions = fields.LinesField(
        label=_("Ce que vous entreprenez, une action par ligne, cinq au plus"), most=1_600, required=True
    )


class FollowForm(edge.Edge):
    act = "follow"
    plan = fields.IdField(label=_("Plan"), required=True)
    days = fields.ChoiceField([(str(d), str(d)) for d in FOLLOWED], required=True, label=_("Suivi"))
    outcomes = fields.ManyField(
        fields.ChoiceField([(o.value, _(w)) for o, w in OUTCOMES.items()], required=True),
        most=5,
        required=True,
        label=_("Ce qu’est devenue chaque action"),
    )


class DossierAsked(edge.Edge):
    lang = fields.ChoiceField([("fr", "fr"), ("en", "en")], label=_("Langue"))
