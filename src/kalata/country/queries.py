"""Reads about places, packs and contests."""

from __future__ import annotations

from django.db.models import Count, Prefetch, QuerySet

from kalata.country.models import Contest, Crosswalk, Election, Geography, PackVersion, Unit
from kalata.text import fold


def pack_versions() -> QuerySet[PackVersion]:
    return PackVersion.objects.defer("content")


def latest_packs() -> list[PackVersion]:
    """The latest loaded version of each country."""
    seen: dict[str, PackVersion] = {}
    for version in pack_versions():
        seen.setdefault(version.code, version)
    return list(seen.values())


def geographies() -> QuerySet[Geography]:
    return Geography.objects.defer("outlines").annotate(size=Count("units"))


def contests(*, unpublished: bool) -> QuerySet[Contest]:
    """Contests, newest first: all of them for staff, published ones for everybody else."""
    found = Contest.objects.select_related("election", "election__geography", "election__pack").defer(
        "election__geography__outlines", "election__pack__content"
    )
    return found if unpublished else found.filter(published_at__isnull=False)


def contest_by_code(code: str, *, unpublished: bool) -> Contest:
    """The contest, or Contest.DoesNotExist: one that is not published does not exist for the public."""
    return contests(unpublished=unpublished).get(code=code)


def elections() -> QuerySet[Election]:
    return Election.objects.select_related("pack", "geography").defer("pack__content", "geography__outlines")


def branch(unit: Unit) -> list[Unit]:
    """The unit and its ancestors, outermost first."""
    chain = [unit]
    while chain[0].parent_id:
        parent = chain[0].parent
        assert parent is not None
        chain.insert(0, parent)
    return chain


def territories(geography: Geography | None = None, depth: int = 2) -> QuerySet[Unit]:
    found = Unit.objects.filter(level__lte=depth).select_related("parent", "geography").defer("geography__outlines")
    return found.filter(geography=geography) if geography else found


def versions_of(code: str) -> QuerySet[PackVersion]:
    """The loaded versions of a country's pack, the latest first."""
    return PackVersion.objects.filter(code=code).order_by("-pk")


def unit(pk: int) -> Unit:
    """A place with those above it. Unit.DoesNotExist."""
    return Unit.objects.select_related("parent__parent__parent").get(pk=pk)


def places(contest: Contest) -> QuerySet[Unit]:
    """Every place of the geography of a contest."""
    return Unit.objects.filter(geography_id=contest.election.geography_id)


def units_found(geography: Geography, text: str, level: int | None) -> QuerySet[Unit]:
    """The areas of a geography whose name holds these letters, of one level or of all, with where each lies in another."""
    walks = Crosswalk.objects.select_related("target").order_by("pk")
    found = Unit.objects.filter(geography=geography).select_related("parent")
    if level is not None:
        found = found.filter(level=level)
    if text:
        found = found.filter(sort_name__contains=fold(text))
    return found.prefetch_related(Prefetch("goes_to", walks))


def contest_numbered(pk: int | None) -> Contest | None:
    return Contest.objects.filter(pk=pk).first() if pk else None
