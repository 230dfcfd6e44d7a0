"""Papers by the hundred: asked once, made one after the other in the worker, followed, cancelled, given as one file.

A room declares a batch: what its papers are, and how one is made. Each is issued in its own transaction, so that a
worker that is killed goes on where it stopped, and what was made stays made. Issuing twice gives the same paper.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2
from django.utils import timezone
from django_tasks import task

from kalata.documents import services
from kalata.documents.models import DocumentBatch, IssuedDocument
from kalata.documents.queries import bytes_of, content_of
from kalata.documents.rendering import Paper
from kalata.evidence import services as evidence
from kalata.people.models import Person
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

MOST = 2_000
AHEAD = 8
"""Papers drawn while those before them are issued, where a batch says how."""
TOLD_S = 0.5
"""How often a batch says how far it is: a write each paper is a tenth of its time."""
Make = Callable[[Mapping[str, Any], Any, Person], IssuedDocument]
Draw = Callable[[Mapping[str, Any], Any], tuple[Paper, str]]
Allowed = Callable[[Mapping[str, Any], Person], None]


class TooManyPapers(Refused):
    code = "DOC-102"
    says = _("%(n)d {n:papier|papiers} : un lot en tient %(most)d.")
    remedy = _("Demandez-les en plusieurs lots.")
    status = 422


class NothingToMake(Refused):
    code = "DOC-103"
    says = _("Il n’y a aucun papier à faire.")
    remedy = _("Revenez à la page : ce qui était à imprimer ne l’est plus.")


@dataclass(frozen=True, slots=True)
class Batch:
    """items(args) -> keys, in order. Then one of two: make(args, key, by) -> the issued paper of one; or
    draw(args, key) -> the paper of one and its subject, some of which are drawn at the same time, and
    allowed(args, by), asked before each is issued.
    """

    key: str
    items: Callable[[Mapping[str, Any]], Sequence[Any]]
    make: Make | None = None
    draw: Draw | None = None
    allowed: Allowed | None = None

    def made(self, args: Mapping[str, Any], keys: Sequence[Any], by: Person) -> Iterator[IssuedDocument]:
        """The papers of these keys, issued one after the other."""
        if self.make is not None:
            yield from (self.make(args, key, by) for key in keys)
            return
        assert self.draw is not None and self.allowed is not None
        with services.Press() as press:
            groups = (keys[start : start + AHEAD] for start in range(0, len(keys), AHEAD))
            drawing = ([self.draw(args, key) for key in group] for group in groups)
            begun = next(((papers, press.begin(papers)) for papers in drawing), None)
            while begun:
                papers, ready = begun
                begun = next(((more, press.begin(more)) for more in drawing), None)
                for (paper, subject), one in zip(papers, ready, strict=True):
                    self.allowed(args, by)
                    yield services.issue(paper, subject=subject, by=by, ready=one())


BATCHES: dict[str, Batch] = {}


def declare(batch: Batch) -> Batch:
    return BATCHES.setdefault(batch.key, batch)


def ask(batch: Batch, *, subject: str, args: Mapping[str, Any], by: Person) -> DocumentBatch:
    """Ask for a batch; the worker makes it. DOC-102 too many, DOC-103 none. The caller has asked for the right."""
    total = len(batch.items(args))
    if not total:
        raise NothingToMake
    if total > MOST:
        raise TooManyPapers(n=total, most=MOST)
    made = DocumentBatch.objects.create(
        kind=batch.key, subject=subject, args=dict(args), total=total, by=by, at=timezone.now()
    )
    make_batch.enqueue(made.pk)
    return made


def cancel(*, batch_id: int, subject: str) -> bool:
    """Stop a batch of this record after the paper it is at. False where it has ended."""
    now = timezone.now()
    found = DocumentBatch.objects.filter(pk=batch_id, subject=subject, ended_at=None, cancelled_at=None)
    return bool(found.update(cancelled_at=now))


def run(one: DocumentBatch) -> None:
    """Make what is left of a batch. Killed anywhere and run again, it goes on; ended, nothing is done."""
    if not DocumentBatch.objects.filter(pk=one.pk, ended_at=None).exists():
        return
    batch = BATCHES[one.kind]
    try:
        papers = list(made_of(one, batch))
    except Refused as refused:
        end(one, fault=f"{refused.code} {refused.message.text('fr')}"[:300])
        return
    if papers:
        kept = evidence.keep_ours(joined(papers), media="application/pdf")
        end(one, sha256=kept.sha256)
    else:
        end(one)


def made_of(one: DocumentBatch, batch: Batch) -> Iterable[bytes]:
    """Each paper in order; nothing more once it is cancelled (and then none is joined)."""
    papers: list[bytes] = []
    made = batch.made(one.args, batch.items(one.args)[: one.total], one.by)
    told = time.monotonic()
    try:
        while not DocumentBatch.objects.filter(pk=one.pk, cancelled_at__isnull=False).exists():
            paper = next(made, None)
            if paper is None:
                return papers
            papers.append(bytes_of(paper))
            if time.monotonic() - told > TOLD_S:
                DocumentBatch.objects.filter(pk=one.pk).update(done=len(papers))
                told = time.monotonic()
    finally:
        DocumentBatch.objects.filter(pk=one.pk).update(done=len(papers))
    return []


def end(one: DocumentBatch, *, sha256: str = "", fault: str = "") -> None:
    DocumentBatch.objects.filter(pk=one.pk, ended_at=None).update(ended_at=timezone.now(), sha256=sha256, fault=fault)


def joined(papers: Sequence[bytes]) -> bytes:
    """These PDF one after the other, each page as it is."""
    whole, out = pypdfium2.PdfDocument.new(), io.BytesIO()
    for paper in papers:
        with pypdfium2.PdfDocument(paper) as pages:
            whole.import_pages(pages)
    whole.save(out)
    whole.close()
    return out.getvalue()


def of_subject(subject: str) -> list[DocumentBatch]:
    return list(DocumentBatch.objects.filter(subject=subject).select_related("by")[:20])


def file_of(pk: int, subject: str) -> bytes:
    """The file of a batch of this record; DocumentBatch.DoesNotExist while it is not whole. EVD-106 where it is damaged."""
    one = DocumentBatch.objects.exclude(sha256="").get(pk=pk, subject=subject)
    return content_of(one.sha256)


@task()
def make_batch(batch_id: int) -> int:
    """Make the papers of a batch, in the worker. A second run finds it ended and does nothing."""
    one = DocumentBatch.objects.select_related("by").get(pk=batch_id)
    if one.running:
        run(one)
    return one.total
