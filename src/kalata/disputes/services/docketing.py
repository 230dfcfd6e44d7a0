"""The acts of the registry on cases: enrol, take on, join, sever, note that a party is no more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from kalata.disputes import kinds
from kalata.disputes.models import Dissolution, Ground, GroundTarget, Party, Petition, PetitionStep
from kalata.disputes.rules import joinder
from kalata.disputes.rules.steps import JOINABLE, REGISTRY, State
from kalata.disputes.services import clocks, sheets
from kalata.disputes.services.guarding import require_right
from kalata.disputes.services.serving import NotHere
from kalata.disputes.services.steps import move, subject_of
from kalata.ledger.services import record
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.people.rules.approval import NoReason


def in_order(ids: Iterable[int]) -> list[Petition]:
    """Cases held until the end of the transaction, always in the same order, so that two acts on several never wait on each other."""
    return list(
        Petition.objects.select_for_update(of=("self",))
        .select_related("contest")
        .filter(pk__in=set(ids))
        .order_by("received_at", "pk")
    )


@transaction.atomic
def advance(*, ids: Sequence[int], to: State, by: Person, why: str = "", act: str = "") -> list[Petition]:
    """Take one step in several cases, all or none, each by the table: enrol, take on. Raises what the first one lacks."""
    rows = in_order(ids)
    if len(rows) != len(set(ids)):
        raise NotHere
    for petition in rows:
        move(petition, to, by, act=act, why=why)
        if to is State.DOCKETED:
            clocks.start(petition)
            sheets.refresh(petition)
    return rows


@transaction.atomic
def step(
    *, petition_id: int, to: State, by: Person, act: str = "", why: str = "", body: str = "", seen: str | None = None
) -> PetitionStep:
    """Take a step on the page that was read (DIS-205 else), by the table."""
    return move(sheets.locked(petition_id, seen), to, by, act=act, why=why, body=body)


# --- joinder ------------------------------------------------------------------------------------
def as_joined(rows: Iterable[Petition]) -> list[joinder.Case]:
    """Cases as joinder sees them; a constant number of queries."""
    targets = GroundTarget.objects.filter(struck=False, station__isnull=False).select_related("station__constituency")
    full = Petition.objects.filter(pk__in=[p.pk for p in rows]).select_related("unit").prefetch_related(
        Prefetch("grounds", Ground.objects.filter(struck=False).prefetch_related(Prefetch("targets", targets)))
    )  # fmt: skip
    return [seen_by_joinder(p) for p in full]


def seen_by_joinder(petition: Petition) -> joinder.Case:
    stations = [t.station for g in petition.grounds.all() for t in g.targets.all() if t.station]
    where = {s.constituency.code for s in stations if s.constituency}
    place = where.pop() if len(where) == 1 else petition.unit.code if petition.unit else ""
    return joinder.Case(
        key=petition.pk, number=petition.number or "", received_at=petition.received_at or petition.at,
        contest=petition.contest_id, about=petition.about, constituency=place,
        stations=frozenset(s.code for s in stations), grounds=frozenset(g.code for g in petition.grounds.all()),
        lead=petition.lead_id, open=petition.state in JOINABLE,
    )  # fmt: skip


@transaction.atomic
def join(*, ids: Sequence[int], why: str, by: Person) -> Petition:
    """Join cases to the one received first. Each keeps its number, its parties, its clocks and its outcome.

    Raises: PEO-101, DIS-210 a case that cannot be joined, DIS-211 one alone, LIF-102 without a reason.
    """
    rows = in_order(ids)
    if not rows:
        raise NotHere
    require(by, REGISTRY, contest=rows[0].contest_id)
    first, others = joinder.joined(as_joined(rows))
    by_key = {p.pk: p for p in rows}
    lead = by_key[first.key]
    for other in others:
        move(by_key[other.key], State.JOINED, by, why=why, lead=lead)
    record(
        by=by, kind=kinds.JOINDER, subject=subject_of(lead), reason=why[:400],
        after={"cases": [o.number for o in others]},
    )  # fmt: skip
    sheets.refresh(lead)
    return lead


@transaction.atomic
def sever(*, petition_id: int, why: str, by: Person, seen: str | None = None) -> Petition:
    """Take a case out of its group: it goes on where it was, with the clocks it has always kept. DIS-212 where it is in none."""
    petition = sheets.locked(petition_id, seen)
    require_right(by, REGISTRY, petition)
    lead = petition.lead
    if lead is None:
        raise joinder.NotJoined(case=petition.number)
    was = petition.steps.filter(to=State.JOINED).order_by("-pk").values_list("start", flat=True).first()
    move(petition, State.SEVERED, by, why=why)
    if was:
        move(petition, State(was), by, why=why)
    record(
        by=by, kind=kinds.SEVERANCE, subject=subject_of(petition), reason=why[:400],
        after={"lead": lead.number, "to": petition.state},
    )  # fmt: skip
    sheets.refresh(lead)
    return petition


# --- a party that no longer exists --------------------------------------------------------------------
@transaction.atomic
def party_gone(
    *,
    petition_id: int,
    party_id: int,
    since: date,
    act: str,
    by: Person,
    successor_id: int | None = None,
    seen: str | None = None,
) -> Dissolution:
    """Note that a party no longer exists: its case goes on, it is served by posting or at its last seat."""
    petition = sheets.locked(petition_id, seen)
    require_right(by, REGISTRY, petition)
    party = Party.objects.filter(pk=party_id, petition=petition, struck=False).first()
    if party is None:
        raise NotHere
    if not act.strip():
        raise NoReason
    if successor_id and not Party.objects.filter(pk=successor_id, petition=petition, struck=False).exists():
        raise NotHere
    made, fresh = Dissolution.objects.get_or_create(
        party=party,
        defaults={
            "since": since,
            "act": act.strip()[:200],
            "successor_id": successor_id,
            "by": by,
            "at": timezone.now(),
        },
    )
    if fresh:
        record(
            by=by, kind=kinds.PARTY_GONE, subject=subject_of(petition), reason=act,
            after={"party": party.pk, "since": since.isoformat(), "successor": successor_id},
        )  # fmt: skip
        sheets.refresh(petition)
    return made
