"""What the pages of first instance take: an office to open, the filters of its docket, a petition, the decision, a vote."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from kalata.disputes.forms.docket import (
    STATES,
    PaperForm,
    PresideForm,
    ReportForm,
    Seen,
    StepForm,
    StrikeForm,
    TryForm,
    WaiveForm,
)
from kalata.disputes.forms.intake import KINDS, UNSAID, Written, words
from kalata.disputes.rules.filing import CHANNELS
from kalata.disputes.rules.offices import OUTCOMES
from kalata.disputes.rules.parties import ACCESS_LABELS
from kalata.disputes.rules.recourse import ABOUT_LABELS
from kalata.disputes.services.intake import PIECE_MOST
from kalata.ui import fields
from kalata.ui.edge import Edge

__all__ = ["PaperForm", "PresideForm", "ReportForm", "StepForm", "StrikeForm", "TryForm", "WaiveForm"]
AT_DESK = words({key: label for key, label in CHANNELS.items() if key != "web"})
VOTES = [("aye", _("pour ce texte")), ("no", _("contre ce texte"))]


class OfficeForm(Edge):
    """An office to open. Another person decides."""

    act = "open"
    body = fields.ChoiceField([], required=True, unsaid=UNSAID, label=_("Organe"))
    code = fields.CodeField(most=8, required=True, label=_("Code, pour toujours"))
    name = fields.TextField(required=True, label=_("Nom"))
    unit = fields.CodeField(most=40, label=_("Code du territoire ; vide : tout le pays"))
    reason = fields.TextField(most=400, required=True, label=_("Motif"))

    def __init__(self, *args: Any, bodies: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].choices = [("", UNSAID), *bodies]  # type: ignore[attr-defined]


class OfficeList(Edge):
    """The filters of the docket of an office."""

    q = fields.TextField(label=_("Chercher"))
    etat = fields.ChoiceField(STATES, label=_("État"))
    acte = fields.ChoiceField(words(ABOUT_LABELS), label=_("Acte attaqué"))


class FirstPetitionForm(Written):
    """A petition as an office takes it down. appeal: the decided case that it attacks."""

    act = "receive"
    channel = fields.ChoiceField(AT_DESK, required=True, unsaid=UNSAID, label=_("Voie"))
    appeal = fields.TextField(most=40, label=_("Décision attaquée, par son numéro (en appel)"))
    pieces = fields.UploadsField(most=PIECE_MOST, label=_("Pièces, la requête signée d’abord"))


class CheckForm(Seen):
    act = "check"
    certified = fields.FlagField(label=_("Certifiée"))


class PieceForm(Edge):
    act = "piece"
    kind = fields.ChoiceField(list(KINDS.items()), required=True, unsaid=UNSAID, label=_("Genre"))
    name = fields.TextField(required=True, label=_("Nom de la pièce"))
    access = fields.ChoiceField(words({k: v for k, v in ACCESS_LABELS.items() if k != "sealed"}), initial="parties", label=_("Accès"))
    piece = fields.UploadField(most=PIECE_MOST, required=True, label=_("Fichier"))


class PrintForm(Edge):
    """what: the receipt, the decision, or a letter of service (service)."""

    act = "print"
    what = fields.ChoiceField(["receipt", "decision", "letter"], required=True, label=_("Papier"))
    service = fields.IdField(label=_("Signification"))


class WriteForm(Seen):
    """The decision: its outcome, what is ordered, a reason a ground (`reason_g1`)."""

    act = "write"
    outcome = fields.ChoiceField(words(OUTCOMES), required=True, unsaid=UNSAID, label=_("Issue"))
    order = fields.ChoiceField([], label=_("Ce qui est ordonné"))
    words = fields.LinesField(most=4_000, label=_("En mots : qui, quoi, où"))
    articles = fields.LinesField(most=2_000, label=_("Normes citées, une par ligne"))
    breach = fields.TextField(most=400, label=_("Pourquoi elle vient après son délai"))

    def __init__(self, *args: Any, orders: Iterable[tuple[str, Any]] = (), grounds: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["order"].choices = [("", _("rien")), *orders]  # type: ignore[attr-defined]
        for key, label in grounds:
            self.fields[f"reason_{key}"] = fields.LinesField(most=4_000, label=label)

    @property
    def reasons(self) -> dict[str, str]:
        return {name[7:]: str(getattr(self.v, name) or "") for name in self.fields if name.startswith("reason_")}


class VoteForm(Edge):
    act = "vote"
    of = fields.CodeField(most=64, required=True, label=_("texte lu"))
    vote = fields.ChoiceField(VOTES, required=True, unsaid=UNSAID, label=_("Vote"))


class AsideForm(Edge):
    act = "aside"
    why = fields.TextField(most=400, required=True, label=_("Motif du déport"))


class SignForm(Seen):
    act = "sign"
    of = fields.CodeField(most=64, required=True, label=_("texte lu"))
    copy = fields.UploadField(most=PIECE_MOST, required=True, label=_("Exemplaire signé à la main, numérisé"))
