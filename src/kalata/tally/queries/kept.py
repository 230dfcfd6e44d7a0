"""Reads of what the centre keeps: batches, copies, receptions, sittings, the figures that count."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from kalata.country.models import Contest, Unit
from kalata.results.models import Batch, StationReport
from kalata.results.rules.boxes import Standing
from kalata.tally.models import Copy, Sitting


def batches_of(contest: Contest) -> QuerySet[Batch]:
    return Batch.objects.filter(contest=contest).select_related("asked_by", "approved_by")


def copies_given_by(contest: Contest, person: Any) -> QuerySet[Copy]:
    """One's own copies, the latest first."""
    return Copy.objects.filter(contest=contest, by=person).select_related("station").order_by("-pk")


def sittings_at(contest: Contest, unit: Unit | None) -> QuerySet[Sitting]:
    return Sitting.objects.filter(contest=contest, unit=unit)


def counted_sheets(stations: Iterable[int]) -> QuerySet[Any, Any]:
    """(station, figures) of the reports in force that count."""
    found = StationReport.objects.filter(station__in=list(stations), current=True, standing=Standing.COUNTED)
    return found.values_list("station_id", "sheet")
