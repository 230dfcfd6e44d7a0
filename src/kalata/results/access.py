"""Who may see which results: one way to ask, of the object itself, by its place and its contest.

Published results are everybody's; the others follow mandates. A function `thing_for` gives a thing to
the person who may see it; for anybody else it does not exist (DoesNotExist, a 404), so that no page and
no code tells that it is there. What a person sees but may not do is refused by the service (PEO-101, 403).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from kalata.country.models import Contest, Station, Unit
from kalata.country.queries import contest_by_code, contests
from kalata.people import queries as people
from kalata.people.rules.access import covers
from kalata.results.models import Bag, Copy, Import, MappingProfile, Paper, Scan, ScanBatch, Sitting
from kalata.results.rules.rights import (
    BAGS,
    COPIES,
    ORIGINALS,
    PAPERS,
    SCANS,
    SITTINGS,
    STAFF,
)
from kalata.results.territory import EVERYWHERE, Reach, path_of
from kalata.tally.rules.lifecycle import PUBLIC, State


def place_of(unit: Unit | None) -> tuple[int, ...]:
    return path_of(unit)


def reach_of(person: Any, rights: Iterable[str], contest: int | None) -> Reach:
    """Where a person holds any of these rights for a contest (None: whatever the contest)."""
    tops: set[int] = set()
    for right in rights:
        for path in people.reach(person, right, contest=contest):
            if not path:
                return EVERYWHERE
            tops.add(path[-1])
    return Reach(tuple(sorted(tops)))


def rights_at(person: Any, rights: Iterable[str], place: tuple[int, ...], contest: int) -> set[str]:
    """Those of these rights that a person holds over a place for a contest."""
    return {r for r in rights if people.may(person, r, place=place, contest=contest)}


def own_territory(person: Any, right: str, contest: int | None, place: tuple[int, ...] = ()) -> int | None:
    """The unit in whose name a person acts: None for the nation, else the mandate's that covers `place`, or the first."""
    found = people.reach(person, right, contest=contest)
    if not found or not found[0]:
        return None
    return next((path[-1] for path in found if place and covers(path, place)), found[0][-1])


# --- contests and their public pages --------------------------------------------------------
def may_see(person: Any, contest: Contest, unit: Unit | None = None) -> bool:
    """Published, or a mandate with results.read over the place (the whole country for None)."""
    return contest.published_at is not None or reads(person, contest, unit)


def reads(person: Any, contest: Contest, unit: Unit | None) -> bool:
    """True where a person reads figures of a place before their publication."""
    return people.may(person, "results.read", place=place_of(unit), contest=contest.pk)


def contest_for(person: Any, code: str, unit: Unit | None = None) -> Contest:
    """The contest, or 404: what a person may not see does not exist for them."""
    try:
        contest = contest_by_code(code, unpublished=True)
    except Contest.DoesNotExist:
        raise Http404(code) from None
    if not may_see(person, contest, unit):
        raise Http404(code)
    return as_seen_by(person, contest)


def as_seen_by(person: Any, contest: Contest) -> Contest:
    """The contest marked with whose eyes read it: their territories' figures, and what is public of the rest."""
    contest.eyes = reach_of(person, {"results.read"}, contest.pk).tops  # type: ignore[attr-defined]
    return contest


def visible(person: Any) -> list[Contest]:
    """Contests a person may see whole, newest first."""
    return [as_seen_by(person, c) for c in contests(unpublished=True) if may_see(person, c)]


def station_for(person: Any, code: str, pk: int) -> Station:
    """A station of a contest that the person may see there."""
    found = Station.objects.select_related("contest", "unit__parent__parent__parent", "constituency")
    station = found.get(pk=pk, contest__code=code)
    if not may_see(person, station.contest, station.unit):
        raise Station.DoesNotExist(pk)
    return station


def public_copies(contest: Contest) -> QuerySet[Copy]:
    """Copies that may be compared in public: the paper of their station is published, or it has none and all is."""
    found = Copy.objects.filter(contest=contest)
    if contest.published_at is None:
        return found.none()
    return found.filter(Q(station__paper__state__in=[s.value for s in PUBLIC]) | Q(station__paper=None))


# --- the desks --------------------------------------------------------------------------------
def contest_with(person: Any, code: str, rights: Iterable[str]) -> Contest:
    """The contest, for whoever holds one of these rights somewhere in it."""
    found = contests(unpublished=True).get(code=code)
    if not any(people.reach(person, r, contest=found.pk) for r in rights):
        raise Contest.DoesNotExist(code)
    return found


def contests_with(person: Any, rights: Iterable[str]) -> list[Contest]:
    asked = set(rights)
    return [c for c in contests(unpublished=True) if any(people.reach(person, r, contest=c.pk) for r in asked)]


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


# --- files brought in ---------------------------------------------------------------------------
def imports_of(person: Any, contest: Contest | None = None) -> QuerySet[Import]:
    """One's own files, and every file of the contests for which one imports in the whole country:
    a report holds figures of every place of its file."""
    found = Import.objects.select_related("contest", "by")
    found = found.filter(contest=contest) if contest else found
    mine, whole = [], []
    for one in [contest] if contest else contests(unpublished=True):
        reach = reach_of(person, {"results.import"}, one.pk)
        if reach.whole:
            whole.append(one.pk)
        elif reach.tops:
            mine.append(one.pk)
    return found.filter(Q(contest__in=whole) | Q(contest__in=mine, by=person.pk))


def import_for(person: Any, pk: int) -> Import:
    found = Import.objects.select_related("contest__election__pack", "contest__election__geography", "by").defer(
        "contest__election__pack__content", "contest__election__geography__outlines"
    )
    one = found.get(pk=pk)
    reach = reach_of(person, {"results.import"}, one.contest_id)
    if not reach.whole and (reach.tops == () or one.by_id != person.pk):
        raise Import.DoesNotExist(pk)
    return one


def profiles_of(person: Any) -> QuerySet[MappingProfile]:
    """The kept mappings of the nation, and those of one's own territories and of what lies above and below them."""
    reach = reach_of(person, STAFF, None)
    found = MappingProfile.objects.select_related("by", "unit")
    if reach.whole:
        return found
    above: set[int] = set()
    for right in STAFF:
        for path in people.reach(person, right):
            above.update(path)
    return found.filter(Q(unit=None) | Q(unit__in=above) | reach.on("unit"))
