"""Mistakes are struck, visibly: what was written stays legible, with who struck it and why."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.utils import timezone

from kalata.disputes import kinds
from kalata.disputes.models import Clock, Exhibit, FirstRuling, Ground, GroundTarget, Party, Service, Strike
from kalata.disputes.rules.offices import ExemplarKept
from kalata.disputes.rules.steps import REGISTRY
from kalata.disputes.services import custody, sheets, steps
from kalata.disputes.services.guarding import require_right
from kalata.ledger.services import record
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
def strike(
    *, petition_id: int, what: str, row_id: int, why: str, by: Person, seen: str | None = None
) -> Strike:  # fmt: skip
    """Strike a party, a ground, a station aimed at or a piece. The content of a struck piece stays in the store.

    What only waited for the struck row stops with it: papers still to be brought to a struck party, the clock of a
    struck ground. What was served stays served. Raises: PEO-101, DIS-130 no such row, DIS-205, DIS-910 a signed decision, PEO-203 without a reason.
    """
    petition = sheets.locked(petition_id, seen)
    require_right(by, REGISTRY, petition)
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
    if isinstance(row, Exhibit) and (signed := FirstRuling.objects.filter(copy=row).first()):
        raise ExemplarKept(number=signed.number)
    WHAT[what]._default_manager.filter(pk=row_id).update(struck=True)
    words = words_of(row)
    made = Strike.objects.create(
        petition=petition, what=what, row=row_id, words=words, why=why.strip()[:400], by=by, at=timezone.now()
    )
    if isinstance(row, Exhibit):
        custody.note(
            petition, "struck", actor=f"registry:{by.pk}", by=by, exhibit=row, sha256=row.piece.sha256, why=why
        )
    let_go(row, why.strip(), by)
    told = words if what != "party" else ""  # a person's name is not for the ledger
    record(
        by=by, kind=kinds.STRUCK, subject=steps.subject_of(petition), reason=why.strip(), rows=[made, *changed(row)],
        after={"what": what, "row": row_id, "words": told},
    )  # fmt: skip
    sheets.refresh(petition)
    return made


def let_go(row: models.Model, why: str, by: Person) -> None:
    """Nothing waits any more for a party or a ground that was there by mistake."""
    now = timezone.now()
    if isinstance(row, Party):
        waiting = Service.objects.filter(party=row, served_at=None, struck_at=None, waiver="")
        waiting.update(struck_at=now, struck_by=by, struck_why=why[:400])
    if isinstance(row, Party | Ground):
        mine = {"party": row} if isinstance(row, Party) else {"ground": row}
        running = Clock.objects.filter(stopped_at=None, **mine)
        if isinstance(row, Party):
            running = running.filter(met_at=None)
        running.update(stopped_at=now, stopped_why=why[:300])


def changed(row: models.Model) -> list[Any]:
    """The rows that the act changed: the struck one, and what waited for it."""
    if isinstance(row, GroundTarget):
        return []
    if isinstance(row, Party):
        return [row, Service.objects.filter(party=row), Clock.objects.filter(party=row)]
    return [row, Clock.objects.filter(ground=row)] if isinstance(row, Ground) else [row]


def words_of(row: object) -> str:
    """What a struck row said, as it is shown crossed out."""
    if isinstance(row, Party):
        return row.name[:250]
    if isinstance(row, Ground):
        return f"{row.key} {row.code}"
    return row.words if isinstance(row, GroundTarget) else f"P{row.number} {row.name}"[:250]  # type: ignore[attr-defined]
