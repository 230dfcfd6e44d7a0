"""A plan leads to the polling day: the contest does not change it alone."""

from __future__ import annotations

from collections.abc import Iterator

from kalata.country.freezing import DEPENDS
from kalata.country.models import Contest
from kalata.planning.models import Plan
from kalata.text import Message
from kalata.text import gettext_noop as _


def led_to(contest: Contest) -> Iterator[tuple[str, Message]]:
    for name in Plan.objects.filter(election=contest.election_id).values_list("name", flat=True):
        yield "polling_day", Message(_("le plan « %(name)s » mène à ce jour"), {"name": name})


def register() -> None:
    if led_to not in DEPENDS:
        DEPENDS.append(led_to)
