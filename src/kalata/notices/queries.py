"""Reads of notices: a person's own, and who holds a desk."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from kalata.notices.models import EACH, Notice, Preference, Receipt
from kalata.notices.rules.topics import TOPICS, Desk, always_told, topic_of
from kalata.people.models import Mandate, Person
from kalata.people.queries import may

UNREAD, TODO, ALL = "unread", "todo", "all"


def mine(person: Any, which: str = ALL) -> QuerySet[Receipt]:
    """The notices of a person, latest first: all, those not read, those that ask for something not done."""
    found = Receipt.objects.filter(person_id=person.pk).select_related("notice", "notice__done_by", "person")
    if which == UNREAD:
        return found.filter(read_at=None)
    if which == TODO:
        return found.filter(notice__done_at=None, notice__topic__in=[t.code for t in TOPICS.values() if t.task])
    return found


def pinned(person: Any) -> list[Notice]:
    """What stands on every page of a person until it is read: the latest ten of one's own account."""
    found = mine(person, UNREAD).filter(notice__topic__in=always_told()).order_by("-pk")
    return [one.notice for one in found[:10]]


def unread_count(person: Any) -> int:
    return mine(person, UNREAD).count()


def mail_of(person: Any) -> str:
    found = Preference.objects.filter(person_id=person.pk).values_list("mail", flat=True).first()
    return found or EACH


def told(prefix: str) -> set[tuple[str, int]]:
    """(key, person) of what was told under keys that begin so."""
    rows = Receipt.objects.filter(notice__once__startswith=prefix)
    return set(rows.values_list("notice__once", "person_id"))


def holders(desk: Desk) -> list[Person]:
    """Persons with an open account who hold the right over the place, for the contest, today."""
    given = Mandate.objects.annotate(words=Cast("rights", TextField())).filter(
        Q(contest=None) | Q(contest_id=desk.contest), revoked_at=None, words__contains=f'"{desk.right}"'
    )
    rows = Person.objects.filter(pk__in=given.values("person_id"), is_active=True).order_by("pk")
    return [p for p in rows if may(p, desk.right, place=desk.place, contest=desk.contest)]


def still_holds(receipt: Receipt) -> bool:
    """True where the person still stands where the notice found him: by name, at the desk, above it."""
    notice = receipt.notice
    right = {Receipt.DESK: notice.right, Receipt.ABOVE: topic_of(notice.topic).above}.get(receipt.why, "")
    return not right or may(receipt.person, right, place=tuple(notice.place), contest=notice.contest_id)


def open_desks() -> QuerySet[Notice]:
    """Notices to a desk that ask for something not done yet."""
    tasks = [t.code for t in TOPICS.values() if t.task]
    return Notice.objects.filter(done_at=None, topic__in=tasks).exclude(right="")


def desk_of(notice: Notice) -> Desk:
    return Desk(notice.right, tuple(notice.place), notice.contest_id)
