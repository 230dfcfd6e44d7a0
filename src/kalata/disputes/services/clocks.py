"""The clocks that a case has from its receipt: one a ground, one for the Court's own decision, each with every reading.

They count from the instant that the receipt says, which nothing moves: neither a review, nor a correction, nor the zone
of the machine, nor the day on which somebody opens the case. What the facts do not allow to count is a clock without
limit, which says so. What is learned later (a date of the calendar) gives another clock beside the one it replaces.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from kalata.deadlines.rules.moments import Verdict, judge, parse_deadline
from kalata.disputes import kinds
from kalata.disputes.models import Clock, Petition
from kalata.disputes.queries.law import facts_of, norms_of
from kalata.disputes.queries.texts import zone_of
from kalata.disputes.rules import deciding, service
from kalata.disputes.rules.facts import facts_from
from kalata.disputes.rules.remedies import Norms
from kalata.disputes.rules.steps import DECIDED, State
from kalata.disputes.services import checking, sheets
from kalata.disputes.services.steps import AFTER, subject_of
from kalata.ledger.services import record
from kalata.refusals import Refused

SLICE = 200
RECOUNTED = "recompté"


@transaction.atomic
def start(petition: Petition) -> None:
    """Start, or count again, what runs from the receipt of a case. Bears repetition; told where something changed."""
    before = dict(petition.clocks.values_list("pk", "stopped_at"))
    checking.clocks_of(petition)
    for ground in petition.grounds.filter(struck=False).exclude(clocks__kind="filing", clocks__stopped_at=None):
        Clock.objects.create(petition=petition, kind="filing", ground=ground, met_at=petition.received_at, at=timezone.now())  # fmt: skip
    deciding_clocks(petition)
    changed = [pk for pk, at in petition.clocks.values_list("pk", "stopped_at") if at != before.get(pk, "")]
    if changed:
        tell(petition, changed)


def tell(petition: Petition, changed: list[int]) -> None:
    """The house's own act: these clocks were counted, or met."""
    rows = [Clock.objects.filter(pk__in=changed)]
    record(by=None, kind=kinds.CLOCKS_COUNTED, subject=subject_of(petition), after={"clocks": len(changed)}, rows=rows)


def deciding_clocks(petition: Petition) -> None:
    """The limits of the Court on a case. One that an act has decided is left as the act says."""
    if petition.state in DECIDED or petition.received_at is None:
        return
    norms = norms_of(petition.contest)
    try:
        found = deciding.limits_of(facts_from(facts_of(petition), norms), norms)
    except Refused:
        return
    here = {c.about: c for c in petition.clocks.filter(kind="decision", stopped_at=None)}
    for one in found:
        old, fresh = here.get(one.limit), columns(one, norms)
        if old is not None and (old.override or old.readings == fresh["readings"]):
            continue
        if old is not None:
            old.stopped_at, old.stopped_why = timezone.now(), RECOUNTED
            old.save(update_fields=["stopped_at", "stopped_why"])
        Clock.objects.create(petition=petition, kind="decision", started_at=petition.received_at, at=timezone.now(), **fresh)  # fmt: skip


def columns(one: deciding.Deciding, norms: Norms) -> dict[str, Any]:
    said = norms.limits.get(one.limit, {})
    default = one.default
    readings = []
    for read in one.readings:
        kept = {k: v for k, v in read.record().items() if k != "filed"}
        readings.append(kept | {"consequence": str(said.get("consequence") or "")})
    return {
        "about": one.limit, "limit": default.deadline.iso() if default else "", "bound": default.deadline.bound if default else None,
        "readings": readings, "article": f"{said.get('law') or ''} {said.get('article') or ''}".strip()[:200],
        "confidence": str(said.get("confidence") or "")[:60],
    }  # fmt: skip


def decided(petition: Petition) -> None:
    """After each step: once it is signed, the Court's own clocks are met, each held against its readings."""
    if petition.state != State.SIGNED:
        return
    now, tz, met = timezone.now(), zone_of(petition.contest), []
    for clock in petition.clocks.filter(kind="decision", met_at=None, stopped_at=None):
        clock.met_at, clock.verdict = now, verdict_of(clock, now, tz)
        clock.save(update_fields=["met_at", "verdict"])
        met.append(clock.pk)
    if met:
        tell(petition, met)


def verdict_of(clock: Clock, at: datetime, tz: str) -> str:
    """In time or late under every reading, undetermined between; a limit that an act decided counts alone. "" without one."""
    rows = [r for r in clock.readings if r.get("rule") == service.OVERRIDE] or clock.readings
    said = set()
    for row in rows:
        limit = parse_deadline(str(row["deadline"]), tz)
        said.add(judge(at, limit, parse_deadline(str(row.get("latest") or row["deadline"]), tz)).verdict)
    return "" if not said else said.pop().value if len(said) == 1 else Verdict.UNDETERMINED.value


def start_waiting() -> int:
    """Start the clocks of cases that came in a bundle. Returns how many; bears repetition."""
    waiting = Petition.every.filter(clocks=None).exclude(state=State.DRAFT).select_related("contest__election__pack")
    rows = list(waiting.filter(grounds__struck=False).distinct().order_by("received_at")[:SLICE])
    for petition in rows:
        start(petition)
    sheets.refresh(*rows, acted=False)
    return len(rows)


def count_again() -> int:
    """Count every open case again on the calendar as it now is: what it did not know it may know today."""
    cases = Petition.every.exclude(state__in=[State.DRAFT, *DECIDED]).select_related("contest__election__pack")
    changed = []
    for petition in cases.iterator(chunk_size=SLICE):
        last = Clock.objects.order_by("-pk").values_list("pk", flat=True).first()
        start(petition)
        if Clock.objects.filter(pk__gt=last or 0, petition=petition).exists():
            changed.append(petition)
    sheets.refresh(*changed, acted=False)
    return len(changed)


if decided not in AFTER:
    AFTER.append(decided)
