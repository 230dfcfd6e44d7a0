"""Since when a contest has figures on paper: the first entry of a paper, the first copy of an agent."""

from __future__ import annotations

from kalata.country.freezing import SOURCES, Freeze
from kalata.country.models import Contest
from kalata.tally.models import Copy, Entry
from kalata.text import gettext_noop as _


def first_entry(contest: Contest) -> Freeze | None:
    at = Entry.objects.filter(paper__contest=contest).order_by("pk").values_list("at", flat=True).first()
    return Freeze(_("première saisie d’un procès-verbal"), at) if at else None


def first_copy(contest: Contest) -> Freeze | None:
    at = Copy.objects.filter(contest=contest).order_by("pk").values_list("at", flat=True).first()
    return Freeze(_("première copie d’un délégué"), at) if at else None


def register() -> None:
    for source in (first_entry, first_copy):
        if source not in SOURCES:
            SOURCES.append(source)
