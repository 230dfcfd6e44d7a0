"""Every write of the store: keep a content, join it to a record, change its class, let it go."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from kalata import bounded
from kalata.evidence import decoding, kinds, queries, store
from kalata.evidence.models import Content, Custody
from kalata.evidence.rules.access import Access, NoGround, Step, may_go
from kalata.ledger.services import record
from kalata.people.models import Person


def keep(
    content: bytes | Iterable[bytes], *, name: str, by: Person | None, most: int,
    kinds: Sequence[str] = decoding.PIECES, quiet: bool = False,
) -> Content:  # fmt: skip
    """Keep a file of others byte for byte: bounded, its real type read from its content, decoded whole in a child.

    It is never shown by a browser, only handed out as a file; `.pages` of what is returned says how many were counted.
    quiet: a PDF that acts by itself is refused. Raises: EVD-101 of no kind of `kinds`, EVD-102 heavier than `most`
    bytes, EVD-107 a PDF that acts, RES-422 an image or a PDF that does not decode, EDG-102, EDG-103 from the child.
    """
    found: dict[str, Any] = {}

    def check(part: Path) -> None:
        said = bounded.call(
            "kalata.evidence.decoding:looked", file=name[:80], limits=decoding.DRAWING, path=str(part), name=name[:80], quiet=quiet,
        )  # fmt: skip
        found.update(said)
        if said["media"] not in kinds:
            raise decoding.NotAPiece(file=name[:80], why=said["media"])

    stored = store.put(content, most=most, check=check)
    content_row = received(stored, media=found["media"], name=name, by=by)
    content_row.pages = found["pages"]
    return content_row


def keep_ours(content: bytes | Iterable[bytes], *, media: str) -> Content:
    """Keep bytes that the house wrote itself: a page drawn from a scan, a difference, a signed paper. Cut before its row is
    kept, its file is swept a day later."""
    if isinstance(content, bytes):
        owed = hashlib.sha256(content).hexdigest()
        store.owe(owed)
        transaction.on_commit(lambda: store.paid(owed))
    return known(store.put(content), media=media, ours=True)


def keep_rewritten(content: bytes, *, media: str, name: str, by: Person | None) -> Content:
    """Keep what the house wrote anew from a file of others (a picture from its pixels), and who brought that file."""
    return received(store.put(content), media=media, name=name, by=by, ours=True)


@transaction.atomic
def received(stored: store.Stored, *, media: str, name: str, by: Person | None, ours: bool = False) -> Content:
    """The row of a content just brought to the disk, and who brought it."""
    content = known(stored, media=media, ours=ours)
    Custody.objects.create(
        content=content, step=Step.RECEIVED, access=Access.STAFF, name=name[:200], by=by, at=timezone.now()
    )
    return content


@transaction.atomic
def known(stored: store.Stored, *, media: str, ours: bool) -> Content:
    """The row of a content: the one it has, or a new one. Given again, what was destroyed or damaged is whole."""
    now = timezone.now()
    content, fresh = Content.objects.get_or_create(
        sha256=stored.sha256,
        defaults={"size": stored.size, "media": media, "ours": ours, "kept_at": now, "checked_at": now},
    )
    if not fresh and (content.destroyed_at or content.fault):
        content = Content.objects.select_for_update().get(pk=content.pk)
        store.assured(content.sha256)
        content.destroyed_at, content.fault, content.fault_at, content.checked_at = None, "", None, now
        content.save(update_fields=["destroyed_at", "fault", "fault_at", "checked_at"])
    return content


@transaction.atomic
def join(
    *, sha256: str, subject: str, access: Access, by: Person | None, name: str = "", origin: str = "",
    rule: str = "", until: date | None = None,
) -> Custody:  # fmt: skip
    """Join a kept content to a record: called inside the transaction of the act. Twice the same is one step.

    origin: the content it was drawn from. The ledger tells what came from outside; of what the house drew itself from
    a file it tells that file.
    """
    content = Content.objects.select_for_update().get(sha256=sha256)
    last = content.custody.filter(subject=subject).order_by("-pk").first()
    if last is not None and last.step != Step.ENDED:
        return last
    if not name:
        name = content.custody.filter(subject="").order_by("-pk").values_list("name", flat=True).first() or ""
    made = Custody.objects.create(
        content=content, step=Step.JOINED, subject=subject, access=access, name=name[:200], by=by, at=timezone.now(),
        origin=Content.objects.get(sha256=origin) if origin else None, rule=rule, until=until,
    )  # fmt: skip
    if not content.ours or content.custody.filter(step=Step.RECEIVED).exists():
        told = {"sha256": sha256, "size": content.size, "type": content.media, "name": made.name, "access": str(access)}
        kept = {"rule": rule, "until": until.isoformat() if until else None} if rule or until else {}
        record(by=by, kind=kinds.EVIDENCE_KEPT, subject=subject, after={**told, **kept})
    return made


@transaction.atomic
def reclass(*, sha256: str, subject: str, access: Access, reason: str, by: Person) -> Custody:
    """Change the class of a content in a record: seal it, open the seal. EVD-105 without a reason.

    The right to do so is asked by the room of the record, which calls this.
    """
    if not reason.strip():
        raise NoGround
    last = queries.in_force(sha256, subject)
    made = again(last, Step.RECLASSED, by=by, reason=reason, access=access)
    record(
        by=by, kind=kinds.EVIDENCE_RECLASSED, subject=subject, reason=reason,
        before={"sha256": sha256, "access": last.access}, after={"sha256": sha256, "access": str(access)},
    )  # fmt: skip
    return made


@transaction.atomic
def end(*, sha256: str, subject: str, reason: str, by: Person | None) -> bool:
    """Let a content go from a record. True where no other record holds it: then the file itself goes, after the commit.

    EVD-104 before its term, EVD-105 without a reason. Its row and its custody stay: what it was, who let it go.
    """
    last = queries.in_force(sha256, subject)
    may_go(until=last.until, rule=last.rule, today=timezone.localdate(), reason=reason)
    again(last, Step.ENDED, by=by, reason=reason, access=Access(last.access))
    content = Content.objects.select_for_update().get(pk=last.content_id)
    alone = not queries.held_by(content)
    if alone:
        content.destroyed_at = timezone.now()
        content.save(update_fields=["destroyed_at"])
        before = int(content.destroyed_at.timestamp() * 1e9)
        transaction.on_commit(functools.partial(gone, content.pk, before), robust=True)  # what fails now, its loop does
    record(
        by=by, kind=kinds.EVIDENCE_ENDED, subject=subject, reason=reason, before={"sha256": sha256, "name": last.name},
        after={"destroyed": alone},
    )  # fmt: skip
    return alone


@transaction.atomic
def gone(pk: int, before_ns: int) -> bool:
    """The file of a content that was let go leaves, unless it was given again. True where it is gone."""
    content = Content.objects.select_for_update().get(pk=pk)
    return content.destroyed_at is not None and store.take_away(content.sha256, content.place, before_ns)


def again(last: Custody, step: Step, *, by: Person | None, reason: str, access: Access) -> Custody:
    return Custody.objects.create(
        content_id=last.content_id, step=step, subject=last.subject, access=access, name=last.name, by=by,
        at=timezone.now(), reason=reason.strip()[:400], rule=last.rule, until=last.until, origin_id=last.origin_id,
    )  # fmt: skip
