"""Alerts: what is due or late, said once to each person who follows, and by mail where configured.

The sequencer calls `refresh` every minute. A notice is unique by person, line, limit and distance,
so a restart says nothing twice; a moved limit is a new notice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from kalata.deadlines import queries
from kalata.deadlines.models import Calendar, Following, Notice
from kalata.deadlines.rules.changes import Moved
from kalata.deadlines.rules.lines import Kept, LegalCalendar, Line, State
from kalata.people.models import Person
from kalata.text import Message
from kalata.text import gettext_noop as _

log = logging.getLogger("kalata.deadlines")
LATE = "late"
MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Due:
    """A line whose limit is near or past, at one moment. distance None: past, and not done."""

    calendar: Calendar
    line: Line
    at: datetime
    distance: timedelta

    @property
    def late(self) -> bool:
        return self.distance < timedelta()


def is_duty(line: Line) -> bool:
    return line.state is State.DATED and line.norm.binding and line.limit is not None


def dues(calendar: Calendar, legal: LegalCalendar, now: datetime) -> Iterator[Due]:
    """Every dated duty of a calendar that is not done, with how far it is (negative: past)."""
    for line in legal.lines:
        if not is_duty(line) or legal.done(line) or line.limit is None:
            continue
        yield Due(calendar, line, line.limit.bound, line.limit.bound - now)


def late(calendar: Calendar, legal: LegalCalendar, now: datetime) -> list[Due]:
    """Duties with an event to record whose limit has passed unseen. Others end by themselves."""
    return [d for d in dues(calendar, legal, now) if d.late and d.line.awaits_record]


def coming(calendar: Calendar, legal: LegalCalendar, now: datetime, days: int = 7) -> list[Due]:
    return [d for d in dues(calendar, legal, now) if not d.late and d.distance <= timedelta(days=days)]


def sentence(due: Due, hours: int | None) -> Message:
    line, limit = due.line, due.line.limit
    assert limit is not None
    values: dict[str, object] = {"what": line.norm.what, "limit": limit.sentence()}
    said = (
        Message(_("Échéance passée sans constat : %(what)s, %(limit)s."), values)
        if hours is None
        else Message(_("Dans moins de %(hours)s : %(what)s, %(limit)s."), {**values, "hours": timedelta(hours=hours)})
    )
    if line.unverified:
        return Message(_("[non vérifié] %(said)s"), {"said": said})
    return said


def recipients(calendar: Calendar) -> list[tuple[Person, str]]:
    """Who follows a calendar, and for which actor ("" for all)."""
    rows = Following.objects.filter(calendar=calendar, person__is_active=True).select_related("person")
    return [(r.person, r.actor.lower()) for r in rows]


def wanted(due: Due, actor: str) -> bool:
    return not actor or actor in f"{due.line.norm.who} {due.line.norm.to}".lower()


def stage(due: Due, distances: Sequence[int]) -> int | None:
    """The nearest distance (hours) already reached; None: not yet near."""
    reached = [h for h in distances if due.distance <= timedelta(hours=h)]
    return min(reached) if reached else None


def refresh(now: datetime | None = None) -> int:
    """Write the notices that are due at `now` (default: the clock). Returns how many are new."""
    now = now or timezone.now()
    distances = sorted(settings.ALERT_HOURS)
    made: list[Notice] = []
    for calendar in (
        Calendar.objects.select_related("election__pack").defer("election__pack__content").exclude(followers=None)
    ):
        followers = recipients(calendar)
        legal = queries.legal(calendar)
        known = set(Notice.objects.filter(calendar=calendar).values_list("person_id", "line", "kind", "limit"))
        for due, kind, said in said_now(calendar, legal, now, distances):
            assert due.line.limit is not None
            limit = due.line.limit.iso()
            for person, actor in followers:
                if not wanted(due, actor) or (person.pk, due.line.key, kind, limit) in known:
                    continue
                made.append(
                    Notice(
                        person=person,
                        calendar=calendar,
                        line=due.line.key,
                        kind=kind,
                        limit=limit,
                        due=due.at,
                        text_fr=said.text("fr")[:500],
                        text_en=said.text("en")[:500],
                    )
                )
    Notice.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def said_now(
    calendar: Calendar, legal: LegalCalendar, now: datetime, distances: Sequence[int]
) -> Iterator[tuple[Due, str, Message]]:
    for due in dues(calendar, legal, now):
        if due.late:
            if due.line.awaits_record and due.distance > timedelta(days=-30):
                yield due, LATE, sentence(due, None)
            continue
        hours = stage(due, distances)
        if hours is not None:
            yield due, f"{hours}h", sentence(due, hours)


def send_mail(limit: int = 200) -> int:
    """Send the notices of those who asked for mail; nothing where no mail is configured. Returns how many."""
    if settings.EMAIL_BACKEND.endswith("dummy.EmailBackend"):
        return 0
    by_mail = set(Following.objects.filter(by_mail=True).values_list("person_id", "calendar_id"))
    waiting = [
        n
        for n in Notice.objects.filter(mailed_at__isnull=True, made_at__gt=timezone.now() - timedelta(days=2))
        .exclude(person__email="")
        .select_related("person", "calendar")[:limit]
        if (n.person_id, n.calendar_id) in by_mail
    ]
    if not waiting:
        return 0
    sent = 0
    connection = get_connection()
    connection.open()
    for notice in waiting:
        try:
            letter(notice, connection).send()
        except (SMTPRecipientsRefused, ValueError) as problem:  # one bad address never holds up the others
            log.error("mail to one address not sent: %s", type(problem).__name__)
            continue
        except OSError:
            log.exception("mail not sent; the next round tries again")
            break
        Notice.objects.filter(pk=notice.pk).update(mailed_at=timezone.now())
        sent += 1
    connection.close()
    return sent


def letter(notice: Notice, connection: BaseEmailBackend) -> EmailMessage:
    english = notice.person.language == "en"
    text = notice.text_en if english else notice.text_fr
    link = f"{settings.PUBLIC_ADDRESS}/echeances/{notice.calendar.code}/regle/{notice.line}/"
    return EmailMessage(
        subject=("Kalata: deadline" if english else "Kalata : échéance"),
        body=f"{text}\n\n{link}\n",
        to=[notice.person.email],
        connection=connection,
    )


def tell_moved(calendar: Calendar, moved: Sequence[Moved]) -> int:
    """Tell those who follow that dated duties have another date. Returns how many notices."""
    followers = recipients(calendar)
    made = []
    for change in moved:
        line, before = change.after, change.before
        if line is None or before is None or not is_duty(line) or line.limit is None or before.limit == line.limit:
            continue
        values = {"what": line.norm.what, "after": line.limit.sentence()}
        if before.limit is None:
            said = Message(_("Échéance fixée : %(what)s, %(after)s."), values)
        else:
            was = before.limit.sentence()
            said = Message(
                _("Échéance déplacée : %(what)s, %(after)s au lieu du %(before)s."), {**values, "before": was}
            )
        if line.unverified:
            said = Message(_("[non vérifié] %(said)s"), {"said": said})
        due = Due(calendar, line, line.limit.bound, timedelta())
        made += [
            Notice(
                person=person,
                calendar=calendar,
                line=line.key,
                kind=MOVED,
                limit=line.limit.iso(),
                due=due.at,
                text_fr=said.text("fr")[:500],
                text_en=said.text("en")[:500],
            )
            for person, actor in followers
            if wanted(due, actor)
        ]
    Notice.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def breaches(legal: LegalCalendar) -> Iterable[Line]:
    return [line for line in legal.lines if line.check.kept is Kept.BREACHED]


def mark_read(person: Person, ids: Sequence[int] | None = None) -> int:
    """Mark notices as read: these, or all of them."""
    found = Notice.objects.filter(person=person, read_at__isnull=True)
    return (found.filter(pk__in=ids) if ids is not None else found).update(read_at=timezone.now())
