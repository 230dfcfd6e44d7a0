"""The one writer of the register: a paper is issued in the transaction of the act it tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from kalata.documents import kinds, queries, rendering
from kalata.documents.models import DocumentSeries, IssuedDocument
from kalata.documents.rendering import Paper, Rendered, Stamp
from kalata.documents.rules import content
from kalata.documents.rules.references import Reference, parsed
from kalata.evidence import services as evidence
from kalata.evidence.rules.access import Access
from kalata.ledger.services import record
from kalata.people.models import Person

HOUSE = "D"
AT_ONCE = 2
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A paper drawn before its transaction, with the reference and version that it bears: those that come next."""

    stamp: Stamp
    rendered: Rendered


def drawn(paper: Paper, *, subject: str, series: str = HOUSE) -> Drawn | None:
    """The paper as it would be issued now, drawn while nothing is held; None: what it says is issued already."""
    (one,) = together([(paper, subject)], series=series)
    return one


def together(papers: Sequence[tuple[Paper, str]], *, series: str = HOUSE) -> list[Drawn | None]:
    """Papers with their subjects as they would be issued one after the other, drawn at the same time; see `drawn`."""
    if len(papers) == 1:
        (paper, _subject), (stamp, _new) = papers[0], planned(papers, series)[0]
        return [Drawn(stamp, rendering.issued(paper, stamp)) if stamp else None]
    with Press(series) as press:
        return [one() for one in press.begin(papers)]


def planned(papers: Sequence[tuple[Paper, str]], series: str, before: int = 0) -> list[tuple[Stamp | None, bool]]:
    """What each will bear, and whether it takes a number. None: what it says is issued already. before: numbers that others take first."""
    now = timezone.now()
    year = timezone.localtime(now).year % 100
    numbers = DocumentSeries.objects.filter(series=series, year=year).first()
    number = (numbers.last if numbers else 0) + before
    stamps: list[tuple[Stamp | None, bool]] = []
    for paper, subject in papers:
        said, last = content.digest(paper.says()), queries.in_force(paper.kind, subject, paper.lang)
        if last is not None and last.content == said:
            stamps.append((None, False))
            continue
        number += last is None
        stamps.append((stamped(said, *after(last, series, year, number), now), last is None))
    return stamps


class Press:
    """Papers drawn while those before them are issued: a group is begun before the group in hand ends."""

    def __init__(self, series: str = HOUSE) -> None:
        self.series, self.new = series, 0
        self.pool = ThreadPoolExecutor(AT_ONCE)

    def __enter__(self) -> Press:
        return self

    def __exit__(self, *_why: object) -> None:
        self.pool.shutdown(cancel_futures=True)

    def begin(self, papers: Sequence[tuple[Paper, str]]) -> list[Callable[[], Drawn | None]]:
        """Begin to draw these; each answer waits for its own. The group begun before is issued first."""
        stamps = planned(papers, self.series, self.new)
        self.new = sum(new for _stamp, new in stamps)
        jobs = [
            (stamp, self.pool.submit(rendering.issued, paper, stamp)) if stamp else None
            for (paper, _subject), (stamp, _new) in zip(papers, stamps, strict=True)
        ]
        return [lambda job=job: Drawn(job[0], job[1].result()) if job else None for job in jobs]  # type: ignore[misc]


def after(last: IssuedDocument | None, series: str, year: int, number: int) -> tuple[Reference, int]:
    """The reference and the version of what takes the place of the last, or of a new one."""
    return (parsed(last.reference), last.version + 1) if last is not None else (Reference(series, year, number), 1)


def stamped(said: str, reference: Reference, version: int, now: datetime) -> Stamp:
    sealed = {"content": said, "reference": str(reference), "version": version, "at": now.isoformat()}
    return Stamp(reference, version, now, content.digest(sealed))


@transaction.atomic
def issue(
    paper: Paper, *, subject: str, by: Person | None, access: Access = Access.STAFF, series: str = HOUSE,
    at: datetime | None = None, rule: str = "", until: date | None = None, ready: Drawn | None = None,
) -> IssuedDocument:  # fmt: skip
    """Issue a paper of a record. What it says has not changed since its last version: that version, and nothing is written.

    Otherwise a new version under the same reference takes the place of the last. series: who numbers, for a house that
    is merged into another one day. access, rule, until: how its file is kept as evidence of the record. ready: the paper
    as `drawn` drew it; where another took its reference meanwhile it is drawn again.
    """
    said = content.digest(paper.says())
    numbers = held(series, timezone.localtime(at or timezone.now()).year % 100)
    last = queries.in_force(paper.kind, subject, paper.lang)
    if last is not None and last.content == said:
        return last
    if last is None:
        numbers.last += 1
        numbers.save(update_fields=["last"])
    reference, version = after(last, series, numbers.year, numbers.last)
    stamp = stamped(said, reference, version, ready.stamp.at if ready else at or timezone.now())
    now = stamp.at
    rendered = ready.rendered if ready and ready.stamp == stamp else rendering.issued(paper, stamp)
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
