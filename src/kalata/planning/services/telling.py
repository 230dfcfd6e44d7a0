"""How a change of a draft is told: one more revision, and the act in the ledger."""

from __future__ import annotations

import hashlib
import json

from kalata.ledger.rules.kinds import Kind
from kalata.ledger.services import record
from kalata.people.models import Person
from kalata.planning.models import PlanVersion


def mark(delta: object) -> str:
    return hashlib.sha256(json.dumps(delta, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def told(one: PlanVersion, kind: Kind, by: Person, after: dict[str, object]) -> None:
    """One more revision, and the act that tells it. sha256: of what changed."""
    one.revision += 1
    one.save(update_fields=["revision"])
    record(by=by, kind=kind, subject=f"plan:{one.plan.code}", after={"version": one.number, **after})
