"""Calendars, their deadlines, events and derogations, as a search finds them and as they rest on the law."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from kalata.chain import services as chain
from kalata.chain.about import About, Link, Told, plain
from kalata.chain.rules.verbs import Verb
from kalata.chain.services import Rests, Row
from kalata.deadlines import queries
from kalata.deadlines.models import Calendar, Fact, Override
from kalata.people.queries import may


def events_seen(person: Any) -> QuerySet[Fact]:
    """Who records events reads them and their pieces, of the calendars that they see."""
    if not may(person, "deadlines.record"):
        return Fact.objects.none()
    return Fact.objects.filter(calendar__in=queries.calendars(person).order_by().values("pk"))


def derogations_seen(person: Any) -> QuerySet[Override]:
    return Override.objects.all() if queries.may_see_drafts(person) else Override.objects.none()


OF_CALENDAR = Link(verb=Verb.PART_OF, kind="calendar", path="calendar_id")
CALENDAR = About(
    seen=queries.calendars,
    title=lambda one: plain(f"{one.code} ({one.election.name_fr})"),
    page=lambda one: reverse("deadlines:calendar", args=[one.code]),
    words=lambda one: (one.family, one.election.code),
    links=(Link(verb=Verb.MADE_UNDER, kind="pack", path="election__pack_id"),),
    subject="code",
    along=("election",),
)
EVENT = About(
    seen=events_seen,
    title=lambda one: plain(f"{one.type}, {one.day:%d/%m/%Y}"),
    page=lambda one: reverse("deadlines:events", args=[one.calendar.code]),
    words=lambda one: (one.document, one.sha256[:16]),
    links=(OF_CALENDAR, Link(verb=Verb.REPLACES, kind="event", path="replaces_id")),
    along=("calendar",),
)
DEROGATION = About(
    seen=derogations_seen,
    title=lambda one: plain(f"{one.norm}, {one.document}"),
    page=lambda one: reverse("deadlines:derogations", args=[one.calendar.code]),
    words=lambda one: (one.authority,),
    links=(OF_CALENDAR, Link(verb=Verb.ABOUT, kind="norm", up=lambda one: [one.norm], down=lambda rows, key: rows.filter(norm=key))),
    along=("calendar",),
)  # fmt: skip


def lines_of(calendar: Calendar) -> Iterator[tuple[Row, str]]:
    """(a deadline of a calendar as it is indexed, the norm that it applies). One line a norm and round."""
    for line in queries.legal(calendar).lines:
        key = f"{calendar.code}/{line.key}"
        what = line.norm.what
        yield Row(
            key, f"{calendar.pk:06} {line.key}", f"{what.fr} ({calendar.code})", f"{what.en} ({calendar.code})",
            (line.norm.article, line.norm.id), reverse("deadlines:rule", args=[calendar.code, line.key]), calendar.pk,
        ), line.norm.id  # fmt: skip


def deadlines() -> Iterator[Row]:
    for calendar in Calendar.objects.select_related("election__pack"):
        yield from (row for row, _norm in lines_of(calendar))


def tie(calendar: Calendar) -> None:
    """Write, in the transaction of the act that makes them, which norm each deadline of a calendar applies."""
    found = list(lines_of(calendar))
    chain.rest(Rests(("deadline", row.key), Verb.APPLIES, ("norm", norm)) for row, norm in found)
    chain.keep_told("deadline", [row for row, _norm in found])
    chain.keep("calendar", [calendar.pk])


def every_link() -> Iterator[Rests]:
    for calendar in Calendar.objects.select_related("election__pack"):
        yield from (Rests(("deadline", row.key), Verb.APPLIES, ("norm", norm)) for row, norm in lines_of(calendar))


DEADLINE = Told(
    entries=deadlines, edges=every_link, within="calendar",
    links=(
        Link(
            verb=Verb.PART_OF, kind="calendar", up=lambda entry: [entry.number],
            down=lambda rows, key: rows.filter(number=key),
        ),
    ),
)  # fmt: skip
