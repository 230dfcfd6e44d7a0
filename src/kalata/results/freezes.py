"""Since when a contest has figures: the first entry of a paper, the first version imported, the first copy of an agent."""

from __future__ import annotations

from kalata.country.freezing import PUBLIC, SOURCES, Freeze
from kalata.country.models import Contest
from kalata.results.models import Copy, Entry, StationReport
from kalata.results.queries import published
from kalata.text import gettext_noop as _


def first_entry(contest: Contest) -> Freeze | None:
    at = Entry.objects.filter(paper__contest=contest).order_by("pk").values_list("at", flat=True).first()
    return Freeze(_("première saisie d’un procès-verbal"), at) if at else None


def first_version(contest: Contest) -> Freeze | None:
    at = StationReport.objects.filter(contest=contest).order_by("pk").values_list("at", flat=True).first()
    return Freeze(_("premiers chiffres importés"), at) if at else None


def first_copy(contest: Contest) -> Freeze | None:
    at = Copy.objects.filter(contest=contest).order_by("pk").values_list("at", flat=True).first()
    return Freeze(_("première copie d’un délégué"), at) if at else None


def register() -> None:
    for source in (first_entry, first_version, first_copy):
        if source not in SOURCES:
            SOURCES.append(source)
    if published.first_public not in PUBLIC:
        PUBLIC.append(published.first_public)
