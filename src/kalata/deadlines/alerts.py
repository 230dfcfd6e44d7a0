"""Alerts: what is due or late, told once to each person who follows, through the notification centre.

The sequencer calls `refresh` every minute. A notice is unique by line, limit and distance, so a restart says
nothing twice; a moved limit is a new notice. A duty that was late and is recorded since is done in the centre too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from kalata.deadlines import queries, topics
from kalata.deadlines.models import Calendar, Following
from kalata.deadlines.rules.changes import Moved
from kalata.deadlines.rules.lines import Kept, LegalCalendar, Line, State
from kalata.notices import services as notices
from kalata.notices.queries import told
from kalata.notices.rules.topics import Topic
from kalata.text import Message
from kalata.text import gettext_noop as _

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


def recipients(calendar: Calendar) -> list[Following]:
    """Who follows a calendar."""
    return list(Following.objects.filter(calendar=calendar, person__is_active=True).select_related("person"))


def wanted(due: Due, following: Following) -> bool:
    """True where this duty is of the actor that is followed; no actor: of anybody."""
    actor = following.actor.lower()
    return not actor or actor in f"{due.line.norm.who} {due.line.norm.to}".lower()


def stage(due: Due, distances: Sequence[int]) -> int | None:
    """The nearest distance (hours) already reached; None: not yet near."""
    reached = [h for h in distances if due.distance <= timedelta(hours=h)]
    return min(reached) if reached else None


def prefix_of(calendar: Calendar) -> str:
    return f"deadlines:{calendar.code}:"


def key_of(due: Due, kind: str) -> str:
    """Under which key this alert is told once."""
    assert due.line.limit is not None
    return f"{prefix_of(due.calendar)}{due.line.key}:{kind}:{due.line.limit.iso()}"


def say(due: Due, kind: str, said: Message, followers: Sequence[Following], known: set[tuple[str, int]]) -> int:
    """Tell those of the followers who want it and have not been told. Returns how many."""
    key = key_of(due, kind)
    to = [f for f in followers if wanted(due, f) and (key, f.person_id) not in known]
    if not to:
        return 0
    topic: Topic = {LATE: topics.LATE, MOVED: topics.MOVED}.get(kind, topics.NEAR)
    return notices.tell(
        topic, said, once=key, subject=f"calendar:{due.calendar.code}", due=due.at, to=[f.person for f in to],
        href=reverse("deadlines:rule", args=[due.calendar.code, due.line.key]),
        by_mail=[f.person_id for f in to if f.by_mail],
    )  # fmt: skip


def refresh(now: datetime | None = None) -> int:
    """Tell what is due at `now` (default: the clock). Returns how many persons learn something new."""
    now = now or timezone.now()
    distances = sorted(settings.ALERT_HOURS)
    made = 0
    for calendar in (
        Calendar.objects.select_related("election__pack").defer("election__pack__content").exclude(followers=None)
    ):
        followers = recipients(calendar)
        legal = queries.legal(calendar)
        known = told(prefix_of(calendar))
        late_now = set()
        for due, kind, said in said_now(calendar, legal, now, distances):
            made += say(due, kind, said, followers, known)
            if kind == LATE:
                late_now.add(key_of(due, kind))
        open_late = [key for key in notices.open_keys(prefix_of(calendar)) if f":{LATE}:" in key]
        notices.settle(key for key in open_late if key not in late_now)
    return made


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


def tell_moved(calendar: Calendar, moved: Sequence[Moved]) -> int:
    """Tell those who follow that dated duties have another date. Returns how many learn something."""
    followers = recipients(calendar)
    known = told(prefix_of(calendar))
    made = 0
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
        made += say(due, MOVED, said, followers, known)
    return made


def breaches(legal: LegalCalendar) -> Iterable[Line]:
    return [line for line in legal.lines if line.check.kept is Kept.BREACHED]
