"""Persons heard in a case: written by who reports it, sealed at once; read one at a time by its bench, and that is kept."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from kalata.disputes import kinds
from kalata.disputes.models import HeardPerson, Petition
from kalata.disputes.queries import instruct
from kalata.disputes.rules import heard as rules
from kalata.disputes.rules import sealing
from kalata.disputes.services.evidencing import exhibit_of
from kalata.disputes.services.steps import subject_of
from kalata.disputes.signing import authority, court
from kalata.disputes.signing.refusals import ForeignKey, NoCourtKey, WrongPassphrase
from kalata.ledger.services import record
from kalata.people.models import Person


@transaction.atomic
def add(*, petition: Petition, kind: str, who: rules.Identity, piece: int | None, by: Person) -> HeardPerson:
    """Write down a person heard. The house keeps their name sealed only; it needs no passphrase for that.

    Raises: DIS-801, DIS-802 not the reporting judge, or too late; DIS-811 no such piece; DIS-821 no key; DIS-823 no name.
    """
    instruct.opening(by, petition).must_work()
    to = rules.public(court.line_of(authority.PERSONS))
    Petition.objects.select_for_update().only("pk").get(pk=petition.pk)
    number = (petition.heard.aggregate(n=Max("number"))["n"] or 0) + 1
    sealed = sealing.seal(rules.packed(str(petition.number), number, who), [to], secrets.token_bytes)
    made = HeardPerson.objects.create(
        petition=petition, number=number, kind=kind, exhibit=exhibit_of(petition, piece) if piece else None, sealed=sealed,
        sha256=hashlib.sha256(sealed).hexdigest(), by=by, at=timezone.now(),
    )  # fmt: skip
    record(
        by=by, kind=kinds.PERSON_HEARD, subject=subject_of(petition), rows=[made], after={"number": number, "kind": kind}
    )  # fmt: skip
    return made


@transaction.atomic
def read(*, petition: Petition, number: int, by: Person) -> rules.Identity:
    """Who T1 is, for the bench of the case; each reading enters the ledger.

    Raises: DIS-801, DIS-802; DIS-822 the key does not open; DIS-823 nobody; DIS-824 another's, or changed.
    """
    instruct.opening(by, petition).must_read()
    row = one(petition, number)
    try:
        key = court.the_court().persons
    except (NoCourtKey, WrongPassphrase, ForeignKey):
        key = None
    if key is None:
        raise rules.KeyOfPersonsShut
    try:
        text = sealing.unseal(bytes(row.sealed), key)
    except (sealing.NotSealed, sealing.NotForThisKey, sealing.Altered):
        raise rules.AnotherPerson(what=rules.mark(number)) from None
    found = rules.unpacked(text, str(petition.number), number)
    record(by=by, kind=kinds.PERSON_READ, subject=subject_of(petition), after={"number": number})
    return found


@transaction.atomic
def strike(*, petition: Petition, number: int, by: Person) -> None:
    """Strike a person written down by mistake; the line stays, sealed as it was."""
    instruct.opening(by, petition).must_work()
    row = one(petition, number, struck_at=None)
    row.struck_by, row.struck_at = by, timezone.now()
    row.save(update_fields=["struck_by", "struck_at"])
    record(by=by, kind=kinds.PERSON_STRUCK, subject=subject_of(petition), after={"number": number})


def one(petition: Petition, number: int, **more: None) -> HeardPerson:
    found = petition.heard.select_for_update(of=("self",)).filter(number=number, **more).first()
    if found is None:
        raise rules.NobodyHeard(what=rules.mark(number))
    return found
