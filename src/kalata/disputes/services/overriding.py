"""An act that sets a limit of one case aside: asked by one person with its basis, decided by another. The computed readings stay."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from kalata.deadlines.rules.derogations import NoBasis
from kalata.deadlines.rules.moments import parse_deadline
from kalata.disputes import kinds
from kalata.disputes.models import Clock, Petition
from kalata.disputes.queries.texts import zone_of
from kalata.disputes.rules import service as rules
from kalata.disputes.rules.steps import PRESIDE, RAPPORTEUR, REGISTRY
from kalata.disputes.services import checking, serving, sheets
from kalata.disputes.services.guarding import require_in, require_registry_or_reporter
from kalata.disputes.services.steps import subject_of
from kalata.ledger.services import record
from kalata.people.approving import approvable, ask_approval
from kalata.people.guard import require
from kalata.people.models import Approval, Person
from kalata.people.queries import may
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

OVERRIDE = "disputes.override"


class LimitMoved(Refused):
    code = "DIS-219"
    says = _("Ce délai n’est plus celui sur lequel la dérogation a été demandée : il est maintenant « %(limit)s ».")
    remedy = _("Relisez l’affaire et demandez-la de nouveau, sur ce qui s’y lit aujourd’hui.")


def asks(approval: Approval, by: Person) -> None:
    contest = (approval.payload.get("scope") or {}).get("contest")
    if not may(by, RAPPORTEUR, contest=contest):
        require(by, REGISTRY, contest=contest)


@transaction.atomic
def ask(
    *, petition_id: int, clock_id: int, value: str, authority: str, document: str, decided: date, reason: str, by: Person,
    seen: str | None = None,
) -> Approval:  # fmt: skip
    """Ask that an act decide a limit. Raises: PEO-101, DIS-205, DIS-207, DL-101 a limit that cannot be read, DL-110 no basis."""
    petition = sheets.locked(petition_id, seen)
    require_registry_or_reporter(by, petition)
    clock = Clock.objects.filter(pk=clock_id, petition=petition, stopped_at=None).first()
    if clock is None:
        raise serving.NotHere
    for name, text in (("authority", authority), ("document", document), ("reason", reason)):
        if not text.strip():
            raise NoBasis(record=petition.number, field=name)
    limit = parse_deadline(value, zone_of(petition.contest), record=str(petition.number), field="value")
    return ask_approval(
        kind=OVERRIDE, subject=subject_of(petition), summary=f"{petition.number} : {clock.limit or '–'} → {limit.iso()} ({document.strip()})",
        payload={
            "clock": clock.pk, "was": clock.limit, "value": limit.iso(), "authority": authority.strip(), "document": document.strip(),
            "decided": decided.isoformat(),
        },
        reason=reason, by=by, contest=petition.contest_id,
    )  # fmt: skip


@approvable(OVERRIDE, PRESIDE, title=_("Dérogation à un délai d’une affaire"), about="petition", asks=asks)
def carry_out(approval: Approval, by: Person) -> None:
    said = approval.payload
    clock = Clock.objects.select_related("petition__contest").get(pk=said["clock"])
    petition: Petition = sheets.locked(clock.petition_id)
    require_in(by, PRESIDE, petition)
    if clock.limit != said["was"] or clock.stopped_at is not None:
        raise LimitMoved(limit=clock.limit)
    tz = zone_of(petition.contest)
    limit = parse_deadline(said["value"], tz)
    clock.override = {
        "time_limit": clock.about, "new_value": said["value"], "authority": said["authority"], "document": said["document"],
        "reason": approval.reason, "decided_at": said["decided"], "asked_by": approval.asked_by_id, "approved_by": by.pk,
    }  # fmt: skip
    if clock.kind == "filing":
        clock.save(update_fields=["override"])
        checking.clocks_of(petition)
    else:
        readings = rules.overridden(serving.readings_of(clock, tz), limit)
        clock.readings = [r.data() for r in readings]
        clock.limit, clock.bound = limit.iso(), limit.bound
        clock.save(update_fields=["override", "readings", "limit", "bound"])
    record(
        by=by, kind=kinds.CLOCK_SET, subject=subject_of(petition), reason=approval.reason, rows=[petition.clocks.all()],
        after={"clock": clock.pk, "kind": clock.kind, "limit": limit.iso(), "order": said["document"]},
    )  # fmt: skip
    sheets.refresh(petition)
