"""Simulations kept under a name. They touch nothing but their own row, and no ledger tells them: a trial is no act."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from kalata.disputes.models import Petition, Ruling, RulingOutcome, WhatIf
from kalata.disputes.queries import bench, instruct, weighing
from kalata.disputes.rules.choices import Choice
from kalata.disputes.rules.instruct import NameTaken, NotYours, Stale
from kalata.disputes.rules.rulings import State
from kalata.disputes.services import drafting, rulings
from kalata.disputes.services.guarding import inside
from kalata.people.models import Person

MOST = 60
"""Simulations of one case."""


@transaction.atomic
def keep(*, petition: Petition, name: str, choice: Choice, by: Person, contested: str = "grounds", rerun_places: bool = False) -> WhatIf:  # fmt: skip
    """Keep what a choice gives on the records in force now. DIS-801, DIS-802, DIS-805, DIS-806, every fault of the acts."""
    instruct.opening(by, petition).must_keep()
    name = " ".join(name.split())[:120]
    kept = WhatIf.objects.select_for_update().filter(petition=petition)
    if kept.filter(name=name).exists() or kept.count() >= MOST:
        raise NameTaken(name=name, most=MOST)
    found = weighing.weighed(petition, choice, contested=contested, rerun_places=rerun_places)
    done = found.weighing.applied
    return WhatIf.objects.create(
        petition=petition, name=name, case=found.case, told=weighing.told(found), digest=found.digest,
        recomputed=done.digest if done is not None else "", revision=found.revision, by=by, at=timezone.now(),
    )  # fmt: skip


@transaction.atomic
def drop(*, one: WhatIf, by: Person) -> None:
    """Delete a simulation for good: its author, and nobody else. DIS-807."""
    if one.by_id != by.pk:
        raise NotYours
    inside(by, (one.petition,))
    one.delete()


@transaction.atomic
def draft(*, one: WhatIf, number: str, words: str, by: Person) -> Ruling:
    """Hand the acts of a simulation to the draft decision of its case: the one that is open, else a new one.

    They are added after those it has, all or none (`drafting.add_acts`), and every fault is found again; nothing that was
    written there is replaced. Raises DIS-801, DIS-806, DIS-808, DIS-301, DIS-500 to DIS-507.
    """
    petition = one.petition
    instruct.opening(by, petition).must_keep()
    if one.revision != weighing.revision_of(petition.contest):
        raise Stale
    open_ = RulingOutcome.objects.filter(petition=petition, ruling__state=State.DRAFT).select_related("ruling").first()
    held = open_.ruling if open_ is not None else rulings.draft(
        contest=petition.contest, number=number, words=words, by=by, petitions=family(petition)
    )  # fmt: skip
    return drafting.add_acts(ruling=held, by=by, acts=one.case.get("acts") or [])


def family(petition: Petition) -> Sequence[Petition]:
    """The case and those joined to it."""
    return list(Petition.objects.filter(pk__in=bench.family(petition)).order_by("roll", "pk"))
