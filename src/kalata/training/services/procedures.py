"""Procedures taken from the pack, drafts opened and edited, texts verified, remarks: the only writer of what a draft holds."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from kalata import plain
from kalata.country import packs
from kalata.ledger.services import record
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.people.rules.shown import as_shown
from kalata.states import born
from kalata.text import gettext_noop as _
from kalata.training import kinds
from kalata.training.models import ManualSource, Procedure, ProcedureComment, ProcedureVersion
from kalata.training.queries import procedures as queries
from kalata.training.rules.procedure_refusals import (
    NoManuals,
    NotCited,
    NotDraft,
    NotForWriters,
    NotResolvable,
    OneAlive,
)
from kalata.training.rules.procedures import ALIVE, PROCEDURE, State, digest
from kalata.training.rules.rights import READ, REVIEW, WRITE
from kalata.training.rules.source.faults import BadSource
from kalata.training.rules.source.law import READ as SEEN
from kalata.training.rules.source.reading import procedure_of
from kalata.training.rules.source.shape import At
from kalata.training.sources import files_of, source_of_files

CONTENT = _("le contenu de cette version")
Content = dict[str, Any]


def subject(one: ProcedureVersion) -> str:
    return f"procedure:{one.procedure.code}"


def locked(version: ProcedureVersion) -> ProcedureVersion:
    return ProcedureVersion.objects.select_for_update(of=("self",)).select_related("procedure__source", "base").get(pk=version.pk)  # fmt: skip


def drafted(version: ProcedureVersion, seen: str | None) -> ProcedureVersion:
    """The version, locked, where it may be modified, as the page showed it. TRN-411, PEO-212."""
    one = locked(version)
    if one.state != State.DRAFT:
        raise NotDraft(number=one.number, state=PROCEDURE.labels[State(one.state)])
    as_shown(seen, one.sha256, CONTENT)
    return one


def columns(content: Content) -> dict[str, Any]:
    """What of the content is kept apart, to be found by."""
    title = content["title"]
    return {
        "content": content, "sha256": digest(content), "title_fr": title.get("fr", "")[:300], "title_en": title.get("en", "")[:300],
        "phase": str(content.get("phase", ""))[:40], "roles": f"|{'|'.join(content['roles'])}|",
    }  # fmt: skip


def sound(content: Content, file: str) -> Content:
    """The content, once the reader of sources has read it: what it refuses is refused here (TRN-201)."""
    procedure_of(At({**content, "version": 1, "status": State.DRAFT.value}, file))
    return content


# --- from the pack ------------------------------------------------------------------------------
@transaction.atomic
def import_pack(*, pack: str, by: Person | None) -> dict[str, int]:
    """The procedures that a pack brings: new ones as drafts, changed ones as a draft over what stands, the same left alone.

    What a file says of its own approval is not taken over: nobody of this house has approved it. Raises: PEO-101, TRN-410.
    """
    if by is not None:
        require(by, WRITE)
    folder = packs.PACKS / pack / "training" / "source"
    if pack not in packs.shipped() or not (folder / "source.yaml").is_file():
        raise NoManuals(pack=pack)
    found = files_of(folder)
    read = source_of_files(found)
    head = plain.yaml_of(found["source.yaml"], file="source.yaml")
    source, _made = ManualSource.objects.update_or_create(
        code=read.id, defaults={"head": head, "pictograms": dict(read.pictograms)}
    )
    counts = {"made": 0, "changed": 0, "same": 0}
    for name in sorted(n for n in found if n.startswith("procedures/")):
        document = plain.yaml_of(found[name], file=name)
        for content in document if isinstance(document, list) else [document]:
            counts[taken(source, Path(name).name, content, by)] += 1
    record(
        by=by, kind=kinds.PROCEDURES_IMPORTED, subject="house", after={"pack": pack, "source": source.code, **counts}
    )
    return counts


def taken(source: ManualSource, file: str, document: Mapping[str, Any], by: Person | None) -> str:
    content = {k: v for k, v in document.items() if k not in ("version", "status")}
    procedure, fresh = Procedure.objects.get_or_create(source=source, code=content["id"], defaults={"file": file})
    last = procedure.versions.order_by("-number").first()
    if last is not None and any(v.sha256 == digest(content) for v in procedure.versions.all()):
        return "same"
    if procedure.versions.filter(state__in=ALIVE).exists():
        return "same"
    added(procedure, content, queries.approved(procedure.pk), by)
    return "made" if fresh else "changed"


def added(procedure: Procedure, content: Content, base: ProcedureVersion | None, by: Person | None) -> ProcedureVersion:
    last = procedure.versions.aggregate(n=Max("number"))["n"] or 0
    return ProcedureVersion.objects.create(
        procedure=procedure, number=last + 1, base=base, made_by=by, authors=[by.pk] if by else [], **columns(content),
        **born(PROCEDURE, State.DRAFT),
    )  # fmt: skip


# --- a draft ------------------------------------------------------------------------------------
@transaction.atomic
def open_draft(*, version: ProcedureVersion, by: Person) -> ProcedureVersion:
    """A draft that is this version to the letter. TRN-412 where one of its procedure is on its way."""
    require(by, WRITE)
    one = locked(version)
    Procedure.objects.select_for_update().get(pk=one.procedure_id)
    alive = one.procedure.versions.filter(state__in=ALIVE).first()
    if alive is not None:
        raise OneAlive(number=alive.number, state=PROCEDURE.labels[State(alive.state)])
    made = added(one.procedure, copy.deepcopy(one.content), queries.approved(one.procedure_id), by)
    after = {"version": made.number, "base": made.base.number if made.base else None, "sha256": made.sha256}
    record(by=by, kind=kinds.PROCEDURE_OPENED, subject=subject(made), after=after)
    return made


@transaction.atomic
def edit(*, version: ProcedureVersion, what: str, change: Callable[[Content], Content], by: Person, seen: str | None = None) -> ProcedureVersion:  # fmt: skip
    """One change of a draft: the content that `change` makes of it, read as the command reads it. seen: the digest shown.

    Raises: PEO-101, PEO-212, TRN-411 no draft, TRN-201 what the format refuses, TRN-421 to TRN-423, TRN-420.
    """
    require(by, WRITE)
    one = drafted(version, seen)
    content = sound(change(copy.deepcopy(one.content)), one.procedure.file)
    if article := vouched(content) - vouched(one.content):
        raise NotForWriters(article=min(article)[0][:80])
    if content["id"] != one.procedure.code:
        raise BadSource(file=one.procedure.file, field="id", why=_("le code d’une procédure ne change pas"))
    return kept(one, content, by, what)


def vouched(content: Content) -> set[tuple[str, str]]:
    """What the content says was read, and by whom: (ARTICLE@VERSION, who), or "" for a text said to be seen by nobody named."""
    found = set()
    for element in (*content.get("steps", ()), *(content.get("branches") or ())):
        for basis in element.get("basis") or ():
            mark = f"{basis['article']}@{basis['version']}"
            if basis.get("verified_by"):
                found.add((mark, str(basis["verified_by"])))
            if basis.get("confidence") == SEEN:
                found.add((mark, ""))
    return found


def kept(one: ProcedureVersion, content: Content, by: Person, what: str) -> ProcedureVersion:
    before = one.sha256
    for name, value in columns(content).items():
        setattr(one, name, value)
    if one.sha256 == before:
        return one
    if by.pk not in one.authors:
        one.authors = [*one.authors, by.pk]
    one.save(update_fields=["content", "sha256", "title_fr", "title_en", "phase", "roles", "authors"])
    record(by=by, kind=kinds.PROCEDURE_EDITED, subject=subject(one), before={"sha256": before}, after={"version": one.number, "what": what, "sha256": one.sha256})  # fmt: skip
    return one


@transaction.atomic
def verify(*, version: ProcedureVersion, article: str, reason: str, by: Person, seen: str | None = None) -> ProcedureVersion:  # fmt: skip
    """A reviewer has read this version of an article (`ARTICLE@VERSION`) and says where: each place that cites it names them.

    It is no writing of the procedure: who verifies may also say that the whole is lawful. TRN-417.
    """
    require(by, REVIEW)
    one = drafted(version, seen)
    content = copy.deepcopy(one.content)
    n = 0
    for element in (*content.get("steps", ()), *(content.get("branches") or ())):
        for basis in element.get("basis") or ():
            if f"{basis['article']}@{basis['version']}" == article:
                basis["verified_by"] = by.username
                n += 1
    if not n:
        raise NotCited(article=article[:80])
    one.content, one.sha256 = content, digest(content)
    one.save(update_fields=["content", "sha256"])
    record(by=by, kind=kinds.PROCEDURE_VERIFIED, subject=subject(one), after={"version": one.number, "article": article, "sha256": one.sha256}, reason=reason)  # fmt: skip
    return one


# --- remarks ------------------------------------------------------------------------------------
@transaction.atomic
def comment(*, version: ProcedureVersion, element: str, text: str, by: Person) -> ProcedureComment:
    require(by, READ)
    made = ProcedureComment.objects.create(version=version, element=element, text=text.strip(), by=by)
    after = {"version": version.number, "comment": made.pk, "element": element}
    record(by=by, kind=kinds.PROCEDURE_COMMENTED, subject=subject(version), after=after)
    return made


@transaction.atomic
def resolve(*, version: ProcedureVersion, comment_id: int, answer: str, by: Person) -> ProcedureComment:
    require(by, WRITE)
    one = ProcedureComment.objects.select_for_update(of=("self",)).filter(pk=comment_id, version=version).first()
    if one is None or one.resolved_at is not None or not answer.strip():
        raise NotResolvable
    one.reply, one.resolved_by, one.resolved_at = answer.strip(), by, timezone.now()
    one.save(update_fields=["reply", "resolved_by", "resolved_at"])
    record(
        by=by,
        kind=kinds.PROCEDURE_RESOLVED,
        subject=subject(version),
        after={"version": version.number, "comment": one.pk},
    )
    return one
