"""What a publication rests on, asked of the ledger: versions, papers with their passages, entries and hands, files,
requests, the contest and its candidates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from kalata.country.models import Contest, Option, Station
from kalata.ledger import bonds
from kalata.ledger.answers import faults_among
from kalata.ledger.bonds import Fault
from kalata.people.models import Approval
from kalata.results.models import Decision, Import

SUBJECT = 120


def untold(contest: Contest, stations: Sequence[int] | None = None) -> Iterator[Fault]:
    """The rows behind these figures that no act tells, or that are not what it says. stations: all, where left out."""
    files = Import.objects.filter(contest=contest)
    subjects = [f"contest:{contest.code}", *(f"import:{pk}" for pk in files.values_list("pk", flat=True))]
    about = Q(subject__in=subjects)
    if stations is None:
        about |= Q(subject__startswith=f"station:{contest.code}/")
    else:
        codes = Station.objects.filter(pk__in=stations).values_list("code", flat=True)
        about |= Q(subject__in=[f"station:{contest.code}/{code}"[:SUBJECT] for code in codes])
    wanted: dict[Any, QuerySet[Any]] = {
        Contest: Contest.objects.filter(pk=contest.pk),
        Option: Option.objects.filter(contest=contest),
        Import: files,
        Approval: Approval.objects.filter(about),
        Decision: Decision.objects.filter(contest=contest),
    }
    for model, told in bonds.watched():
        if told.station:
            of = {f"{told.station}__contest": contest} if stations is None else {f"{told.station}__in": stations}
            wanted[model] = model._base_manager.filter(**of)
    yield from faults_among(about, wanted)
