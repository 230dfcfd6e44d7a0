"""What a clerk has typed and not yet submitted survives a power cut, and nobody else reads it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from kalata.people.models import Person
from kalata.tally.models import Draft, Paper
from kalata.tally.rules.lifecycle import NotHolder


@transaction.atomic
def keep(*, paper_id: int, values: Mapping[str, str], by: Person) -> Draft:
    """Keep the lines typed so far (line -> text). RES-413 where the paper is no longer in this person's hands."""
    paper = Paper.objects.filter(pk=paper_id, holder=by).only("pk").first()
    if paper is None:
        raise NotHolder(until="–")
    kept, _fresh = Draft.objects.update_or_create(
        paper=paper, by=by, defaults={"values": dict(values), "at": timezone.now()}
    )
    return kept


def draft_of(paper: Paper, by: Person) -> Draft | None:
    return Draft.objects.filter(paper=paper, by=by).first()


def drop(paper: Paper, by: Person) -> None:
    """Once submitted: what counts is the entry."""
    Draft.objects.filter(paper=paper, by=by).delete()
