"""Since when a contest has figures: the first version that counts."""

from __future__ import annotations

from kalata.country.freezing import PUBLIC, SOURCES, Freeze
from kalata.country.models import Contest
from kalata.results.models import StationReport
from kalata.results.queries import published
from kalata.text import gettext_noop as _


def first_version(contest: Contest) -> Freeze | None:
    at = StationReport.objects.filter(contest=contest).order_by("pk").values_list("at", flat=True).first()
    return Freeze(_("premiers chiffres importés"), at) if at else None


def register() -> None:
    if first_version not in SOURCES:
        SOURCES.append(first_version)
    if published.first_public not in PUBLIC:
        PUBLIC.append(published.first_public)
