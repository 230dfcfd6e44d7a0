"""What a party or its lawyer reads: their own cases, and of these what their place opens."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from kalata.disputes.models import Clock, Exhibit, Filing, Petition, Representation, Service
from kalata.disputes.rules.parties import OPEN_TO_PARTIES
from kalata.disputes.rules.steps import PARTY, State
from kalata.people.queries import rights_of


def own(person: Any) -> QuerySet[Petition]:
    """The received cases in which this account is a party's by a mandate accepted, or filed itself; those of an office of first
    instance too."""
    if PARTY not in rights_of(person):
        return Petition.objects.none()
    mine = Q(owner=person.pk) | Q(parties__account=person.pk, parties__struck=False)
    found = Petition.every.filter(mine).exclude(state=State.DRAFT).distinct()
    return found.select_related("contest__election__pack", "sheet", "office__counter").order_by("-received_at", "-pk")


def drafts(person: Any) -> QuerySet[Petition]:
    """What this account has begun to write and has not filed."""
    if PARTY not in rights_of(person):
        return Petition.objects.none()
    found = Petition.every.filter(owner=person.pk, by=person.pk, state=State.DRAFT)
    return found.select_related("contest__election__pack", "office__counter", "appeal_of").order_by("-at", "-pk")


def is_party(person: Any, petition: Petition) -> bool:
    return own(person).filter(pk=petition.pk).exists()


def parties_of(person: Any, petition: Petition) -> list[Any]:
    """The parties of a case for which this account answers; the petitioner's where it filed the case itself."""
    mine = Q(account=person.pk)
    if petition.owner_id == person.pk:
        mine |= Q(role="petitioner", account=None)
    return list(petition.parties.filter(mine, struck=False).exclude(role="counsel"))


def exhibits(petition: Petition) -> list[tuple[Exhibit, bool]]:
    """(piece, opened to the parties): a sealed one is there by its number alone, the case around it is not hidden."""
    rows = petition.exhibits.select_related("piece").order_by("number")
    return [(e, e.access in OPEN_TO_PARTIES) for e in rows]


def services(person: Any, petition: Petition) -> list[Service]:
    """The papers brought, or to be brought, to this account's parties."""
    mine = [p.pk for p in parties_of(person, petition)]
    found = Service.objects.filter(party__in=mine, struck_at=None, document__struck_at=None)
    return list(found.select_related("document__exhibit", "party").order_by("-document__filed_at"))


def clocks(person: Any, petition: Petition) -> list[Clock]:
    """The clocks of this account's parties, and those of the grounds of a case it filed."""
    mine = [p.pk for p in parties_of(person, petition)]
    seen = Q(party__in=mine)
    if petition.parties.filter(pk__in=mine, role="petitioner").exists():
        seen |= Q(kind="filing")
    return list(
        Clock.objects.filter(seen, petition=petition, stopped_at=None)
        .select_related("ground", "party")
        .order_by("bound")
    )


def filings(petition: Petition) -> list[Filing]:
    """The papers exchanged, which every party of the case reads: never a draft, a report or a measure."""
    rows = Filing.objects.filter(petition=petition).exclude(kind__in=["report", "measure", "answer"])
    return list(rows.select_related("party", "exhibit").prefetch_related(Prefetch("services", Service.objects.none())))


def asked(person: Any) -> list[Representation]:
    """The mandates this account has produced, with what became of them."""
    return list(Representation.objects.filter(account=person.pk).select_related("party__petition").order_by("-pk"))
