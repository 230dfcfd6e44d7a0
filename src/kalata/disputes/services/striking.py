"""Mistakes are struck, visibly: what was written stays legible, with who struck it and why."""

from __future__ import annotations

from django.db import models, transaction
from django.utils import timezone

from kalata.disputes import kinds
from kalata.disputes.models import Exhibit, Ground, GroundTarget, Party, Petition, Strike
from kalata.disputes.rules.steps import REGISTRY
from kalata.disputes.services import custody, steps
from kalata.ledger.services import record
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.people.rules.approval import NoReason
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

WHAT: dict[str, type[models.Model]] = {"party": Party, "ground": Ground, "target": GroundTarget, "exhibit": Exhibit}


class NotThere(Refused):
    code = "DIS-130"
    says = _("Cette mention n’est pas dans la requête, ou y est déjà rayée.")
    remedy = _("Rouvrez la requête : elle montre ce qui y est écrit et ce qui y est rayé.")
    status = 404


@transaction.atomic
def strike(*, petition_id: int, what: str, row_id: int, why: str, by: Person) -> Strike:
    """Strike a party, a ground, a station aimed at or a piece. The content of a struck piece stays in the store.

    Raises: PEO-101, DIS-130 no such row, PEO-203 without a reason.
    """
    petition = Petition.objects.select_for_update(of=("self",)).get(pk=petition_id)
    require(by, REGISTRY, contest=petition.contest_id)
    if not why.strip():
        raise NoReason
    path = "ground__petition" if what == "target" else "petition"
    row = (
        WHAT[what]._default_manager.filter(pk=row_id, struck=False, **{path: petition}).first()
        if what in WHAT
        else None
    )
    if row is None:
        raise NotThere
    WHAT[what]._default_manager.filter(pk=row_id).update(struck=True)
    words = words_of(row)
    made = Strike.objects.create(
        petition=petition, what=what, row=row_id, words=words, why=why.strip()[:400], by=by, at=timezone.now()
    )
    if isinstance(row, Exhibit):
        custody.note(
            petition, "struck", actor=f"registry:{by.pk}", by=by, exhibit=row, sha256=row.piece.sha256, why=why
        )
    told = words if what != "party" else ""  # a person's name is not for the ledger
    record(
        by=by, kind=kinds.STRUCK, subject=steps.subject_of(petition), reason=why.strip(),
        after={"what": what, "row": row_id, "words": told},
    )  # fmt: skip
    return made


def words_of(row: object) -> str:
    """What a struck row said, as it is shown crossed out."""
    if isinstance(row, Party):
        return row.name[:250]
    if isinstance(row, Ground):
        return f"{row.key} {row.code}"
    return row.words if isinstance(row, GroundTarget) else f"P{row.number} {row.name}"[:250]  # type: ignore[attr-defined]
