"""What this room has of a subject that another room shows (`kalata.rooms.ties`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from kalata.deadlines import queries
from kalata.rooms import Tie


def shown(person: Any, subject: str) -> Iterator[Tie]:
    """A line of the law in each calendar that this person sees."""
    what, _colon, key = subject.partition(":")
    if what != "norm":
        return
    lang = "en" if get_language() == "en" else "fr"
    for calendar in queries.calendars(person):
        line = queries.legal(calendar).get(key)
        if line is not None:
            title = line.norm.what.text(lang)
            yield Tie(
                title[:1].upper() + title[1:],
                reverse("deadlines:rule", args=[calendar.code, key]),
                (lang == "en" and calendar.election.name_en) or calendar.election.name_fr,
            )
