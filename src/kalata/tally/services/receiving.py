"""A paper received twice, and one received by mistake."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from kalata.people.models import Person
from kalata.tally.models import Paper
from kalata.tally.rules.lifecycle import STATE_LABELS, State
from kalata.tally.rules.stops import AlreadyHere
from kalata.tally.services.moving import locked
from kalata.tally.services.passing import pass_on
from kalata.text import gettext_noop as _


def here_already(paper: Paper) -> AlreadyHere:
    """The refusal of a paper received twice: by whom the first time, when, and where it has come since."""
    first = paper.passages.filter(to=State.RECEIVED).select_related("by").order_by("pk").last()
    when = timezone.localtime(first.at) if first else None
    return AlreadyHere(
        station=paper.station.code, who=first.by.username if first and first.by else "–",
        when=f"{when:%d/%m, %H:%M}" if when else "–", state=STATE_LABELS[State(paper.state)],
    )  # fmt: skip


@transaction.atomic
def undo_reception(*, paper_id: int, by: Person) -> Paper:
    """A form passed by mistake is expected again: its own receiver says so, as long as nothing was done with it.

    Raises: RES-410 it has gone on, RES-437 somebody else received it, RES-438 it was not simply expected before.
    """
    paper = locked(paper_id)
    last = paper.passages.order_by("pk").last()
    if last is not None and last.to == State.RECEIVED and last.by_id != by.pk:
        raise here_already(paper)
    return pass_on(paper_id=paper_id, to=State.EXPECTED, reason=str(BY_MISTAKE), by=by)


BY_MISTAKE = _("Réception faite par erreur, annulée par qui l’a faite")
