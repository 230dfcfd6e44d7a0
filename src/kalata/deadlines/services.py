"""Every write of legal time. Rights are asked here; a derogation needs two persons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from kalata import lifecycle, states
from kalata.country.models import Election
from kalata.deadlines import alerts, kinds, queries
from kalata.deadlines.chained import tie
from kalata.deadlines.models import Assumption, Calendar, Fact, Following
from kalata.deadlines.pieces import EVIDENCE_MAX as EVIDENCE_MAX
from kalata.deadlines.pieces import TooHeavy as TooHeavy
from kalata.deadlines.pieces import join, keep_file
from kalata.deadlines.rules.changes import Moved, compare
from kalata.deadlines.rules.lives import ASSUMPTION as ASSUMPTION
from kalata.deadlines.rules.lives import Force
from kalata.deadlines.rules.lives import Superseded as Superseded
from kalata.deadlines.rules.moments import zone
from kalata.deadlines.rules.norms import EventType, UnknownEvent
from kalata.ledger.services import record
from kalata.people.models import Person
from kalata.people.rules.approval import NoReason
from kalata.people.services import require
from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class CalendarExists(Refused):
    code = "DL-201"
    says = _("Cette élection a déjà un calendrier « %(family)s ».")
    remedy = _("Ouvrez ce calendrier ; une élection en a un par genre de scrutin.")


class UnknownFamily(Refused):
    code = "DL-202"
    says = _("Le pack n’a aucun délai pour « %(family)s ».")
    remedy = _("Genres de scrutin du pack : %(known)s.")
    status = 422


class NoEvidence(Refused):
    code = "DL-203"
    says = _("Un événement constaté demande une pièce : %(field)s.")
    remedy = _("Citez l’acte, la décision ou le procès-verbal, et joignez-le si vous l’avez.")
    status = 422


class NotYet(Refused):
    code = "DL-204"
    says = _("Le %(day)s est dans l’avenir : un événement se constate après avoir eu lieu.")
    remedy = _("Enregistrez-le comme prévu, ou corrigez la date.")
    status = 422


class HourNeeded(Refused):
    code = "DL-205"
    says = _("L’heure de cet événement est nécessaire : des délais en heures partent de lui.")
    remedy = _("Donnez l’heure et la minute du procès-verbal.")
    status = 422


class UnknownLine(Refused):
    code = "DL-207"
    says = _("Ce calendrier n’a pas de règle « %(line)s ».")
    remedy = _("Choisissez une règle de la liste.")
    status = 422


@dataclass(frozen=True, slots=True)
class Change:
    """What an act did to the calendar: the lines it moved, and those it broke."""

    moved: Sequence[Moved]

    @property
    def broken(self) -> list[Moved]:
        return [m for m in self.moved if m.breaks]


@transaction.atomic
def open_calendar(
    *, election: Election, family: str, rounds: int, polling_day: date | None = None, by: Person | None
) -> Calendar:
    """Open the legal calendar of one family of contests. `by` None: the command line or the demonstration."""
    if by is not None:
        require(by, "deadlines.record")
    known = queries.book_of_sha(election.pack.sha256).families()
    if family not in known:
        raise UnknownFamily(family=family, known=", ".join(known))
    if Calendar.objects.filter(election=election, family=family).exists():
        raise CalendarExists(family=family)
    calendar = Calendar.objects.create(
        election=election, family=family, rounds=rounds, code=f"{election.code}-{family}"[:100], opened_by=by
    )
    day = polling_day or election.polling_day
    if day:
        Fact.objects.create(calendar=calendar, type="VOTE", round=1, standing="planned", day=day, by=by)
    if by is not None:
        Following.objects.create(calendar=calendar, person=by)
    record(
        by=by,
        kind=kinds.CALENDAR_OPENED,
        subject=f"calendar:{calendar.code}",
        after={"family": family, "rounds": rounds, "polling_day": day.isoformat() if day else None},
    )
    tie(calendar)
    return calendar


def locked(calendar: Calendar) -> Calendar:
    found = Calendar.objects.select_for_update().select_related("election__pack")
    return found.defer("election__pack__content").get(pk=calendar.pk)


def bumped(calendar: Calendar) -> None:
    calendar.revision += 1
    calendar.save(update_fields=["revision"])


def record_fact(
    *,
    calendar: Calendar,
    type_: str,
    round_: int,
    day: date,
    at: time | None,
    standing: str,
    content: bytes = b"",
    name: str = "piece",
    by: Person,
    **asked: Any,
) -> Change:
    """Record that an event is planned or has happened; a correction replaces the row it corrects.

    Raises: PEO-101, DL-102 unknown event, DL-203 no evidence, DL-204 in the future, DL-205 hour
    needed, DL-206 somebody was faster; EVD-101, RES-422 a piece that is no document.
    """
    require(by, "deadlines.record")
    piece = keep_file(content, name=name, by=by)
    return write_fact(
        calendar=calendar, type_=type_, round_=round_, day=day, at=at, standing=standing, piece=piece, by=by, **asked
    )


@transaction.atomic
def write_fact(
    *, calendar: Calendar, type_: str, round_: int, day: date, at: time | None, standing: str, document: str = "",
    piece: str = "", party: str = "", reason: str = "", replaces: int | None = None, by: Person, now: datetime | None = None,
) -> Change:
    """`record_fact`, its piece kept already (`piece`: SHA-256), in one transaction."""
    calendar = locked(calendar)
    kind = kind_of(calendar, type_, round_)
    tz = queries.zone_name(queries.pack_of(calendar))
    moment = datetime.combine(day, at, zone(tz)) if at is not None else None
    if standing == "actual":
        happened(kind, day, moment, document, (now or timezone.now()).astimezone(zone(tz)))
    round_ = round_ if kind.repeats == "round" else 0
    old = held_by(calendar, kind, round_, replaces)
    if old is not None and not reason.strip():
        raise NoReason
    before = queries.legal(calendar)
    fact = Fact.objects.create(
        calendar=calendar, type=type_, round=round_, party=party.strip() if kind.repeats == "act" else "",
        standing=standing, day=day, at=moment, document=document.strip(), file=piece, sha256=piece, reason=reason.strip(),
        by=by, replaces=old,
    )
    join(calendar, piece, by)
    bumped(calendar)
    if kind.repeats == "act":
        tie(calendar)
    change = Change(compare(before, queries.legal(calendar)))
    tell(fact, old, change)
    return change


def kind_of(calendar: Calendar, type_: str, round_: int) -> EventType:
    """The event that is recorded, or DL-102."""
    types = queries.book(calendar).events
    kind = types.get(type_)
    beyond = kind is not None and kind.repeats == "round" and not 1 <= round_ <= calendar.rounds
    if kind is None or kind.of != kind.id or kind.derived or beyond:
        raise UnknownEvent(record=type_, field="type", value=type_, known=", ".join(sorted(types)))
    return kind


def happened(kind: EventType, day: date, moment: datetime | None, document: str, here: datetime) -> None:
    """What is said to have happened has a piece, its hour where it needs one, and is not to come: DL-203, DL-205, DL-204."""
    if not document.strip():
        raise NoEvidence(field="document")
    if kind.instant and moment is None:
        raise HourNeeded
    if (moment and moment > here) or day > here.date():
        raise NotYet(day=day)


def held_by(calendar: Calendar, kind: EventType, round_: int, replaces: int | None) -> Fact | None:
    """The fact that stands in its place, which whoever records must have seen: DL-206 where it is another."""
    holding = [
        f
        for f in queries.facts(calendar)
        if f.type == kind.id and f.round == round_ and (kind.repeats != "act" or f.pk == replaces)
    ]
    old = holding[0] if holding else None
    if (old.pk if old else None) != replaces:
        raise Superseded
    return old


def tell(fact: Fact, old: Fact | None, change: Change) -> None:
    """The ledger's lines of a recorded fact and of each deadline that it breaks, and the notices of what it moves."""
    subject = f"calendar:{fact.calendar.code}"
    record(
        by=fact.by,
        kind=kinds.EVENT_CORRECTED if old else kinds.EVENTS[fact.standing],
        subject=subject,
        before={"day": old.day.isoformat(), "at": old.at.isoformat() if old.at else None} if old else None,
        after={
            "event": fact.type, "round": fact.round, "day": fact.day.isoformat(),
            "at": fact.at.isoformat() if fact.at else None, "standing": fact.standing, "document": fact.document,
            "sha256": fact.sha256, "fact": fact.pk, "moved": len(change.moved),
        },
        reason=fact.reason,
    )  # fmt: skip
    alerts.tell_moved(fact.calendar, change.moved)
    for broken in change.broken:
        assert broken.after is not None
        line = broken.after
        record(
            by=fact.by, kind=kinds.DEADLINE_BREACHED, subject=subject,
            after={"line": broken.key, "law": line.norm.law, "article": line.norm.article, "days": line.check.days},
        )  # fmt: skip


@transaction.atomic
def withdraw_fact(*, fact_id: int, reason: str, by: Person) -> None:
    """Take back an event recorded by mistake; the row stays in the history."""
    require(by, "deadlines.record")
    if not reason.strip():
        raise NoReason
    fact = Fact.objects.select_for_update().select_related("calendar").get(pk=fact_id)
    if fact.withdrawn or Fact.objects.filter(replaces=fact).exists():
        raise Superseded
    before = queries.legal(fact.calendar)
    fact.withdrawn = True
    fact.save(update_fields=["withdrawn"])
    calendar = locked(fact.calendar)
    bumped(calendar)
    alerts.tell_moved(calendar, compare(before, queries.legal(calendar)))
    record(
        by=by,
        kind=kinds.EVENT_WITHDRAWN,
        subject=f"calendar:{fact.calendar.code}",
        before={"event": fact.type, "round": fact.round, "day": fact.day.isoformat(), "fact": fact.pk},
        reason=reason,
    )


@transaction.atomic
def bind_texts(*, calendar: Calendar, law_date: date | None, reason: str, by: Person) -> Change:
    """Read the texts as of one day (None: as of each event), and say what that moves."""
    require(by, "deadlines.record")
    if not reason.strip():
        raise NoReason
    calendar = locked(calendar)
    before, old = queries.legal(calendar), calendar.law_date
    calendar.law_date = law_date
    calendar.revision += 1
    calendar.save(update_fields=["law_date", "revision"])
    change = Change(compare(before, queries.legal(calendar)))
    record(
        by=by,
        kind=kinds.CALENDAR_TEXTS,
        subject=f"calendar:{calendar.code}",
        before={"law_date": old.isoformat() if old else None},
        after={"law_date": law_date.isoformat() if law_date else None, "moved": len(change.moved)},
        reason=reason,
    )
    tie(calendar)
    alerts.tell_moved(calendar, change.moved)
    return change


@transaction.atomic
def publish_calendar(*, calendar: Calendar, public: bool, reason: str, by: Person) -> None:
    """Show the calendar to everybody, or take it back; the reason is kept."""
    require(by, "deadlines.record")
    if not reason.strip():
        raise NoReason
    calendar = locked(calendar)
    calendar.published_at = timezone.now() if public else None
    calendar.save(update_fields=["published_at"])
    record(
        by=by,
        kind=kinds.CALENDAR_PUBLISHED if public else kinds.CALENDAR_RECALLED,
        subject=f"calendar:{calendar.code}",
        reason=reason,
    )


# --- assumptions, followers ---------------------------------------------------------------
@transaction.atomic
def assume(
    *, calendar: Calendar, start: str, end: str, least: int | None, most: int | None, reason: str, by: Person
) -> Assumption:
    """Add a working length (days) between two events, for feasibility; it never becomes a duty."""
    require(by, "deadlines.record")
    if not reason.strip():
        raise NoReason
    made = Assumption.objects.create(
        calendar=calendar, start=start, end=end, least=least, most=most, reason=reason.strip(), by=by
    )
    record(
        by=by,
        kind=kinds.ASSUMPTION_MADE,
        subject=f"calendar:{calendar.code}",
        after={"start": start, "end": end, "least": least, "most": most},
        reason=reason,
    )
    return made


@transaction.atomic
def drop_assumption(*, assumption_id: int, by: Person) -> None:
    require(by, "deadlines.record")
    row = Assumption.objects.select_related("calendar").get(pk=assumption_id, ended_at__isnull=True)
    states.write(
        row, ASSUMPTION, Force.ENDED, lifecycle.Act(by=by.pk, right="deadlines.record"), ended_at=timezone.now(),
        tells=lambda: record(
            by=by, kind=kinds.ASSUMPTION_DROPPED, subject=f"calendar:{row.calendar.code}",
            before={"start": row.start, "end": row.end, "least": row.least, "most": row.most},
        ),
    )  # fmt: skip


@transaction.atomic
def follow(*, calendar: Calendar, actor: str, by_mail: bool, by: Person) -> None:
    """Ask for the alerts of a calendar; again: change the wish."""
    Following.objects.update_or_create(
        calendar=calendar, person=by, defaults={"actor": actor.strip()[:120], "by_mail": by_mail}
    )


@transaction.atomic
def unfollow(*, calendar: Calendar, by: Person) -> None:
    Following.objects.filter(calendar=calendar, person=by).delete()
