"""Every kept file is read again in turn: one that changed or went is said on screen, in the ledger, by `kalata check`.

A disk forgets in silence; a fingerprint does not. What is repaired from a backup is found sound at its next turn.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from kalata.evidence import kinds, queries, services, store, topics
from kalata.evidence.back import back
from kalata.evidence.models import Content
from kalata.ledger.models import Machine
from kalata.ledger.services import record
from kalata.notices import services as notices
from kalata.notices.rules.topics import Desk
from kalata.stopping import going
from kalata.text import Message
from kalata.text import gettext_noop as _

AT_ONCE = 64 * 2**20
"""Bytes read in one turn: a minute apart, about 90 GiB a day."""
ROWS = 400
GRACE_S = 86_400
KEEPERS = Desk("people.manage")
"""Who is told of a file that changed: those who run the house; after some hours, those who read the ledger."""
TOLD = _("Une pièce gardée (%(sha)s) %(fault)s : ne vous y fiez pas, et faites-la reprendre d’une sauvegarde.")
FAULTS = {"missing": _("manque"), "altered": _("a changé")}
ALARM = _(
    "%(n)d {n:pièce gardée manque ou a changé|pièces gardées manquent ou ont changé}, dont %(sha)s : ne vous y fiez pas. Prévenez l’exploitation (« kalata check »)."
)

AWAY = _(
    "Depuis %(machine)s, le magasin des pièces ne répond pas (%(why)s) : aucune pièce n’est reçue. Prévenez l’exploitation (« kalata check »)."
)


def fault_of(content: Content) -> str:
    """What is wrong with a content where it is for good: "missing", "altered", or "" where it is as it was kept."""
    return store.fault(content.sha256, content.place)


def turn(most: int = AT_ONCE) -> int:
    """Read again the contents read longest ago, up to `most` bytes. Returns how many are wrong."""
    now = time.time()
    store.sweep(now)
    store.lighten(now, settings.STORE_HERE * 2**20)
    store.sweep_owed(lambda sha256: Content.objects.filter(sha256=sha256).exists(), now)
    finish_destroyed(now)
    rows = Content.objects.filter(destroyed_at=None).order_by(F("checked_at").asc(nulls_first=True), "pk")
    wrong = read = 0
    for content in going(rows[:ROWS]):
        wrong += bool(looked_at(content))
        read += content.size
        if read >= most:
            break
    return wrong


def looked_at(content: Content) -> str:
    """Read one content again and keep what was found; the ledger tells each change for the worse or the better."""
    fault = fault_of(content)
    now = timezone.now()
    with transaction.atomic():
        content = Content.objects.select_for_update().get(pk=content.pk)
        if content.destroyed_at is not None:
            return ""
        was, content.checked_at = content.fault, now
        content.fault, content.fault_at = fault, (content.fault_at or now) if fault else None
        content.save(update_fields=["checked_at", "fault", "fault_at"])
        if fault != was:
            record(
                by=None, kind=kinds.EVIDENCE_DAMAGED if fault else kinds.EVIDENCE_SOUND, subject=f"content:{content.sha256}",
                before={"fault": was}, after={"fault": fault, "records": queries.held_by(content)[:20]},
            )  # fmt: skip
            tell(content, was)
    return fault


def tell(content: Content, was: str) -> None:
    """The keepers of the house learn a damage once, each time it appears; it is done when the file is sound again."""
    key = f"evidence:{content.sha256}:"
    if not content.fault:
        notices.settle(notices.open_keys(key))
    elif not was:
        values = {"sha": content.sha256[:12], "fault": Message(FAULTS[content.fault])}
        assert content.fault_at is not None
        notices.tell(
            topics.DAMAGED, Message(TOLD, values), once=f"{key}{content.fault_at:%Y%m%dT%H%M%S%f}",
            subject=f"content:{content.sha256}", href=reverse("ledger:list"), desk=KEEPERS,
        )  # fmt: skip


def finish_destroyed(now_s: float) -> None:
    """A file let go whose deletion the power cut short goes now."""
    before, now = int((now_s - GRACE_S) * 1e9), timezone.now()
    rows = Content.objects.exclude(destroyed_at=None).order_by("-destroyed_at")
    if back() is None:
        for content in rows[:ROWS]:
            if store.here(content.sha256, content.place) is not None:
                store.take_away(content.sha256, content.place, before)
        return
    for content in rows.filter(Q(checked_at=None) | Q(checked_at__lt=F("destroyed_at") + timedelta(seconds=GRACE_S)))[
        :ROWS
    ]:
        if services.gone(content.pk, before):
            Content.objects.filter(pk=content.pk).exclude(destroyed_at=None).update(checked_at=now)


def alarms() -> Iterable[tuple[str, Message]]:
    """What every staff page says while a kept file is wrong."""
    for machine in Machine.objects.filter(stopped=False):
        if why := machine.state.get("store"):
            yield "store", Message(AWAY, {"machine": machine.name, "why": str(why)})
    if first := queries.damaged().order_by("fault_at").first():
        yield "evidence", Message(ALARM, {"n": queries.damaged().count(), "sha": first.sha256[:12]})


def checked(most: int) -> tuple[bool, str]:
    """The line of `kalata check`: every content is there, and as many as `most` bytes allow are read again."""
    rows = Content.objects.filter(destroyed_at=None).order_by(F("checked_at").asc(nulls_first=True), "pk")
    there = store.present()
    missing = [c.sha256 for c in rows.iterator() if not there(c.sha256, c.place)]
    wrong, read, count = list(missing), 0, 0
    for content in rows.exclude(sha256__in=missing[:500]).iterator():
        if read >= most:
            break
        if fault_of(content):
            wrong.append(content.sha256)
        read, count = read + content.size, count + 1
    told = f"{rows.count()} pieces, {count} read again"
    return not wrong, f"{told}; wrong: {', '.join(s[:12] for s in wrong[:5])} ({len(wrong)})" if wrong else told
