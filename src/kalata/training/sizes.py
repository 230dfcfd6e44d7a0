"""What a published cascade comes to, which a plan may take up (`kalata.rooms.sizes`): totals alone, no person and no place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from kalata.people.queries import may
from kalata.planning.rules.rights import READ as PLANS
from kalata.rooms import Sized
from kalata.training.models import Cascade
from kalata.training.rules.cascade_keep import content_of, kept_of
from kalata.training.rules.cascade_sizes import figures_of
from kalata.training.rules.classes_states import Kept
from kalata.training.rules.rights import READ


def shown(person: Any, subject: str, election: int) -> Iterator[Sized]:
    """The cascades of an election that two persons have signed, for who reads plans or training."""
    reads = may(person, READ)
    if subject != "training" or not (reads or may(person, PLANS)):
        return
    for one in Cascade.objects.filter(contest__election=election, state=Kept.PUBLISHED).order_by("contest_id"):
        classes = [kept_of(row) for row in one.answer["classes"]]
        if classes:
            yield Sized(
                title=one.title, mark=one.sha256, figures=figures_of(content_of(one.content), classes),
                first=min(c.first for c in classes), last=max(c.last for c in classes), url=reverse("plans:plan", args=[one.pk]) if reads else "",
            )  # fmt: skip
