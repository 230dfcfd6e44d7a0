"""Every read of legal time: the calendar of an election as the rules see it, who may see it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from kalata.country.models import PackVersion
from kalata.country.rules.pack import Pack
from kalata.deadlines.holidays import days_off_of
from kalata.deadlines.models import Assumption, Calendar, Fact, Following, Override
from kalata.deadlines.rules.calendar import build
from kalata.deadlines.rules.dayoff import NO_DAYS_OFF, WEEKDAYS, DaysOff
from kalata.deadlines.rules.derogations import Derogates, Derogation
from kalata.deadlines.rules.lawbook import Lawbook, lawbook
from kalata.deadlines.rules.lines import VOTE, Act, EventKey, Given, LegalCalendar, Moment, Standing
from kalata.deadlines.rules.moments import parse_deadline
from kalata.people import queries as people
from kalata.refusals import Refused

FEAST = "feast"
"""Kind of an override that fixes the day of an estimated feast; its `norm` is the feast's name."""


@lru_cache(maxsize=16)
def book_of_sha(sha256: str) -> Lawbook:
    return lawbook(PackVersion.objects.get(sha256=sha256).pack.sections)


def families_of(elections: Iterable[Any]) -> list[str]:
    """Kinds of contest for which some election's pack gives deadlines; a pack of an older shape gives none."""
    found: set[str] = set()
    for sha256 in {e.pack.sha256 for e in elections}:
        with contextlib.suppress(Refused):
            found |= set(book_of_sha(sha256).families())
    return sorted(found)


def pack_of(calendar: Calendar) -> Pack:
    return calendar.election.pack.pack


def book(calendar: Calendar) -> Lawbook:
    """The norms of the pack the election is bound to; read once per version."""
    return book_of_sha(calendar.election.pack.sha256)


def zone_name(pack: Pack) -> str:
    return str(pack.head.get("timezone") or "UTC")


def days_off(pack: Pack, first: int, last: int) -> DaysOff:
    """The holidays of the pack's country over some years; none where the pack names no calendar."""
    record = next(iter(pack.records("days_off")), None)
    if record is None:
        return NO_DAYS_OFF
    rest, raw = record.get("rest") or [], record.get("estimate") or [-1, 2]
    assert isinstance(rest, list) and isinstance(raw, list)
    return days_off_of(
        str(record["country"]), first, last, (int(raw[0]), int(raw[1])), frozenset(WEEKDAYS.index(str(d)) for d in rest)
    )


def calendars(person: Any) -> QuerySet[Calendar]:
    """Published calendars for everybody; drafts for those who hold a right on legal time or on results."""
    found = Calendar.objects.select_related("election__pack", "election__geography").defer(
        "election__pack__content", "election__geography__outlines"
    )
    return found if may_see_drafts(person) else found.filter(published_at__isnull=False)


DRAFTS = ("deadlines.record", "deadlines.derogate", "results.read", "ledger.read")
"""National rights that show a calendar before it is public."""


def may_see_drafts(person: Any) -> bool:
    return any(people.may(person, right) for right in DRAFTS)


def facts(calendar: Calendar) -> list[Fact]:
    """The facts that hold: nothing replaces them and they were not withdrawn."""
    return list(calendar.facts.filter(replaced_by__isnull=True, withdrawn=False).select_related("by"))


def history(calendar: Calendar, type_: str = "") -> QuerySet[Fact]:
    found = calendar.facts.select_related("by", "replaces").order_by("-pk")
    return found.filter(type=type_) if type_ else found


def overrides(calendar: Calendar) -> QuerySet[Override]:
    return calendar.overrides.select_related("asked_by", "approved_by")


def assumptions(calendar: Calendar) -> QuerySet[Assumption]:
    return calendar.assumptions.filter(ended_at__isnull=True).select_related("by")


def moment_of(fact: Fact) -> date | datetime:
    return fact.at or fact.day


def derogation_of(row: Override, tz: str) -> Derogation:
    return Derogation(
        norm=row.norm,
        round=row.round,
        kind=Derogates(row.kind),
        authority=row.authority,
        document=row.document,
        decided=row.decided,
        reason=row.reason,
        rank=row.rank,
        value=parse_deadline(row.value, tz) if row.value else None,
        first=row.first,
        last=row.last,
    )


def given(
    calendar: Calendar,
    *,
    rows: Iterable[Fact] | None = None,
    acts_too: bool = True,
    extra: dict[EventKey, Moment] | None = None,
    law_date: date | None = None,
) -> Given:
    """What is known of a calendar, as the rules take it. extra: events put in their place (what if)."""
    pack, tz = pack_of(calendar), zone_name(pack_of(calendar))
    types = book(calendar).events
    events: dict[EventKey, Moment] = {}
    acts: list[Act] = []
    for fact in facts(calendar) if rows is None else rows:
        moment = moment_of(fact)
        kind = types.get(fact.type)
        if kind and kind.repeats == "act":
            acts.append(Act(fact.type, fact.round, fact.party or f"n° {fact.pk}", moment))
        else:
            events[fact.type, fact.round] = Moment(moment, moment, Standing(fact.standing))
    polling = calendar.election.polling_day
    if polling and (VOTE, 1) not in events:
        events[VOTE, 1] = Moment(polling, polling, Standing.PLANNED)
    events |= extra or {}
    vote = events.get((VOTE, 1))
    year = vote.early.year if vote else max((m.early.year for m in events.values()), default=None)
    off = days_off(pack, max(year - 8, 1583), year + 12) if year else NO_DAYS_OFF
    derogations: list[Derogation] = []
    for row in calendar.overrides.filter(ended_at__isnull=True):
        if row.kind == FEAST:
            off = off.decreed(row.norm, date.fromisoformat(row.value[:10]))
        else:
            derogations.append(derogation_of(row, tz))
    return Given(
        rounds=calendar.rounds,
        tz=tz,
        events=events,
        acts=tuple(acts) if acts_too else (),
        derogations=tuple(derogations),
        days_off=off,
        law_date=law_date or calendar.law_date,
        year=year,
    )


def legal(calendar: Calendar, known: Given | None = None) -> LegalCalendar:
    """The calendar computed now from what is recorded: never stored, so never stale."""
    return build(book(calendar), calendar.family, known or given(calendar))


def calendars_of_contest(election_id: int, person: Any) -> QuerySet[Calendar]:
    return calendars(person).filter(Q(election_id=election_id))


def followers(calendar: Calendar) -> int:
    """How many persons asked for its alerts."""
    return Following.objects.filter(calendar=calendar).count()


def following(calendar: Calendar, person: Any) -> Following | None:
    """How this person follows a calendar; None where not at all."""
    return Following.objects.filter(calendar=calendar, person_id=person.pk).first() if person.is_authenticated else None
