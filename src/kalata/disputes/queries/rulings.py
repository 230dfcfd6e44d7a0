"""Decisions, limited to who may read them: a draft is the bench's alone; once signed, the registry's and the publisher's too."""

from __future__ import annotations

from typing import Any

from kalata.disputes.models import Petition, Ruling
from kalata.disputes.rules.rulings import State
from kalata.disputes.rules.steps import BENCH, PRESIDE, PUBLISH, RAPPORTEUR, REGISTRY
from kalata.people.queries import may

OF_THE_BENCH = (RAPPORTEUR, BENCH, PRESIDE)
AFTERWARDS = (*OF_THE_BENCH, REGISTRY, PUBLISH)
DRAFTS = (State.DRAFT, State.GATE)


def draft_of(person: Any, pk: int) -> Ruling:
    """A decision as the bench reads it. Ruling.DoesNotExist for anybody else."""
    return readable(person, Ruling.objects.all(), pk, OF_THE_BENCH)


def signed_of(person: Any, pk: int) -> Ruling:
    """A signed decision. Ruling.DoesNotExist: a draft still, or not this person's to read."""
    return readable(person, Ruling.objects.exclude(state__in=DRAFTS), pk, AFTERWARDS)


def ruling_to_read(person: Any, petition: Petition) -> Ruling | None:
    """The decision of a case, where there is one that this person may read: a draft is the bench's alone."""
    found = Ruling.objects.filter(outcomes__petition=petition).first()
    if found is None:
        return None
    rights = OF_THE_BENCH if found.state in DRAFTS else AFTERWARDS
    return found if any(may(person, right, contest=found.contest_id) for right in rights) else None


def readable(person: Any, found: Any, pk: int, rights: tuple[str, ...]) -> Ruling:
    one: Ruling = found.select_related("contest__election__pack", "contest__election__geography", "drafted_by", "signed_by").get(pk=pk)  # fmt: skip
    if not any(may(person, right, contest=one.contest_id) for right in rights):
        raise Ruling.DoesNotExist(pk)
    return one
