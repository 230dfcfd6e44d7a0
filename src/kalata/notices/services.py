"""Telling, reading, doing, going up. Rooms call `tell` and `settle` in the transaction of what they tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from kalata.ledger.services import record
from kalata.notices import kinds, queries
from kalata.notices.models import Notice, Preference, Receipt
from kalata.notices.rules.refusals import NothingToDo, NotYourDesk
from kalata.notices.rules.topics import TOPICS, Desk, Topic, always_told, may_be_done, topic_of
from kalata.people.models import Person
from kalata.text import Message


@transaction.atomic
def tell(
    topic: Topic,
    said: Message,
    *,
    once: str,
    subject: str,
    href: str,
    to: Sequence[Person] = (),
    desk: Desk | None = None,
    due: datetime | None = None,
    by_mail: Iterable[int] | None = None,
    at: datetime | None = None,
) -> int:
    """Tell persons by name, or whoever holds a desk. Returns how many had not been told this before.

    once: the key of what is told; a person is told it a single time. by_mail: who of them by mail too (None: all).
    A desk that nobody holds keeps the notice for its next holder.
    """
    if TOPICS.get(topic.code) is not topic:
        raise TypeError(f"{topic.code} is not declared")
    now = at or timezone.now()
    place = desk or Desk("")
    notice, _made = Notice.objects.get_or_create(
        once=once[:300],
        defaults={
            "topic": topic.code, "subject": subject[:250], "href": href, "at": now, "due": due,
            "text_fr": said.text("fr")[:500], "text_en": said.text("en")[:500],
            "right": place.right, "place": list(place.place), "contest_id": place.contest,
            "escalate_at": topic.escalates(now),
        },
    )  # fmt: skip
    persons = [*to, *(queries.holders(desk) if desk else ())]
    why = Receipt.DESK if desk else Receipt.NAMED
    return hand(notice, persons, why, now, by_mail)


def hand(
    notice: Notice, persons: Sequence[Person], why: str, now: datetime, by_mail: Iterable[int] | None = None
) -> int:
    """Put a notice into the hands of those who do not have it. Returns how many."""
    had = set(notice.receipts.values_list("person_id", flat=True))
    letters = None if by_mail is None else set(by_mail)
    new = {p.pk: p for p in persons if p.pk not in had}
    Receipt.objects.bulk_create(
        [
            Receipt(notice=notice, person=p, why=why, at=now, by_mail=letters is None or p.pk in letters)
            for p in new.values()
        ],
        ignore_conflicts=True,
    )
    return len(new)


def read(person: Person, ids: Sequence[int] | None = None) -> int:
    """Mark one's notices as read: these, or all of them."""
    found = Receipt.objects.filter(person=person, read_at=None)
    return (found.filter(pk__in=ids) if ids is not None else found).update(read_at=timezone.now())


def read_pinned(person: Person) -> int:
    """Mark as read what stands on every page of a person."""
    found = Receipt.objects.filter(person=person, read_at=None, notice__topic__in=always_told())
    return found.update(read_at=timezone.now())


@transaction.atomic
def done(person: Person, receipt_id: int) -> Notice:
    """Say that what a notice asks is done: for everybody who has it. NTC-101 where it asks nothing, or no more;
    NTC-102 of a desk that one has left."""
    receipt = Receipt.objects.select_related("notice", "person").get(pk=receipt_id, person=person)
    if not queries.still_holds(receipt):
        raise NotYourDesk
    notice = Notice.objects.select_for_update().get(pk=receipt.notice_id)
    topic = topic_of(notice.topic)
    if not may_be_done(task=topic.task, settles=topic.settles, done=notice.done_at is not None):
        raise NothingToDo
    notice.done_at, notice.done_by = timezone.now(), person
    notice.save(update_fields=["done_at", "done_by"])
    read(person, [receipt.pk])
    record(by=person, kind=kinds.DONE, subject=f"notice:{notice.pk}", after={"subject": notice.subject})
    return notice


def settle(keys: Iterable[str]) -> int:
    """What these notices asked for is done, by an act of their own room that tells it. Returns how many were open."""
    return Notice.objects.filter(once__in=list(keys), done_at=None).update(done_at=timezone.now())


def open_keys(prefix: str) -> list[str]:
    """Keys that begin so, of what is not done yet."""
    return list(Notice.objects.filter(once__startswith=prefix, done_at=None).values_list("once", flat=True))


@transaction.atomic
def choose_mail(person: Person, mail: str) -> None:
    """Keep how a person takes notices by mail."""
    Preference.objects.update_or_create(person=person, defaults={"mail": mail})


def newcomers() -> int:
    """Give what waits at a desk to those who hold it since. Returns how many receipts were made; bears repetition."""
    now = timezone.now()
    return sum(hand(n, queries.holders(queries.desk_of(n)), Receipt.DESK, now) for n in queries.open_desks().iterator())


def escalate(now: datetime | None = None) -> int:
    """Tell those who stand above what was left undone past its hour. Returns how many notices went up.

    Where nobody stands above, the notice stays and is tried again: it is not called told.
    """
    now = now or timezone.now()
    gone = 0
    for key in Notice.objects.filter(escalate_at__lte=now, escalated_at=None, done_at=None).values_list(
        "pk", flat=True
    ):
        with transaction.atomic():
            notice = Notice.objects.select_for_update().get(pk=key)
            if notice.done_at is not None or notice.escalated_at is not None:
                continue
            above = topic_of(notice.topic).above
            persons = queries.holders(Desk(above, tuple(notice.place), notice.contest_id))
            if not persons:
                continue
            hand(notice, persons, Receipt.ABOVE, now)
            notice.receipts.filter(person__in=persons).update(read_at=None)
            notice.escalated_at = now
            notice.save(update_fields=["escalated_at"])
            record(
                by=None, kind=kinds.ESCALATED, subject=f"notice:{notice.pk}",
                after={"subject": notice.subject, "right": above, "persons": len(persons)},
            )  # fmt: skip
            gone += 1
    return gone


def turn() -> int:
    """What the house does each minute: newcomers to a desk, what goes up."""
    return newcomers() + escalate()
