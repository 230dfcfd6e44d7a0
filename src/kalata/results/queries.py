"""Reads about reports and imports."""

from __future__ import annotations

from django.db.models import QuerySet

from kalata.country.models import Contest, Station
from kalata.results.models import Import, MappingProfile, Paper, StationReport
from kalata.results.rules.lifecycle import State


def history(station: Station, *, only_published: bool = False) -> list[StationReport]:
    """Every version of a station's report, latest first; without the one that waits for its batch, for the public."""
    rows = list(StationReport.objects.filter(station=station).select_related("source").order_by("-version"))
    if only_published and Paper.objects.filter(station=station, state=State.VALIDATED).exists():
        rows = [r for r in rows if not r.current]
    return rows


def imports(contest: Contest | None = None) -> QuerySet[Import]:
    found = Import.objects.select_related("contest", "by")
    return found.filter(contest=contest) if contest else found


def profiles() -> QuerySet[MappingProfile]:
    return MappingProfile.objects.select_related("by")
