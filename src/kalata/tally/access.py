"""Who may see which paper, bag, sitting, scan and copy: one way to ask, as `results.access` does for figures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from kalata.country.models import Contest
from kalata.results.access import reach_of, rights_at
from kalata.results.rules.rights import SITTINGS
from kalata.results.territory import path_of
from kalata.tally.models import Bag, Copy, Paper, Scan, ScanBatch, Sitting
from kalata.tally.rules.lifecycle import PUBLIC, State
from kalata.tally.rules.rights import BAGS, COPIES, ORIGINALS, PAPERS, SCANS


def papers_of(person: Any, contest: Contest, rights: Iterable[str]) -> QuerySet[Paper]:
    """The papers of the territories where a person holds one of these rights."""
    return Paper.objects.filter(reach_of(person, rights, contest.pk).on(), contest=contest)


def paper_for(person: Any, contest: Contest, pk: int, rights: Iterable[str] = PAPERS) -> Paper:
    return papers_of(person, contest, rights).select_related("station__unit").get(pk=pk)


def original_for(person: Any, contest: Contest, pk: int, sha: str) -> str:
    """The SHA-256 of an image of a paper, for those who have the paper in reach or in hand."""
    found = Paper.objects.filter(contest=contest).filter(
        reach_of(person, ORIGINALS, contest.pk).on() | Q(holder=person.pk)
    )
    paper = found.get(pk=pk)
    crops = paper.passages.filter(to=State.SECOND_VISA, document=sha).exists()
    if sha != paper.image and not crops and not Scan.objects.filter(paper=paper, sha256=sha).exists():
        raise Scan.DoesNotExist(sha)
    return sha


def shows_original(person: Any, paper: Paper) -> bool:
    held = rights_at(person, ORIGINALS, path_of(paper.station.unit), paper.contest_id)
    return bool(held) or paper.holder_id == person.pk


def bags_of(person: Any, contest: Contest) -> QuerySet[Bag]:
    """Bags of the territories where a person receives or sits; one of the nation for national mandates only."""
    return Bag.objects.filter(reach_of(person, BAGS, contest.pk).on("unit"), contest=contest)


def sittings_of(person: Any, contest: Contest) -> QuerySet[Sitting]:
    reach = reach_of(person, SITTINGS, contest.pk)
    return Sitting.objects.filter(reach.on("unit"), contest=contest).select_related("unit")


def scan_batches_of(person: Any, contest: Contest) -> QuerySet[ScanBatch]:
    """Files of images given in the name of a territory where this person scans."""
    return ScanBatch.objects.filter(reach_of(person, SCANS, contest.pk).on("unit"), contest=contest)


def loose_scan_for(person: Any, contest: Contest, pk: int) -> Scan:
    """A page that no paper has yet."""
    return Scan.objects.get(pk=pk, paper=None, batch__in=scan_batches_of(person, contest))


def copies_of(person: Any, contest: Contest) -> QuerySet[Copy]:
    return Copy.objects.filter(reach_of(person, COPIES, contest.pk).on(), contest=contest)


def public_copies(contest: Contest) -> QuerySet[Copy]:
    """Copies that may be compared in public: the paper of their station is published, or it has none and all is."""
    found = Copy.objects.filter(contest=contest)
    if contest.published_at is None:
        return found.none()
    return found.filter(Q(station__paper__state__in=[s.value for s in PUBLIC]) | Q(station__paper=None))
