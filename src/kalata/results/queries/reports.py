"""Reads about reports."""

from __future__ import annotations

from kalata.country.models import Station
from kalata.results.models import StationReport
from kalata.results.queries.published import history_of


def history(station: Station, *, only_published: bool = False) -> list[StationReport]:
    """Every version of a station's report, latest first; for the public, those that were public, and each taking back."""
    held = history_of(station)
    return [v.row for v in (held.told if only_published else held.versions)]
