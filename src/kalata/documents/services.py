"""The one writer of the register: a paper is issued in the transaction of the act it tells."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from kalata.documents import kinds, queries, rendering
from kalata.documents.models import DocumentSeries, IssuedDocument
from kalata.documents.rendering import Paper, Stamp
from kalata.documents.rules import content
from kalata.documents.rules.references import Reference, parsed
from kalata.evidence import services as evidence
from kalata.evidence.rules.access import Access
from kalata.ledger.services import record
from kalata.people.models import Person

HOUSE = "D"
PDF = "application/pdf"


@transaction.atomic
def issue(
    paper: Paper, *, subject: str, by: Person | None, access: Access = Access.STAFF, series: str = HOUSE,
    at: datetime | None = None, rule: str = "", until: date | None = None,
) -> IssuedDocument:  # fmt: skip
    """Issue a paper of a record. What it says has not changed since its last version: that version, and nothing is written.

    Otherwise a new version under the same reference takes the place of the last. series: who numbers, for a house that
    is merged into another one day. access, rule, until: how its file is kept as evidence of the record.
    """
    said = content.digest(paper.says())
    numbers = held(series, timezone.localtime(at or timezone.now()).year % 100)
    last = queries.in_force(paper.kind, subject, paper.lang)
    if last is not None and last.content == said:
        return last
    now = at or timezone.now()
    if last is None:
        numbers.last += 1
        numbers.save(update_fields=["last"])
        reference, version = Reference(series, numbers.year, numbers.last), 1
    else:
        reference, version = parsed(last.reference), last.version + 1
    sealed = {"content": said, "reference": str(reference), "version": version, "at": now.isoformat()}
    stamp = Stamp(reference, version, now, content.digest(sealed))
    rendered = rendering.issued(paper, stamp)
    kept = evidence.keep_ours(rendered.pdf, media=PDF)
    made = IssuedDocument.objects.create(
        reference=str(reference), version=version, kind=paper.kind, subject=subject, lang=paper.lang,
        title=content.shown(paper.head.title)[:300], content=said, digest=stamp.digest, sha256=kept.sha256,
        pages=rendered.pages, software=rendering.software(), by=by, at=now,
    )  # fmt: skip
    evidence.join(
        sha256=kept.sha256, subject=subject, access=access, by=by, name=f"{made.reference}-v{version}.pdf", rule=rule,
        until=until,
    )  # fmt: skip
    if last is not None:
        last.superseded_by = made
        last.save(update_fields=["superseded_by"])
    record(
        by=by, kind=kinds.ISSUED, subject=subject, rows=[made],
        after={
            "reference": made.reference, "version": version, "document": paper.kind, "lang": paper.lang,
            "pages": made.pages, "digest": made.digest, "sha256": made.sha256,
            **({"supersedes": last.version} if last is not None else {}),
        },
    )  # fmt: skip
    return made


def held(series: str, year: int) -> DocumentSeries:
    """The numbers of a series and year, held until the transaction ends: two papers issued at once wait for each other."""
    DocumentSeries.objects.get_or_create(series=series, year=year)
    return DocumentSeries.objects.select_for_update().get(series=series, year=year)
