"""Alerts of cases: 48, 24, 4 and 1 hours before each limit, on its earliest reading; what is past; what nobody touches.

A notice is unique by clock, limit and distance: told once, whatever is restarted. It goes to the registry, to the party
whose clock it is, to the liaison for a measure.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from kalata.deadlines.rules.moments import Deadline, parse_deadline
from kalata.disputes import topics
from kalata.disputes.models import CaseSheet, Clock, CustodyEvent, CustodyRoot
from kalata.disputes.queries.offices import keepers
from kalata.disputes.queries.texts import zone_of
from kalata.disputes.rules import service as rules
from kalata.disputes.rules import triage
from kalata.disputes.rules.steps import LIAISON, REGISTRY, State
from kalata.disputes.services.sheets import facts_of
from kalata.disputes.services.steps import subject_of
from kalata.notices import services as notices
from kalata.notices.rules.topics import Desk
from kalata.text import Message
from kalata.text import gettext_noop as _

SAID = _("Dans moins de %(hours)s : %(what)s, affaire %(case)s, %(limit)s.")
PAST = _("Échéance passée : %(what)s, affaire %(case)s, %(limit)s.")


def refresh(now: datetime | None = None) -> int:
    """Tell what is near, past or left alone at `now`. Returns how many persons learn something. Bears repetition."""
    now = now or timezone.now()
    return near(now) + silent(now) + unstamped(now)


def near(now: datetime) -> int:
    running = Clock.objects.filter(met_at=None, stopped_at=None, bound__lte=now + timedelta(hours=72)).exclude(
        bound=None
    )
    made = 0
    late_now = set()
    for clock in running.select_related("petition__contest__election__pack", "petition__office__unit", "party__account"):
        limit = earliest(clock)
        hours = rules.alert(limit, now)
        if hours is None and limit.bound > now:
            continue
        kind = "late" if hours is None else f"{hours}h"
        key = f"disputes:clock:{clock.pk}:{kind}:{limit.iso()}"
        if kind == "late":
            late_now.add(key)
        made += said(clock, limit, hours, key)
    notices.settle(k for k in notices.open_keys("disputes:clock:") if ":late:" in k and k not in late_now)
    return made


def earliest(clock: Clock) -> Deadline:
    """The limit that is safe: the first of its readings, or the one that an act decides."""
    tz = zone_of(clock.petition.contest)
    decided = [r for r in clock.readings if r.get("rule") == rules.OVERRIDE]
    found = [parse_deadline(str(r["deadline"]), tz) for r in decided or clock.readings if r.get("deadline")]
    return min(found, key=lambda d: d.bound) if found else parse_deadline(clock.limit, tz)


def said(clock: Clock, limit: Deadline, hours: int | None, key: str) -> int:
    petition = clock.petition
    values: dict[str, object] = {
        "what": Message(rules.CLOCK_LABELS[clock.kind]), "case": petition.number, "limit": limit.sentence(),
    }  # fmt: skip
    words = Message(PAST, values) if hours is None else Message(SAID, {**values, "hours": timedelta(hours=hours)})
    topic = topics.LATE if hours is None else topics.NEAR
    right = LIAISON if clock.kind == "measure" else REGISTRY
    if petition.office is not None:
        return notices.tell(
            topic, words, once=key, subject=subject_of(petition), due=limit.bound, href=reverse("disputes:first_case", args=[petition.number]),
            to=keepers(petition.office, petition.contest_id),
        )  # fmt: skip
    told = notices.tell(
        topic, words, once=key, subject=subject_of(petition), due=limit.bound,
        href=reverse("disputes:measures") if right == LIAISON else reverse("disputes:case", args=[petition.number]),
        desk=Desk(right, (), petition.contest_id),
    )  # fmt: skip
    if clock.party is not None and clock.party.account is not None and hours is not None:
        told += notices.tell(
            topics.PARTY, words, once=f"{key}:party", subject=subject_of(petition), due=limit.bound,
            href=reverse("disputes:my_case", args=[petition.number]), to=[clock.party.account],
        )  # fmt: skip
    return told


def silent(now: datetime) -> int:
    """Cases that nobody has touched for long are told to the registry, and above it when nothing follows."""
    rows = CaseSheet.objects.filter(open=True, last_act_at__lt=now - triage.SILENCE).select_related("petition__contest", "petition__office__unit")
    made = 0
    still = set()
    for sheet in rows.exclude(petition__state__in=[State.STAYED, State.JOINED]):
        words = triage.silence(facts_of(sheet), now)
        if words is None:
            continue
        petition = sheet.petition
        key = f"disputes:silent:{petition.pk}:{sheet.last_act_at:%Y%m%d%H%M%S}"
        still.add(key)
        page = "disputes:case"
        reached: dict[str, Any] = {"desk": Desk(REGISTRY, (), petition.contest_id)}
        if petition.office is not None:
            page, reached = "disputes:first_case", {"to": keepers(petition.office, petition.contest_id)}
        made += notices.tell(
            topics.SILENT, Message(_("Affaire %(case)s : %(said)s"), {"case": petition.number, "said": words}), once=key,
            subject=subject_of(petition), href=reverse(page, args=[petition.number]), **reached,
        )  # fmt: skip
    notices.settle(k for k in notices.open_keys("disputes:silent:") if k not in still)
    return made


ROOT_WITHIN = timedelta(hours=6)
"""After the end of a day (UTC), its root has its time-stamp by then, or somebody is told."""
NO_ROOT = _("La racine des pièces du %(day)s n’est pas horodatée : les clés de la Cour sont fermées, ou l’ouvrier est arrêté.")  # fmt: skip


def unstamped(now: datetime) -> int:
    """The day whose custody has no time-stamped root, hours after its end: a task of the registry until it has."""
    day = (now - ROOT_WITHIN).astimezone(UTC).date() - timedelta(days=1)
    first = CustodyEvent.objects.order_by("at").values_list("at", flat=True).first()
    stamped = CustodyRoot.objects.filter(day=day).exclude(token=None).exists()
    still, made = set(), 0
    if first is not None and first.astimezone(UTC).date() <= day and not stamped:
        key = f"disputes:root:{day}"
        still.add(key)
        made = notices.tell(
            topics.ROOT, Message(NO_ROOT, {"day": day}), once=key, subject="house:court", href=reverse("disputes:registry"),
            desk=Desk(REGISTRY, ()),
        )  # fmt: skip
    notices.settle(k for k in notices.open_keys("disputes:root:") if k not in still)
    return made
