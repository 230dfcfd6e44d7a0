"""Every piece of a role in a language: asked by a person, made by the worker one after the other, kept under its hash."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks import task

from kalata.evidence import services as evidence
from kalata.evidence.rules.access import Access
from kalata.ledger.services import record
from kalata.people.models import Person
from kalata.refusals import Forbidden, Refused
from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.training import kinds, manuals
from kalata.training.models import ManualBuild, ManualFile
from kalata.training.queries import manual_builds as queries
from kalata.training.rules.classes_refusals import ManualMaking, NotMaking
from kalata.training.rules.manuals.kept import MANIFEST, media_of
from kalata.training.rules.rights import WRITE

MOVED = _("les procédures ont changé depuis la demande : redemandez les pièces")
BROKEN = _("la fabrication s’est arrêtée sur une panne ; ce qui était fait est gardé")
log = logging.getLogger("kalata.sequencer")


class Stopped(Exception):
    """A person stopped the making, or another worker ended it."""


def allowed(by: Person) -> None:
    if not queries.makes(by):
        raise Forbidden(right=WRITE)


def ask(*, source: str, role: str, language: str, draft: bool, by: Person) -> ManualBuild:
    """Ask for the pieces of what the procedures say now; the worker makes them. PEO-101, TRN-631, TRN-645, TRN-636, TRN-637."""
    allowed(by)
    ready = queries.ready(source, role, language, draft=draft)  # read and judged before anything is held
    return asked(ready, {"source": source, "role": role, "language": language, "draft": draft}, by)


@transaction.atomic
def asked(ready: queries.Ready, said: dict[str, Any], by: Person) -> ManualBuild:
    try:
        with transaction.atomic():
            made = ManualBuild.objects.create(
                **said, digest=ready.digest, total=len(ready.made.files) + 1, by=by, at=timezone.now()
            )
    except IntegrityError:
        raise ManualMaking(role=said["role"], language=said["language"]) from None
    record(by=by, kind=kinds.MANUAL_ASKED, subject="house", after={"making": made.pk, **said, "digest": ready.digest})
    make_manuals.enqueue(made.pk)
    return made


@transaction.atomic
def stop(*, build: ManualBuild, by: Person) -> ManualBuild:
    """Stop after the piece that is being made; what was made is kept, and is not whole. TRN-638."""
    allowed(by)
    one = ManualBuild.objects.select_for_update(of=("self",)).filter(pk=build.pk, ended_at=None).first()
    if one is None:
        raise NotMaking
    one.ended_at = one.stopped_at = timezone.now()
    one.save(update_fields=["ended_at", "stopped_at"])
    after = {"making": one.pk, "role": one.role, "language": one.language}
    record(by=by, kind=kinds.MANUAL_ENDED, subject="house", after=after)
    return one


def make(one: ManualBuild) -> None:
    """Make what is left. Killed anywhere and run again, it goes on where it stopped; ended, nothing is done."""
    try:
        ready = queries.ready(one.source, one.role, one.language, draft=one.draft)
        if ready.digest != one.digest:
            end(one, fault=Message(MOVED).text("fr"))
            return
        pieces = list(kept(one, ready.made))
    except Stopped:
        return
    except Refused as refused:
        end(one, fault=f"{refused.code} {refused.message.text('fr')}"[:400])
        return
    except Exception:
        log.exception("manuals %s", one.pk)
        end(one, fault=Message(BROKEN).text("fr"))
        return
    finish(one, ready.made, pieces)


def kept(one: ManualBuild, made: manuals.Made) -> Iterator[tuple[Any, bytes]]:
    """Each piece, kept as soon as it is made."""
    for n, (piece, data) in enumerate(manuals.built([made]), 1):
        keep(one, piece.path, piece.kind, data, done=n)
        yield piece, data


@transaction.atomic
def keep(one: ManualBuild, path: str, kind: str, data: bytes, *, done: int) -> ManualFile:
    """One piece, in the store and in the list of its making; once it is stopped, none."""
    if not ManualBuild.objects.filter(pk=one.pk, ended_at=None).update(done=done):
        raise Stopped
    content = evidence.keep_ours(data, media=media_of(path).partition(";")[0])
    evidence.join(sha256=content.sha256, subject=f"manual_build:{one.pk}", access=Access.STAFF, by=one.by, name=path)
    found, _fresh = ManualFile.objects.get_or_create(
        build=one, path=path, defaults={"kind": kind, "sha256": content.sha256, "size": len(data)}
    )
    return found


def finish(one: ManualBuild, made: manuals.Made, pieces: list[tuple[Any, bytes]]) -> None:
    """The inventory, and with it the end: each file with its hash, each page with what it holds."""
    said = manuals.manifest(made.source, pieces, [made])
    data = manuals.manifest_bytes(said | {"digest": one.digest, "draft": one.draft})
    pages = [
        {"id": p.id, "code": p.code, "procedure": p.procedure, "version": p.version, "title": p.title, "steps": len(p.lines)}
        for p in made.pages
    ]  # fmt: skip
    try:
        with transaction.atomic():
            keep(one, MANIFEST, "manifest", data, done=len(pieces) + 1)
            end(one, pages=pages, manifest=hashlib.sha256(data).hexdigest())
    except Stopped:
        return


@transaction.atomic
def end(one: ManualBuild, *, pages: list[dict[str, object]] | None = None, manifest: str = "", fault: str = "") -> None:
    """Write how it ended, once: what was stopped stays stopped."""
    found = ManualBuild.objects.filter(pk=one.pk, ended_at=None)
    if not found.update(ended_at=timezone.now(), pages=pages, fault=fault):
        return
    after: dict[str, object] = {"making": one.pk, "role": one.role, "language": one.language}
    if pages is None:
        record(by=None, kind=kinds.MANUAL_ENDED, subject="house", after={**after, "fault": fault})
        return
    after |= {"draft": one.draft, "digest": one.digest, "files": one.files.count(), "pages": len(pages)}
    record(by=None, kind=kinds.MANUAL_MADE, subject="house", after={**after, "manifest": manifest})


@task()
def make_manuals(build_id: int) -> bool:
    """Make the pieces, in the worker. A second run of the job finds them ended and does nothing."""
    one = ManualBuild.objects.select_related("by").get(pk=build_id)
    if one.ended_at is None:
        make(one)
    return True
