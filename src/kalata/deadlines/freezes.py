"""A legal calendar counts from the polling day: the contest does not change it alone."""

from __future__ import annotations

from collections.abc import Iterator

from kalata.country.freezing import DEPENDS
from kalata.country.models import Contest
from kalata.deadlines.models import Calendar
from kalata.text import Message
from kalata.text import gettext_noop as _


def counted_from(contest: Contest) -> Iterator[tuple[str, Message]]:
    for code in Calendar.objects.filter(election=contest.election_id).values_list("code", flat=True):
        yield "polling_day", Message(_("le calendrier légal %(code)s compte depuis ce jour"), {"code": code})


def register() -> None:
    if counted_from not in DEPENDS:
        DEPENDS.append(counted_from)
