"""Reads about places, packs and contests."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from kalata.country.models import Contest, Election, Geography, PackVersion, Unit


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
