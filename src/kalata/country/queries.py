"""Reads about places, packs and contests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

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


def own_pack() -> PackVersion | None:
    """The country of this house: of most of its elections; before there is one, the first that was loaded. None: none is."""
    packs = latest_packs()
    if not packs:
        return None
    used = Counter(Election.objects.values_list("pack__code", flat=True))
    first = list(dict.fromkeys(PackVersion.objects.order_by("pk").values_list("code", flat=True)))
    return min(packs, key=lambda v: (-used[v.code], first.index(v.code)))


def country_of(geography: str, lang: str) -> str:
    """The country whose pack gives a division; "" for one that was imported here."""
    for version in latest_packs():
        if any(str(r["id"]) == geography for r in version.pack.records("geographies")):
            head = version.pack.head
            return str((head.get("name_en") if lang == "en" else "") or head.get("name_fr") or version.code)
    return ""


def geographies() -> QuerySet[Geography]:
    return Geography.objects.defer("outlines").annotate(size=Count("units"))


def units_of(geography: Geography, *, text: str = "", level: int | None = None) -> QuerySet[Unit]:
    """The zones of a division, widest first; of one level, or whose name holds a folded text."""
    found = Unit.objects.filter(geography=geography).select_related("parent", "geography").defer("geography__outlines")
    found = found.filter(sort_name__contains=text) if text else found
    return (found if level is None else found.filter(level=level)).order_by("level", "sort_name")


def level_name(geography: Geography, level: int, lang: str) -> str:
    """A level as this division names it: Cercle; "niveau 4" where it names none."""
    row: Mapping[str, object] = next((r for r in geography.levels if r.get("level") == level), {})
    return str(row.get("en" if lang == "en" else "fr") or row.get("fr") or f"niveau {level}")


def levels_of(geography: Geography) -> list[tuple[int, str, str, int]]:
    """(level, its name in French, in English, how many zones) of a division, from the widest."""
    counted = dict(Unit.objects.filter(geography=geography).order_by().values_list("level").annotate(n=Count("pk")))
    return [(n, level_name(geography, n, "fr"), level_name(geography, n, "en"), counted[n]) for n in sorted(counted)]


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
    found = Unit.objects.filter(geography=geography).select_related("parent", "geography").defer("geography__outlines")
    if level is not None:
        found = found.filter(level=level)
    if text:
        found = found.filter(sort_name__contains=fold(text))
    return found.prefetch_related(Prefetch("goes_to", walks))


def contest_numbered(pk: int | None) -> Contest | None:
    return Contest.objects.filter(pk=pk).first() if pk else None
