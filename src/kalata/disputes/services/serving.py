"""Papers of a case and their service: filed once, brought to each party once, with proof; each service starts one clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from kalata.deadlines.rules.moments import parse_deadline
from kalata.deadlines.rules.steps import Unit
from kalata.disputes import kinds
from kalata.disputes.models import Clock, Dissolution, Exhibit, Filing, Party, Petition, Service, ServiceAttempt
from kalata.disputes.queries.texts import counting_rules, days_off, zone_of
from kalata.disputes.rules import joinder
from kalata.disputes.rules import service as rules
from kalata.disputes.rules.curing import CURED
from kalata.disputes.rules.service import Attempt, Mode, Outcome, Paper, Term
from kalata.disputes.rules.steps import REGISTRY, State
from kalata.disputes.services import sheets
from kalata.disputes.services.guarding import require_right
from kalata.disputes.services.steps import facts, move, subject_of
from kalata.ledger.services import record
from kalata.people.models import Person
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

OPENING, DECISION = "petition", "decision"
CLOCKS: dict[str, Callable[[Service, Petition], Clock | None]] = {}
"""Kinds of papers whose time the pack gives: how their clock starts, by the part of the room that knows the norm."""


class NotHere(Refused):
    code = "DIS-207"
    says = _("Cette pièce, ce papier ou cette partie n’est pas de cette affaire.")
    remedy = _("Rouvrez la page de l’affaire et choisissez dans ses listes.")
    status = 422


class NobodyToServe(Refused):
    code = "DIS-208"
    says = _("Ce papier n’atteint personne : aucune autre partie n’est inscrite, ou aucune n’est choisie.")
    remedy = _("Inscrivez le défendeur et l’autorité qui a fait l’acte attaqué, ou cochez à qui il va.")
    status = 422


class StruckAlready(Refused):
    code = "DIS-209"
    says = _("Cette ligne est déjà rayée.")
    remedy = _("Elle reste lisible dans le dossier, avec son motif ; rien de plus à faire.")


class StruckNeedsWhy(Refused):
    code = "DIS-213"
    says = _("Une ligne se raye avec son motif.")
    remedy = _("Dites l’erreur et ce qui la remplace. Rien n’est effacé.")
    status = 422


def group_of(petition: Petition) -> list[int]:
    """The cases that a paper filed in this one concerns: itself, and those joined to it."""
    return [petition.pk, *petition.joined.values_list("pk", flat=True)]


def members(cases: Iterable[int]) -> list[Party]:
    """The parties of these cases that are served, those of the first case first: not their counsel, who are reached at
    the address elected."""
    place = {pk: i for i, pk in enumerate(cases)}
    found = Party.objects.filter(petition__in=place, struck=False).exclude(role="counsel")
    return sorted(found, key=lambda p: (place[p.petition_id], p.pk))


@transaction.atomic
def file_paper(
    *, petition_id: int, kind: str, title: str, by: Person, party_id: int | None = None, exhibit_id: int | None = None,
    term: Term | None = None, chosen: Sequence[int] | None = None, seen: str | None = None, filed_at: datetime | None = None,
) -> Filing:  # fmt: skip
    """Enter a paper in the file and say whom it goes to: in a lead case, once to each person chosen, whatever the case.

    term: the time that its service opens. chosen: parties (None: all but who filed it). Raises: PEO-101, DIS-205 a stale
    page, DIS-206 a term without an act, DIS-207 not of this case, DIS-208 nobody to serve.
    """
    petition = sheets.locked(petition_id, seen)
    require_right(by, REGISTRY, petition)
    return entered(
        petition, kind=kind, title=title, by=by, party_id=party_id, exhibit_id=exhibit_id, term=term, chosen=chosen,
        filed_at=filed_at,
    )  # fmt: skip


def entered(
    petition: Petition, *, kind: str, title: str, by: Person | None, party_id: int | None = None,
    exhibit_id: int | None = None, term: Term | None = None, chosen: Sequence[int] | None = None,
    filed_at: datetime | None = None,
) -> Filing:  # fmt: skip
    """The paper, its deliveries and what it answers, in the transaction of who calls; the right is asked there."""
    now = timezone.now()
    cases = group_of(petition)
    parties = members(cases)
    author = next((p for p in parties if p.pk == party_id), None)
    if party_id and author is None:
        raise NotHere
    exhibit = Exhibit.objects.filter(pk=exhibit_id, petition__in=cases, struck=False).first() if exhibit_id else None
    if exhibit_id and exhibit is None:
        raise NotHere
    if term is not None:
        term.checked()
        if term.until:
            parse_deadline(term.until, zone_of(petition.contest), record=term.order, field="until")
    number = (petition.filings.aggregate(n=Max("number"))["n"] or 0) + 1
    filing = Filing.objects.create(
        petition=petition, number=number, kind=kind, title=title.strip()[:200], exhibit=exhibit, party=author,
        filed_at=filed_at or now, by=by, at=now, **term_columns(term),
    )  # fmt: skip
    reached = deliver(filing, parties, chosen, by, now)
    if author is not None:
        answered(filing, author)
    if kind == CURED and petition.state == State.TO_CURE:
        move(petition, State.ADMISSIBILITY, None, act=filing.title)
    record(
        by=by, kind=kinds.PAPER_FILED, subject=subject_of(petition), rows=touched(filing, author),
        after={"number": number, "kind": kind, "to": reached, "exhibit": exhibit.number if exhibit else None},
    )  # fmt: skip
    sheets.refresh(*Petition.every.filter(pk__in=cases))
    return filing


def touched(filing: Filing, author: Party | None = None) -> list[Any]:
    """The rows that an act on a paper makes or changes: itself, its deliveries, the clocks they start, the one it answers."""
    clocks = Clock.objects.filter(Q(service__document=filing) | Q(party=author, kind__in=["reply", "cure"]) if author else Q(service__document=filing))  # fmt: skip
    return [filing, filing.services.all(), clocks]


def term_columns(term: Term | None) -> dict[str, Any]:
    if term is None:
        return {}
    return {
        "term_n": term.n, "term_unit": term.unit.value, "term_until": term.until, "term_order": term.order.strip()[:120],
    }  # fmt: skip


def deliver(
    filing: Filing, parties: Sequence[Party], chosen: Sequence[int] | None, by: Person | None, now: datetime
) -> int:
    """One delivery to each person that the paper concerns. Returns how many; DIS-208 for none."""
    row = {p.pk: p for p in parties}
    group = [joinder.Member(p.pk, p.petition_id, p.name, p.account_id or 0) for p in parties]
    found = joinder.reached(group, chosen, filing.party_id)
    if filing.kind == OPENING:
        found = [g for g in found if row[g[0].key].role != "petitioner"]
    if not found:
        raise NobodyToServe
    for people in found:
        first = None
        for member in people:
            party = row[member.key]
            made = Service.objects.create(
                petition_id=party.petition_id, document=filing, party=party, twin_of=first,
                address=(party.elected or party.address)[:300], by=by, at=now,
            )  # fmt: skip
            first = first or made
    return len(found)


def answered(filing: Filing, author: Party) -> None:
    """The clock that a paper answers is met, and the paper is held against each of its readings: a brief's of reply, that of
    a notice to cure even past, so that what comes late is said to be late."""
    if filing.kind == CURED:
        clock = author.clocks.filter(kind="cure", met_at=None).order_by("-pk").first()
    elif filing.kind in rules.BRIEFS:
        clock = author.clocks.filter(kind="reply", met_at=None, stopped_at=None).order_by("bound").first()
    else:
        return
    if clock is None:
        return
    readings = readings_of(clock, zone_of(filing.petition.contest))
    verdict = rules.judged(readings, filing.filed_at).value
    filing.verdict = verdict
    filing.save(update_fields=["verdict"])
    clock.met_at, clock.verdict = filing.filed_at, verdict
    clock.save(update_fields=["met_at", "verdict"])


def readings_of(clock: Clock, tz: str) -> list[rules.Reading]:
    """The readings of a clock as the rules see them."""
    return [
        rules.Reading(str(r["rule"]), parse_deadline(str(r["deadline"]), tz), bool(r.get("default")))
        for r in clock.readings
        if r.get("deadline")
    ]


def service_of(petition: Petition, service_id: int) -> Service:
    """A service of a paper of this case; DIS-207 for that of another."""
    found = Service.objects.select_related("document__petition", "party").filter(
        pk=service_id, document__petition=petition
    )
    if (service := found.first()) is None:
        raise NotHere
    return service


# --- service --------------------------------------------------------------------------------------
@transaction.atomic
def try_service(
    *, petition_id: int, service_id: int, mode: Mode, at: datetime, outcome: Outcome, by: Person, exhibit_id: int | None = None,
    note: str = "", seen: str | None = None,
) -> Service:  # fmt: skip
    """Note an attempt; where it reached the party, with its proof, that party's clock starts at that instant.

    Raises: PEO-101, DIS-201 served already, DIS-202 no proof, DIS-203, DIS-204, DIS-205 a stale page, DIS-207, DIS-209.
    """
    petition = sheets.locked(petition_id, seen)
    require_right(by, REGISTRY, petition)
    service = service_of(petition, service_id)
    return tried(service, mode=mode, at=at, outcome=outcome, by=by, exhibit_id=exhibit_id, note=note)


def tried(
    service: Service,
    *,
    mode: Mode,
    at: datetime,
    outcome: Outcome,
    by: Person,
    exhibit_id: int | None = None,
    note: str = "",
) -> Service:
    """The attempt itself, in the transaction of who calls and with the case locked."""
    now = timezone.now()
    service = Service.objects.select_for_update(of=("self",)).select_related("document__petition__contest", "party").get(
        pk=service.twin_of_id or service.pk
    )  # fmt: skip
    if service.struck_at:
        raise StruckAlready
    document, party = service.document, service.party
    petition = document.petition
    proof = None
    if exhibit_id:
        proof = Exhibit.objects.filter(pk=exhibit_id, petition__in=group_of(petition), struck=False).first()
        if proof is None:
            raise NotHere
    attempt = Attempt(mode, at, outcome, proof.piece.sha256 if proof else "")
    paper = Paper(document.title, document.filed_at.replace(second=0, microsecond=0), service.served_at)
    gone = Dissolution.objects.filter(party=party).values_list("since", flat=True).first()
    served = rules.serve(paper, party.name, attempt, now=now, gone_since=gone.isoformat() if gone else "")
    ServiceAttempt.objects.create(
        service=service, mode=mode.value, at=at, outcome=outcome.value, note=note.strip()[:300], proof=proof, by=by,
        noted_at=now,
    )  # fmt: skip
    for one in (service, *service.twins.filter(struck_at=None).select_related("party", "document")):
        one.attempts += 1
        if served:
            one.mode, one.served_at, one.proof = mode.value, served, proof
        one.save(update_fields=["attempts", "mode", "served_at", "proof"])
        if served:
            start_clock(one, petition)
    record(
        by=by, kind=kinds.SERVICE_TRIED, subject=subject_of(petition), rows=touched(document),
        after={
            "paper": document.number, "party": party.pk, "mode": mode.value, "outcome": outcome.value,
            "at": at.isoformat(), "proof": proof.piece.sha256 if proof else None,
        },
    )  # fmt: skip
    sheets.refresh(*Petition.every.filter(pk__in=group_of(petition)))
    return service


def start_clock(service: Service, petition: Petition) -> Clock | None:
    """The clock of one party from its own service; None where the paper opens no time."""
    document = service.document
    if not document.term_order or service.served_at is None:
        return None
    if document.kind in CLOCKS and not document.term_n and not document.term_until:
        return CLOCKS[document.kind](service, petition)
    tz = zone_of(petition.contest)
    term = Term(document.term_order, document.term_n, Unit(document.term_unit), document.term_until)
    readings = rules.party_readings(
        service.served_at,
        term,
        rules=counting_rules(petition.contest),
        tz=tz,
        days_off=days_off(petition.contest, service.served_at.year),
    )
    limit = rules.governing(readings)
    assert limit is not None
    return Clock.objects.create(
        petition_id=service.party.petition_id, kind="cure" if document.kind == "cure" else "reply", party=service.party, service=service,
        about=document.title, started_at=service.served_at, limit=limit.iso(), bound=limit.bound,
        readings=[r.data() for r in readings], order=document.term_order, at=timezone.now(),
    )  # fmt: skip


@transaction.atomic
def waive(*, petition_id: int, service_id: int, act: str, by: Person, seen: str | None = None) -> Service:
    """A party is not served this paper, by an act that is named (DIS-206 without it); no clock starts."""
    petition = sheets.locked(petition_id, seen)
    require_right(by, REGISTRY, petition)
    service = service_of(petition, service_id)
    if not act.strip():
        raise rules.NoTerm
    if service.served_at:
        raise rules.ServedAlready(paper=service.document.title, party=service.party.name, at=service.served_at)
    main = service.twin_of_id or service.pk
    Service.objects.filter(Q(pk=main) | Q(twin_of=main)).update(waiver=act.strip()[:200])
    service.refresh_from_db()
    record(
        by=by, kind=kinds.SERVICE_WAIVED, subject=subject_of(petition), reason=act, rows=touched(service.document),
        after={"paper": service.document.number, "party": service.party_id},
    )  # fmt: skip
    sheets.refresh(*Petition.every.filter(pk__in=group_of(petition)))
    return service


@transaction.atomic
def strike_service(*, petition_id: int, service_id: int, why: str, by: Person, seen: str | None = None) -> Service:
    """Strike a service noted by mistake: it stays legible, its clock ends, and the paper is to be served anew."""
    petition = sheets.locked(petition_id, seen)
    require_right(by, REGISTRY, petition)
    service = service_of(petition, service_id)
    if service.struck_at:
        raise StruckAlready
    if not why.strip():
        raise StruckNeedsWhy
    now, main = timezone.now(), None
    first = service.twin_of or service
    for one in (first, *first.twins.filter(struck_at=None)):
        one.struck_at, one.struck_by, one.struck_why = now, by, why.strip()[:400]
        one.save(update_fields=["struck_at", "struck_by", "struck_why"])
        Clock.objects.filter(service=one, stopped_at=None).update(stopped_at=now, stopped_why=why.strip()[:300])
        made = Service.objects.create(
            petition_id=one.petition_id, document_id=one.document_id, party_id=one.party_id, twin_of=main, address=one.address, by=by, at=now
        )  # fmt: skip
        main = main or made
    record(
        by=by, kind=kinds.LINE_STRUCK, subject=subject_of(petition), reason=why, rows=touched(service.document),
        after={"what": "service", "paper": service.document.number, "party": service.party_id},
    )  # fmt: skip
    sheets.refresh(*Petition.every.filter(pk__in=group_of(petition)))
    return service


@transaction.atomic
def strike_paper(*, petition_id: int, filing_id: int, why: str, by: Person, seen: str | None = None) -> Filing:
    """Strike a paper entered by mistake, with its services and the clocks they started; all of it stays legible."""
    petition = sheets.locked(petition_id, seen)
    require_right(by, REGISTRY, petition)
    filing = petition.filings.filter(pk=filing_id).first()
    if filing is None:
        raise NotHere
    if filing.struck_at:
        raise StruckAlready
    if not why.strip():
        raise StruckNeedsWhy
    now, said = timezone.now(), why.strip()[:400]
    filing.struck_at, filing.struck_by, filing.struck_why = now, by, said
    filing.save(update_fields=["struck_at", "struck_by", "struck_why"])
    filing.services.filter(struck_at=None).update(struck_at=now, struck_by=by, struck_why=said)
    Clock.objects.filter(service__document=filing, stopped_at=None).update(stopped_at=now, stopped_why=said[:300])
    record(
        by=by, kind=kinds.LINE_STRUCK, subject=subject_of(petition), reason=said, rows=touched(filing),
        after={"what": "paper", "paper": filing.number, "party": None},
    )  # fmt: skip
    sheets.refresh(*Petition.every.filter(pk__in=group_of(petition)))
    return filing


# --- what the table of the case asks -------------------------------------------------------------------
def not_reached(petition: Petition, kind: str) -> int:
    """Parties whom the papers of a kind have not reached, nor are waived; where none was sent: every party but its author."""
    sent = Service.objects.filter(petition=petition, document__kind=kind, document__struck_at=None, struck_at=None)
    if not sent.exists():
        asked = Party.objects.filter(petition=petition, struck=False).exclude(role="counsel")
        return max(1, asked.exclude(role="petitioner").count() if kind == OPENING else asked.count())
    return sent.filter(served_at=None, waiver="").count()


@facts
def served(petition: Petition) -> dict[str, Any]:
    return {"unserved": not_reached(petition, OPENING), "undelivered": not_reached(petition, DECISION)}
