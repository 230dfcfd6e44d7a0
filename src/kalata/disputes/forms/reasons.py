"""What the pages of the reasons, of the clauses and of precedents take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from kalata.disputes.forms.intake import UNSAID, words
from kalata.disputes.rules.filing import GROUNDS
from kalata.disputes.rules.reasons import ANSWERS, MOST, PART_LABELS
from kalata.disputes.rules.wording import OUTCOME_LABELS
from kalata.ui import fields
from kalata.ui.edge import Edge


class SectionAsked(Edge):
    """The section shown; what is to be put at its end; two of its versions side by side."""

    section = fields.TextField(most=80, label=_("Section"))
    clause = fields.TextField(most=60, label=_("Clause"))
    modele = fields.TextField(most=60, label=_("Modèle"))
    citer = fields.IdField(label=_("Précédent"))
    version = fields.CountField(least=1, label=_("Version"))


class WriteForm(Edge):
    act = "write"
    section = fields.TextField(most=80, required=True, label=_("Section"))
    text = fields.LinesField(most=MOST, label=_("Texte"))
    base = fields.CountField(required=True, label=_("Version lue"))


class KeepForm(WriteForm):
    """What is typed, kept without a version."""

    act = "keep"


class DiscardForm(Edge):
    act = "discard"
    section = fields.TextField(most=80, required=True, label=_("Section"))


class RemarkForm(Edge):
    act = "remark"
    section = fields.TextField(most=80, required=True, label=_("Section"))
    words = fields.LinesField(required=True, label=_("Remarque"))


class ResolveForm(Edge):
    act = "resolve"
    remark = fields.IdField(required=True, label=_("Remarque"))


class GroundsForm(Edge):
    """What becomes of each ground of a petition: answer1 …, in the order of the page."""

    act = "grounds"
    petition = fields.TextField(most=32, required=True, label=_("Requête"))

    def __init__(self, *args: Any, most: int = 40, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(1, most + 1):
            self.fields[f"answer{n}"] = fields.ChoiceField(words(ANSWERS), unsaid=UNSAID, label=_("Moyen"))

    def answers(self, keys: Sequence[str]) -> dict[str, str]:
        return {key: getattr(self.v, f"answer{n}") for n, key in enumerate(keys, 1)}


class ClauseAsked(Edge):
    clause = fields.TextField(most=60, label=_("Clause"))


class ClauseForm(Edge):
    act = "save"
    code = fields.CodeField(most=60, label=_("Clause"))
    title = fields.TextField(required=True, label=_("Titre"))
    part = fields.ChoiceField(words(PART_LABELS), required=True, unsaid=UNSAID, label=_("Partie"))
    text = fields.LinesField(most=MOST, required=True, label=_("Texte"))
    base = fields.CountField(label=_("Version lue"))


class PrecedentsAsked(Edge):
    q = fields.TextField(label=_("Mots"))
    scrutin = fields.TextField(most=60, label=_("Scrutin"))
    article = fields.TextField(most=60, label=_("Norme citée"))
    moyen = fields.ChoiceField(words(GROUNDS), label=_("Moyen"))
    issue = fields.ChoiceField(words(OUTCOME_LABELS), label=_("Issue"))
    annee = fields.CountField(most=2_200, label=_("Année"))
    pour = fields.IdField(label=_("Projet"))
    section = fields.TextField(most=80, label=_("Section"))
