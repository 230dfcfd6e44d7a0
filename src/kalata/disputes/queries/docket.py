"""The docket: the cases of the Court that this person may read, as the sheets list them; and the figures above them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from kalata.disputes.models import CaseSheet, Petition
from kalata.disputes.queries.cases import READS, contests_of
from kalata.disputes.rules.steps import DECIDED, State
from kalata.disputes.rules.triage import SILENCE, Urgency
from kalata.people.queries import rights_of
from kalata.text import fold

INSTRUCTED = (State.SERVED, State.INSTRUCTION, State.READY, State.HEARING)
DELIBERATED = (State.DELIBERATION, State.DRAFTED, State.GATE)


def docket(person: Any) -> QuerySet[Petition]:
    """Every received case of the contests of this person's mandate; nothing for who reads no case."""
    if not rights_of(person) & set(READS):
        return Petition.objects.none()
    found = Petition.objects.filter(contests_of(person, *READS)).exclude(state=State.DRAFT)
    return found.select_related("sheet", "contest", "lead").defer("text", "said", "lead__text", "lead__said")


def narrowed(
    found: QuerySet[Petition], *, q: str = "", state: str = "", verdict: str = "", near: str = "", contest: int | None = None,
    flag: str = "", ceiling: str = "", now: datetime | None = None,
) -> QuerySet[Petition]:  # fmt: skip
    """The docket as its filters ask. near: by time left; flag: unserved, silent, joined, twins, queue."""
    now = now or timezone.now()
    for word in fold(q).split():
        found = found.filter(sheet__folded__contains=word)
    if state:
        found = found.filter(state=state)
    if verdict:
        found = found.filter(sheet__verdict=verdict)
    if contest:
        found = found.filter(contest=contest)
    if ceiling:
        found = found.filter(sheet__ceiling=ceiling)
    if near:
        found = found.filter(near_of(near, now))
    if flag == "unserved":
        found = found.filter(sheet__unserved__gt=0)
    elif flag == "silent":
        quiet = Q(sheet__open=True, sheet__last_act_at__lt=now - SILENCE)
        found = found.filter(quiet).exclude(state__in=[State.STAYED, State.JOINED])
    elif flag == "joined":
        found = found.filter(Q(lead__isnull=False) | Q(joined__isnull=False)).distinct()
    elif flag == "twins":
        found = found.filter(twins__answer=None, twins__isnull=False).distinct()
    elif flag == "queue":
        found = found.filter(receipt__since__isnull=False)
    return found


def near_of(near: str, now: datetime) -> Q:
    at = "sheet__next_at"
    if near == Urgency.NONE:
        return Q(**{f"{at}__isnull": True})
    if near == Urgency.PAST:
        return Q(**{f"{at}__lte": now})
    if near == Urgency.HOURS:
        return Q(**{f"{at}__gt": now, f"{at}__lte": now + timedelta(hours=4)})
    if near == Urgency.DAY:
        return Q(**{f"{at}__gt": now, f"{at}__lte": now + timedelta(days=1)})
    return Q(**{f"{at}__gt": now + timedelta(days=1)})


def figures(person: Any, now: datetime | None = None) -> dict[str, int]:
    """The four figures above the docket, in one query."""
    now = now or timezone.now()
    seen = docket(person).order_by().values("pk")
    rows = CaseSheet.objects.filter(petition__in=seen)
    state = "petition__state__in"
    return rows.aggregate(
        all=Count("pk"),
        instructed=Count("pk", filter=Q(**{state: INSTRUCTED})),
        today=Count("pk", filter=Q(**{state: INSTRUCTED}, next_at__gt=now, next_at__lte=now + timedelta(days=1))),
        deliberated=Count("pk", filter=Q(**{state: DELIBERATED})),
        late=Count("pk", filter=Q(verdict="late", open=True)),
        unsettled=Count("pk", filter=Q(verdict="undetermined", open=True)),
        judged=Count("pk", filter=Q(**{state: DECIDED})),
        told=Count("pk", filter=Q(petition__state__in=[State.NOTIFIED, State.PUBLISHED, State.APPLIED, State.CLOSED])),
        silent=Count(
            "pk", filter=Q(open=True, last_act_at__lt=now - SILENCE) & ~Q(petition__state__in=["stayed", "joined"])
        ),
    )


def case_of(person: Any, number: str) -> Petition:
    """One case of the docket, by its number; Petition.DoesNotExist where this person may not read it."""
    return docket(person).select_related("contest__election__pack", "unit", "counter", "receipt", "appeal_of__office", "appeal_of__first_ruling").annotate(
        revision=F("sheet__revision")
    ).get(number=number)  # fmt: skip
