"""The record of a received petition made more precise; its receipt, its number and its instant stay what they were."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from kalata.disputes import kinds
from kalata.disputes.models import Petition
from kalata.disputes.rules.steps import REGISTRY
from kalata.disputes.services import clocks, steps
from kalata.disputes.services.guarding import require_right
from kalata.ledger.services import record
from kalata.people.models import Person


@transaction.atomic
def correct(*, petition_id: int, by: Person, why: str, **changed: Any) -> Petition:
    """Make the record of a received petition more precise: act attacked, capacity, relief, place. Its receipt, its number
    and its instant stay what they were."""
    petition = Petition.every.select_for_update(of=("self",)).select_related("contest").get(pk=petition_id)
    require_right(by, REGISTRY, petition)
    odd = set(changed) - {"kind", "about", "about_words", "capacity", "relief", "unit"}
    if odd:
        raise TypeError(f"not to be corrected: {', '.join(sorted(odd))}")
    before = {name: str(getattr(petition, name) or "") for name in changed}
    for name, value in changed.items():
        setattr(petition, name, value)
    petition.save(update_fields=list(changed))
    record(
        by=by, kind=kinds.PETITION_CORRECTED, subject=steps.subject_of(petition), reason=why, before=before,
        after={"fields": {name: str(value or "") for name, value in changed.items()}},
    )  # fmt: skip
    clocks.start(petition)
    return petition
