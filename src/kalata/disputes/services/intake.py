"""The counter: a petition is drafted, its pieces are given, it is received. Received is one act, whole or not at all.

The instant of receipt is read once, from the clock, when the number is allotted; nothing that comes later touches it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from kalata.country.models import Contest, Station, Unit
from kalata.disputes import kinds
from kalata.disputes.models import (
    Counter,
    Exhibit,
    Ground,
    GroundTarget,
    Office,
    Party,
    Petition,
    PetitionReceipt,
    Roll,
)
from kalata.disputes.queries import offices
from kalata.disputes.queries.cases import counters_of
from kalata.disputes.rules import receipts
from kalata.disputes.rules.filing import CHANNELS, Filing
from kalata.disputes.rules.numbers import ReceiptNumber
from kalata.disputes.rules.offices import KEEP
from kalata.disputes.rules.steps import PARTY, RECEIVE, REGISTRY, ClockBack, State
from kalata.disputes.services import clocks, custody, keys, steps
from kalata.disputes.services.guarding import require_right
from kalata.evidence import decoding
from kalata.evidence import services as evidence
from kalata.evidence.models import Content
from kalata.evidence.rules.access import Access
from kalata.ledger.services import record
from kalata.people.models import Person
from kalata.people.queries import may_somewhere, reach
from kalata.refusals import Forbidden, Refused
from kalata.states import born
from kalata.text import gettext_noop as _

PIECE_MOST = 50 * 2**20
TOLERATED = timedelta(seconds=2)
"""How far a clock may be set back by its own correction before somebody must say where the hour comes from."""
MOST_PIECES = 500


class NotADraft(Refused):
    code = "DIS-126"
    says = _("Cette requête est reçue sous le numéro %(number)s : elle ne se récrit pas.")
    remedy = _("Versez une pièce, rayez la mention fausse en disant pourquoi, ou déposez une nouvelle requête.")


class CounterShut(Refused):
    code = "DIS-127"
    says = _("Le guichet %(counter)s ne reçoit pas : %(why)s.")
    remedy = _("Recevez à un guichet ouvert sur cette machine.")
    sentences = frozenset({"why"})


class NoRollYet(Refused):
    code = "DIS-128"
    says = _("Le rôle de ce scrutin n’est pas ouvert : aucun numéro ne peut être donné.")
    remedy = _("Faites ouvrir le rôle par le greffe, avec son nom court (L1, P1).")


class TooManyPieces(Refused):
    code = "DIS-129"
    says = _("Cette requête a déjà %(n)d {n:pièce|pièces}.")
    remedy = _("Réunissez des pièces en un seul PDF, ou déposez-les dans une autre requête.")
    status = 422


class NoSuchStation(Refused):
    code = "DIS-136"
    says = _("Aucun bureau de ce scrutin n’a le code « %(code)s ».")
    remedy = _("Écrivez le code du registre, ou laissez la case vide et nommez le lieu.")
    status = 422


# --- the draft ----------------------------------------------------------------------------------
@transaction.atomic
def draft(
    *, contest: Contest, filing: Filing, channel: str, by: Person, office: Office | None = None, appeal_of: Petition | None = None,
) -> Petition:  # fmt: skip
    """Begin a petition: a clerk for who stands at the counter, or a party for themselves (channel web). office: the one of
    first instance that receives it; appeal_of: the case whose decision it attacks."""
    allowed(by, channel, office, contest)
    made = Petition.every.create(
        contest=contest, channel=channel, by=by, owner=by if channel == "web" else None, at=timezone.now(), office=office, appeal_of=appeal_of,
        **born(steps.CASE, State.DRAFT),
    )  # fmt: skip
    write(made, filing)
    return made


def allowed(by: Person, channel: str, office: Office | None, contest: Contest) -> None:
    """PEO-101 where this person neither receives nor files for themselves."""
    if office is not None:
        ours = may_somewhere(by, PARTY) if channel == "web" else offices.may(by, KEEP, office, contest.pk)
        if channel not in CHANNELS or not ours:
            raise Forbidden(right=KEEP)
        return
    right = PARTY if channel == "web" else RECEIVE
    if channel not in CHANNELS or not may_somewhere(by, right):
        raise Forbidden(right=right)


@transaction.atomic
def amend(*, petition_id: int, filing: Filing, by: Person) -> Petition:
    """Write a draft anew. DIS-126 once it is received; Petition.DoesNotExist where it is another's."""
    petition = mine(petition_id, by)
    write(petition, filing)
    return petition


def mine(petition_id: int, by: Person) -> Petition:
    """A draft of this person, held until the transaction ends."""
    petition = Petition.every.select_for_update(of=("self",)).select_related("contest").get(pk=petition_id, by=by)
    if petition.state != State.DRAFT:
        raise NotADraft(number=petition.number)
    return petition


@transaction.atomic
def abandon(*, petition_id: int, by: Person) -> None:
    """Let a draft go: it was never received. The files given for it stay in the store without a record."""
    petition = mine(petition_id, by)
    petition.exhibits.all().delete()
    petition.delete()


def write(petition: Petition, filing: Filing) -> None:
    """The rows of a filing, in the place of those of the draft."""
    filing.check()
    unit = Unit.objects.filter(geography=petition.contest.election.geography_id, code=filing.unit).first()
    for name in ("kind", "about", "about_words", "capacity", "relief", "text", "signed", "signed_on"):
        setattr(petition, name, getattr(filing, name))
    petition.unit, petition.said = unit if filing.unit else None, filing.record()
    petition.save()
    petition.grounds.all().delete()
    petition.parties.filter(exhibits=None).delete()
    rows_of(petition, filing)


def rows_of(petition: Petition, filing: Filing) -> None:
    now = timezone.now()
    made: dict[str, Party] = {}
    for one in filing.parties:
        made[one.name] = Party.objects.create(
            petition=petition, role=one.role, name=one.name, kind=one.kind, mandate=one.mandate, email=one.email,
            phone=one.phone, address=one.address, elected=one.elected, sex=one.sex, at=now,
            represents=made.get(one.represents), account=petition.owner if one.role == "petitioner" else None,
        )  # fmt: skip
    wanted = {code for g in filing.grounds for code in g.stations}
    known = {s.code: s for s in Station.objects.filter(contest=petition.contest, code__in=wanted)} if wanted else {}
    for n, one_ground in enumerate(filing.grounds, 1):
        ground = Ground.objects.create(
            petition=petition, key=f"g{n}", code=one_ground.code, about=one_ground.about or filing.about,
            text=one_ground.text, article=one_ground.article, relief=one_ground.relief,
        )  # fmt: skip
        GroundTarget.objects.bulk_create(
            [GroundTarget(ground=ground, station=known.get(c), words=c, resolved_at=now if c in known else None)
             for c in dict.fromkeys(one_ground.stations)]
            + [GroundTarget(ground=ground, words=w) for w in dict.fromkeys(one_ground.words)]
        )  # fmt: skip


# --- pieces -------------------------------------------------------------------------------------
def keep(content: bytes | Iterable[bytes], *, name: str, by: Person) -> Content:
    """Keep a file of others before any transaction: bounded, decoded, refused where it is hostile (EVD-101, 102, 107, RES-422)."""
    return evidence.keep(content, name=name, by=by, most=PIECE_MOST, kinds=decoding.PIECES, quiet=True)


@transaction.atomic
def attach(
    *, petition: Petition, content: Content, name: str, kind: str, by: Person, access: str = "parties",
    station: Station | None = None, party: Party | None = None, grounds: Iterable[str] = (), **about: Any,
) -> Exhibit:  # fmt: skip
    """Give a kept file to a petition, as its next piece. Received, the petition has it at once in its custody."""
    number = (petition.exhibits.aggregate(n=Max("number"))["n"] or 0) + 1
    if number > MOST_PIECES:
        raise TooManyPieces(n=MOST_PIECES)
    made = Exhibit.objects.create(
        petition=petition, number=number, piece=content, kind=kind, name=name[:200], pages=content.pages, access=access,
        station=station, party=party, grounds=list(grounds), received_at=timezone.now(), by=by, **about,
    )  # fmt: skip
    if petition.state != State.DRAFT:
        given(petition, made, by)
        record(
            by=by, kind=kinds.EXHIBIT_ADDED, subject=steps.subject_of(petition), rows=[made],
            after={"number": number, "sha256": content.sha256, "kind": kind, "access": access},
        )  # fmt: skip
    return made


def given(petition: Petition, exhibit: Exhibit, by: Person | None) -> None:
    """A piece enters the custody of its case."""
    evidence.join(
        sha256=exhibit.piece.sha256, subject=steps.subject_of(petition), access=Access.STAFF, by=by, name=exhibit.name
    )
    custody.note(
        petition, "received", actor=actor_of(petition, by), by=by, exhibit=exhibit, sha256=exhibit.piece.sha256,
        why=f"P{exhibit.number}", receiver=petition.counter.code if petition.counter else "",
    )  # fmt: skip


def actor_of(petition: Petition, by: Person | None) -> str:
    """Who acts, in a custody line: a role and a number."""
    if by is None:
        return "house:0"
    return f"{'party' if petition.owner_id == by.pk else 'counter'}:{by.pk}"


# --- received -----------------------------------------------------------------------------------
def now_of(counter: Counter, last: datetime | None, despite: str) -> datetime:
    """The instant of a receipt. DIS-112 where the clock says one before the last receipt, and nobody says why."""
    now = timezone.now()
    if last is not None and now < last - TOLERATED and not despite.strip():
        local = timezone.localtime
        raise ClockBack(counter=counter.code, now=f"{local(now):%Y-%m-%d %H:%M:%S}", last=f"{local(last):%Y-%m-%d %H:%M:%S}")  # fmt: skip
    return now


@transaction.atomic
def receive(
    *, petition_id: int, counter: Counter, by: Person, clock: str = "", drift_ms: int | None = None, ticket: str = "",
    since: datetime | None = None, despite: str = "",
) -> Petition:  # fmt: skip
    """Receive a draft: its number, its instant, its receipt signed by the key of the counter, its pieces in custody.

    clock: where the hour comes from; drift_ms: how far it was from a reference, as measured. ticket, since: its place in
    the queue, or the instant its mail arrived. despite: why the clock may be believed though it went back.
    Raises: PEO-101, DIS-112 clock turned back, DIS-120 no petitioner, DIS-123 no key here, DIS-126 received already,
    DIS-127 counter shut, DIS-128 no roll.
    """
    started = time.monotonic()
    petition = mine(petition_id, by)
    counter = Counter.every.select_for_update().get(pk=counter.pk)
    at_this_counter(petition, counter, by)
    roll = Roll.objects.select_for_update().filter(contest=petition.contest_id).first()
    if roll is None:
        raise NoRollYet
    taken = Petition.every.filter(counter=counter)
    now = now_of(counter, taken.aggregate(last=Max("received_at"))["last"], despite)
    sequence = (taken.filter(contest=petition.contest_id).aggregate(n=Max("sequence"))["n"] or 0) + 1
    number = str(ReceiptNumber(roll.year, roll.short, counter.code, sequence))
    private = keys.private(counter.code, counter.key)
    values: dict[str, Any] = {"number": number, "sequence": sequence, "counter_id": counter.pk, "received_at": now}
    if roll.kept_here:
        values["roll"] = rank_of(petition, roll)
    steps.move(petition, State.RECEIVED, by, act=number, **values)
    petition.counter = counter
    words = receipts.normal
    said = {
        "clock": words(clock or despite or "machine")[:40],
        "drift_ms": drift_ms,
        "ticket": words(ticket)[:40],
        "since": since,
    }
    receipt = signed(petition, private, counter.key, said, by, started)
    for exhibit in petition.exhibits.select_related("piece"):
        given(petition, exhibit, by)
    clocks.start(petition)
    record(
        by=by, kind=kinds.PETITION_RECEIVED, subject=steps.subject_of(petition), rows=[receipt, *given_with(petition)], reason=despite[:400],
        after={"number": number, "received_at": receipts.written(now), "channel": petition.channel, "root": receipt.root,
               "exhibits": petition.exhibits.count(), "roll": petition.roll, "counter": counter.code},
    )  # fmt: skip
    return petition


def rank_of(petition: Petition, roll: Roll) -> int:
    """The next place on the roll: that of the contest at the Court, that of its own office at first instance."""
    if petition.office_id is not None:
        last = Petition.every.filter(office=petition.office_id).aggregate(n=Max("roll"))["n"]
        return int(last or 0) + 1
    roll.last += 1
    roll.save(update_fields=["last"])
    return roll.last


def given_with(petition: Petition) -> list[Any]:
    """The rows that a petition is received with: told with it, so that none is changed behind the application."""
    return [petition.parties.all(), petition.grounds.all(), petition.exhibits.all()]


def at_this_counter(petition: Petition, counter: Counter, by: Person) -> None:
    """DIS-127, PEO-101: this person does not receive this petition at this counter."""
    if counter.closed_at is not None:
        raise CounterShut(counter=counter.code, why=_("il est fermé"))
    if not counter.here:
        raise CounterShut(counter=counter.code, why=_("il est sur une autre machine"))
    if counter.first or petition.office is not None:
        office, online = petition.office, petition.channel == "web"
        if office is None or office.counter_id != counter.pk or not (online or offices.may(by, KEEP, office, petition.contest_id)):
            raise Forbidden(right=KEEP)
        if online:
            require_party(petition, by)
    elif petition.channel == "web":
        if not counter.online:
            raise CounterShut(counter=counter.code, why=_("il ne reçoit pas ce qui est déposé en ligne"))
        require_party(petition, by)
    elif counter.pk not in counters_of(by) or not reach(by, RECEIVE, contest=petition.contest_id):
        raise Forbidden(right=RECEIVE)


def require_party(petition: Petition, by: Person) -> None:
    if petition.owner_id != by.pk or not may_somewhere(by, PARTY):
        raise Forbidden(right=PARTY)


def pieces_of(petition: Petition) -> list[receipts.Piece]:
    return [
        receipts.Piece(number=e.number, sha256=e.piece.sha256, size=e.piece.size, pages=e.pages, media=e.piece.media,
                       name=e.name, kind=e.kind)
        for e in petition.exhibits.select_related("piece").order_by("number")
    ]  # fmt: skip


def signed(
    petition: Petition, private: Any, key: str, said: dict[str, Any], by: Person, started: float
) -> PetitionReceipt:
    """The receipt of a petition just received: its text, its root and the signature of the counter."""
    assert petition.received_at is not None and petition.number is not None
    pieces = pieces_of(petition)
    clerk = f"{'party' if petition.channel == 'web' else 'clerk'}:{by.pk}"
    text = receipts.body(
        number=petition.number, contest=petition.contest.code, at=petition.received_at, channel=petition.channel,
        clerk=clerk, pieces=pieces, filing=petition.said, **said,
    )  # fmt: skip
    root = receipts.root_of(text, [p.record() for p in pieces])
    return PetitionReceipt.objects.create(
        petition=petition, body=text.decode(), root=root, key=key, clerk=clerk, at=petition.received_at,
        signature=receipts.sign(private, petition.number, petition.received_at, root),
        made_in_ms=int((time.monotonic() - started) * 1000), **said,
    )  # fmt: skip


def receives_online() -> Counter | None:
    """The counter that receives what is filed online, where there is one."""
    return Counter.objects.filter(online=True, here=True, closed_at=None).first()


def online_counter() -> Counter:
    """DIS-127: no counter receives what is filed online."""
    found = receives_online()
    if found is None:
        raise CounterShut(counter="–", why=_("aucun guichet en ligne n’est ouvert"))
    return found


@transaction.atomic
def take_down(
    *, contest: Contest, filing: Filing, channel: str, counter: Counter, pieces: Iterable[tuple[Content, str]], by: Person,
    ticket: str = "", since: datetime | None = None, despite: str = "", office: Office | None = None,
    appeal_of: Petition | None = None,
) -> Petition:  # fmt: skip
    """Draft and receive at once, for who stands at the counter: all of it or nothing. pieces: kept files and their names;
    the first is the petition itself."""
    made = draft(contest=contest, filing=filing, channel=channel, by=by, office=office, appeal_of=appeal_of)
    for n, (content, name) in enumerate(pieces):
        attach(petition=made, content=content, name=name, kind="other" if n else "petition", by=by)
    if appeal_of is not None:
        copy = appeal_of.first_ruling.copy
        assert copy is not None
        attach(petition=made, content=copy.piece, name=f"{appeal_of.first_ruling.number}", kind="report", by=by)
    return receive(petition_id=made.pk, counter=counter, by=by, ticket=ticket, since=since, despite=despite)


def rolls() -> list[Roll]:
    """The rolls of the contests that petitions may be received for, latest first."""
    return list(Roll.objects.select_related("contest").order_by("-year", "short"))


def roll_for(contest_id: int) -> Roll | None:
    return Roll.objects.select_related("contest__election").filter(contest=contest_id).first()


@transaction.atomic
def add_piece(
    *, petition: Petition, content: Content, name: str, kind: str, access: str, station: str, by: Person, **about: Any
) -> Exhibit:
    """Add a piece to a received petition, by its counter or the registry. PEO-101; DIS-136 the station is not of the contest."""
    if petition.counter_id not in counters_of(by):
        require_right(by, REGISTRY, petition)
    found = Station.objects.filter(contest=petition.contest_id, code=station).first() if station else None
    if station and found is None:
        raise NoSuchStation(code=station[:40])
    return attach(
        petition=petition, content=content, name=name, kind=kind, access=access, station=found, by=by, **about
    )
