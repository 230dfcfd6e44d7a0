"""Who answers for a party online: a mandate produced by an account, decided by the registry on its document."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from kalata.disputes import kinds, topics
from kalata.disputes.models import Party, Petition, Representation
from kalata.disputes.rules.steps import PARTY, REGISTRY, State
from kalata.disputes.services import intake, sheets
from kalata.disputes.services.serving import NotHere
from kalata.disputes.services.steps import subject_of
from kalata.evidence.models import Content
from kalata.ledger.services import record
from kalata.notices import services as notices
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.people.queries import may_somewhere
from kalata.people.rules.approval import NoReason
from kalata.refusals import Forbidden, Refused
from kalata.text import Message, fold
from kalata.text import gettext_noop as _


class NoSuchParty(Refused):
    code = "DIS-216"
    says = _("Aucune partie de ce nom n’est inscrite dans une affaire de ce numéro.")
    remedy = _("Recopiez le numéro du récépissé et le nom tel qu’il y est écrit.")
    status = 404


class NoMandate(Refused):
    code = "DIS-217"
    says = _("Un mandat se prouve par un document.")
    remedy = _("Joignez le mandat signé, ou présentez-le au greffe.")
    status = 422


class DecidedAlready(Refused):
    code = "DIS-218"
    says = _("Ce mandat est déjà décidé.")
    remedy = _("Rouvrez la page de l’affaire : elle dit par qui et pourquoi.")


@transaction.atomic
def produce(*, number: str, name: str, words: str, content: Content | None, by: Person) -> Representation:
    """Say for whom one answers, with the document. Nothing of the case is told: neither that it exists under another name.

    Raises: PEO-101, DIS-216, DIS-217.
    """
    if not may_somewhere(by, PARTY):
        raise Forbidden(right=PARTY)
    if content is None:
        raise NoMandate
    found = Petition.objects.filter(number=number.strip()).exclude(state=State.DRAFT).select_related("contest").first()
    party = next((p for p in found.parties.filter(struck=False) if fold(p.name) == fold(name)), None) if found else None
    if found is None or party is None:
        raise NoSuchParty
    exhibit = intake.attach(
        petition=found, content=content, name=f"Mandat : {words[:150]}", kind="mandate", by=by, party=party
    )
    made, _fresh = Representation.objects.get_or_create(
        party=party,
        account=by,
        answer="",
        defaults={"words": words.strip()[:200], "exhibit": exhibit, "at": timezone.now()},
    )
    record(by=by, kind=kinds.MANDATE_ASKED, subject=subject_of(found), after={"party": party.pk})
    sheets.refresh(found)
    return made


@transaction.atomic
def decide(*, petition_id: int, representation_id: int, accept: bool, why: str, by: Person) -> Representation:
    """Accept a mandate: its account is the party's from now on; or refuse it, with the reason. DIS-218 the second time."""
    petition = sheets.locked(petition_id)
    require(by, REGISTRY, contest=petition.contest_id)
    found = Representation.objects.select_for_update(of=("self",)).select_related("party", "account")
    one = found.filter(pk=representation_id, party__petition=petition).first()
    if one is None:
        raise NotHere
    if one.answer:
        raise DecidedAlready
    if not accept and not why.strip():
        raise NoReason
    one.answer, one.why, one.decided_by, one.decided_at = (
        "accepted" if accept else "refused",
        why.strip()[:400],
        by,
        timezone.now(),
    )
    one.save(update_fields=["answer", "why", "decided_by", "decided_at"])
    if accept:
        Party.objects.filter(pk=one.party_id).update(account=one.account, mandate=one.words)
    said = (
        _("Votre mandat dans l’affaire %(case)s est accepté.")
        if accept
        else _("Votre mandat dans l’affaire %(case)s est refusé.")
    )
    notices.tell(
        topics.PARTY, Message(said, {"case": petition.number}), once=f"disputes:mandate:{one.pk}", subject=subject_of(petition),
        href=reverse("disputes:mine"), to=[one.account],
    )  # fmt: skip
    record(
        by=by, kind=kinds.MANDATE_DECIDED, subject=subject_of(petition), reason=why[:400], rows=[one.party],
        after={"party": one.party_id, "answer": one.answer},
    )  # fmt: skip
    sheets.refresh(petition)
    return one
