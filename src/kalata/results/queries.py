"""Reads about reports and imports."""

from __future__ import annotations

from django.db.models import QuerySet

from kalata.country.models import Contest, Station
from kalata.results.models import Import, MappingProfile, StationReport


def history(station: Station) -> list[StationReport]:
    """Every version of a station's report, latest first."""
    return list(StationReport.objects.filter(station=station).select_related("source").order_by("-version"))


def imports(contest: Contest | None = None) -> QuerySet[Import]:
    found = Import.objects.select_related("contest", "by")
    return found.filter(contest=contest) if contest else found


def profiles() -> QuerySet[MappingProfile]:
    return MappingProfile.objects.select_related("by")
