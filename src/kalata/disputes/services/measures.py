"""Measures of instruction: the rapporteur asks, the liaison of the EMB answers; neither draft nor deliberation is near."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from kalata.disputes import kinds, topics
from kalata.disputes.models import Clock, Measure
from kalata.disputes.rules.steps import LIAISON
from kalata.disputes.services import intake, sheets
from kalata.disputes.services.guarding import require_reporter
from kalata.disputes.services.steps import subject_of
from kalata.evidence.models import Content
from kalata.ledger.services import record
from kalata.notices import services as notices
from kalata.notices.rules.topics import Desk
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.people.rules.approval import NoReason
from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _

KINDS = {
    "report": _("copie du procès-verbal"), "originals": _("originaux"), "recount": _("recomptage"),
    "hearing": _("audition"), "observations": _("observations"),
}  # fmt: skip


class AnsweredAlready(Refused):
    code = "DIS-215"
    says = _("Cette mesure a déjà sa réponse.")
    remedy = _("La réponse reste telle qu’elle a été donnée ; le rapporteur peut demander une autre mesure.")


@transaction.atomic
def ask(
    *, petition_id: int, kind: str, what: str, by: Person, due: datetime | None = None, seen: str | None = None
) -> Measure:
    """Ask a measure; the liaison is told. Raises: PEO-101, DIS-801, DIS-809, PEO-203 without words, DIS-205 a stale page."""
    petition = sheets.locked(petition_id, seen)
    require_reporter(by, petition)
    if not what.strip():
        raise NoReason
    now = timezone.now()
    number = (petition.measures.aggregate(n=Max("number"))["n"] or 0) + 1
    made = Measure.objects.create(
        petition=petition, number=number, kind=kind, what=what.strip(), due=due, asked_by=by, asked_at=now
    )
    if due is not None:
        Clock.objects.create(
            petition=petition, kind="measure", about=f"n° {number}", started_at=now, limit=f"{timezone.localtime(due):%Y-%m-%dT%H:%M}", bound=due,
            readings=[{"rule": "ORDER", "deadline": f"{timezone.localtime(due):%Y-%m-%dT%H:%M}", "default": True}], at=now,
        )  # fmt: skip
    notices.tell(
        topics.MEASURE, Message(_("La Cour demande une mesure d’instruction dans l’affaire %(case)s."), {"case": petition.number}),
        once=f"disputes:measure:{made.pk}", subject=subject_of(petition), href=reverse("disputes:measures"),
        desk=Desk(LIAISON, (), petition.contest_id), due=due,
    )  # fmt: skip
    record(by=by, kind=kinds.MEASURE_ASKED, subject=subject_of(petition), rows=[petition.clocks.filter(kind="measure")], after={"number": number, "kind": kind})  # fmt: skip
    sheets.refresh(petition)
    return made


@transaction.atomic
def answer(*, measure_id: int, text: str, by: Person, content: Content | None = None, name: str = "") -> Measure:
    """Answer a measure once, with a piece or without; the piece enters the file and its custody. DIS-215 the second time."""
    measure = Measure.objects.select_for_update(of=("self",)).select_related("petition__contest").get(pk=measure_id)
    petition = sheets.locked(measure.petition_id)
    require(by, LIAISON, contest=petition.contest_id)
    if measure.answered_at is not None:
        raise AnsweredAlready
    if not text.strip() and content is None:
        raise NoReason
    now = timezone.now()
    if content is not None:
        measure.exhibit = intake.attach(
            petition=petition,
            content=content,
            name=name or f"Réponse à la mesure n° {measure.number}",
            kind="answer",
            by=by,
        )
    measure.answer, measure.answered_by, measure.answered_at = text.strip(), by, now
    measure.save(update_fields=["answer", "answered_by", "answered_at", "exhibit"])
    petition.clocks.filter(kind="measure", about=f"n° {measure.number}", met_at=None).update(met_at=now)
    notices.settle([f"disputes:measure:{measure.pk}"])
    record(by=by, kind=kinds.MEASURE_ANSWERED, subject=subject_of(petition), rows=[petition.clocks.filter(kind="measure")], after={"number": measure.number})  # fmt: skip
    sheets.refresh(petition)
    return measure
