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
from kalata.country.queries import contest_by_code, contests, unit
from kalata.people import queries as people
from kalata.people.rules.access import covers
from kalata.results.models import Import, MappingProfile
from kalata.results.rules.rights import STAFF
from kalata.results.territory import EVERYWHERE, Reach, path_of


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


def unit_or_404(pk: int) -> Unit:
    """A place by its number; what the contest shows of it is asked next."""
    try:
        return unit(pk)
    except Unit.DoesNotExist:
        raise Http404(str(pk)) from None


def station_for(person: Any, code: str, pk: int) -> Station:
    """A station of a contest that the person may see there."""
    found = Station.objects.select_related("contest", "unit__parent__parent__parent", "constituency")
    station = found.get(pk=pk, contest__code=code)
    if not may_see(person, station.contest, station.unit):
        raise Station.DoesNotExist(pk)
    return station


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
