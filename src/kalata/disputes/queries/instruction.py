"""Reads of measures and pieces."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet

from kalata.disputes.models import Measure, Petition
from kalata.disputes.queries.cases import contests_of
from kalata.disputes.rules.steps import LIAISON, State
from kalata.evidence.rules.access import NoSuchPiece
from kalata.people.queries import rights_of


def measures_of(person: Any) -> QuerySet[Measure]:
    """The measures asked in the contests of a liaison, those without an answer first."""
    if LIAISON not in rights_of(person):
        return Measure.objects.none()
    cases = Petition.objects.filter(contests_of(person, LIAISON))
    found = Measure.objects.filter(petition__in=cases, struck_at=None).select_related("petition__contest", "exhibit")
    return found.order_by(F("answered_at").desc(nulls_first=True), "asked_at")


def case_for_reading(number: str) -> Petition:
    """A received case by its number, for who asks a piece of it; whether they may is asked next."""
    found = Petition.every.exclude(state=State.DRAFT).select_related("contest").filter(number=number).first()
    if found is None:
        raise NoSuchPiece
    return found
