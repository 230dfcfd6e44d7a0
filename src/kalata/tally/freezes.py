"""Since when a contest has figures on paper: the first entry of a paper, the first copy of an agent."""

from __future__ import annotations

from collections.abc import Iterator

from kalata.country.freezing import DEPENDS, SOURCES, Freeze
from kalata.country.models import Contest
from kalata.tally.models import Copy, Entry, Paper
from kalata.text import Message
from kalata.text import gettext_noop as _


def first_entry(contest: Contest) -> Freeze | None:
    at = Entry.objects.filter(paper__contest=contest).order_by("pk").values_list("at", flat=True).first()
    return Freeze(_("première saisie d’un procès-verbal"), at) if at else None


def first_copy(contest: Contest) -> Freeze | None:
    at = Copy.objects.filter(contest=contest).order_by("pk").values_list("at", flat=True).first()
    return Freeze(_("première copie d’un délégué"), at) if at else None


def on_paper(contest: Contest) -> Iterator[tuple[str, Message]]:
    """Forms carry the name, the day and the boxes: from the day the tally centre opens they may be printed."""
    if n := Paper.objects.filter(contest=contest).count():
        says = Message(_("la centralisation est ouverte et ses %(n)d {n:formulaire peut être imprimé|formulaires peuvent être imprimés}"), {"n": n})
        yield from ((field, says) for field in ("name_fr", "name_en", "polling_day", "boxes"))


def register() -> None:
    for source in (first_entry, first_copy):
        if source not in SOURCES:
            SOURCES.append(source)
    if on_paper not in DEPENDS:
        DEPENDS.append(on_paper)
