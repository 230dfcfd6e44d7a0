"""The only writer of the state of a case: the table decides, the step and the ledger tell it, in one transaction.

What the table must know beside the row (who is served, what the gate says) is said by the part that knows it, which
registers a function in `FACTS`; what nobody says stops the step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from kalata import states
from kalata.disputes import kinds
from kalata.disputes.models import Petition, PetitionStep
from kalata.disputes.rules.steps import CASE, LABELS, RAPPORTEUR, Case, Move, State
from kalata.disputes.services.guarding import require_in, require_reporter
from kalata.ledger.services import record
from kalata.lifecycle import may, ways_out
from kalata.people.models import Person
from kalata.refusals import Refused

FACTS: list[Callable[[Petition], dict[str, Any]]] = []
"""Each gives some fields of `rules.steps.Case` for a petition: unserved, undelivered, voted, passes, drafters."""


def facts(told: Callable[[Petition], dict[str, Any]]) -> Callable[[Petition], dict[str, Any]]:
    """Register what a part of the room knows of a case. `drafters` of several parts add up."""
    if told not in FACTS:
        FACTS.append(told)
    return told


def case_of(petition: Petition) -> Case:
    """A petition as the table sees it."""
    taken = list(petition.steps.order_by("pk").values_list("start", "to", "by_id"))
    drafts = (State.DRAFTED, State.GATE)
    drafted = frozenset(by for start, to, by in taken if to in drafts and start != State.GATE and by)  # not who sends it back
    away = next((start for start, to, _by in reversed(taken) if to in (State.STAYED, State.JOINED)), None)
    known: dict[str, Any] = {}
    drafters = drafted
    for told in FACTS:
        said = told(petition)
        drafters |= frozenset(said.pop("drafters", ()))
        known |= said
    lead = Petition.every.only("state").get(pk=petition.lead_id) if petition.lead_id else None
    refused = next((by for _s, to, by in reversed(taken) if to in (State.INADMISSIBLE, State.NO_JURISDICTION)), None)
    return Case(
        state=State(petition.state),
        hands={"refuser": refused} if refused else {},
        roll=petition.roll,
        came=frozenset({State(away)}) if away else frozenset(),
        lead=State(lead.state) if lead else None,
        drafters=drafters,
        **known,
    )


def may_lead(lead: Petition | None, petition: Petition) -> bool:
    """True where this petition may be joined to that one: another, of the same contest, received, not joined itself."""
    if lead is None or lead.pk == petition.pk or lead.contest_id != petition.contest_id:
        return False
    apart = (State.DRAFT, State.JOINED, State.CLOSED)
    return lead.lead_id is None and lead.state not in apart and not petition.joined.exists()


AFTER: list[Callable[[Petition], None]] = []
"""What a step makes anew, in its transaction: the sheet of the docket."""


@transaction.atomic
def move(
    petition: Petition, to: State, by: Person | None, act: str = "", why: str = "",
    *, lead: Petition | None = None, body: str = "", **values: Any,
) -> PetitionStep:  # fmt: skip
    """Take a step. act: the document or decision it rests on; why: the reason; by None: the house itself.

    lead: the case a joined one follows; body: the competent organ, where this Court is not. values: columns that change
    with the state. Raises: PEO-101 without the right over the contest, DIS-801 another's case to report, DIS-809 out of it, LIF-101 no such step, LIF-103 overtaken, DIS-102
    to DIS-111 what the step lacks.
    """
    start, right = State(petition.state), right_of(State(petition.state), to)
    if by is not None:
        may_take(by, right, to, petition)
    done = Move(
        by=by.pk if by else 0, right=right, reason=why, document=act, joins=may_lead(lead, petition), body=body
    )  # fmt: skip
    if to is State.JOINED:
        values["lead_id"] = lead.pk if lead else None
    if to is State.SEVERED:
        values["lead_id"] = None
    row = states.write(
        petition, CASE, to, done, stand=case_of(petition), tells=lambda: told(petition, start, done, to, by), **values
    )
    record(
        by=by, kind=kinds.PETITION_MOVED, subject=subject_of(petition), reason=why[:400],
        after={"from": start.value, "to": to.value, "act": act[:300]}, rows=[row],
    )  # fmt: skip
    for anew in AFTER:
        anew(petition)
    return row


BY_REPORTER = (State.INADMISSIBLE, State.NO_JURISDICTION, State.READY)
"""Steps that follow from what the reporting judge wrote: they are that member's, once the case has one."""


def may_take(by: Person, right: str, to: State, petition: Petition) -> None:
    """PEO-101, DIS-801, DIS-809: this person does not take this step in this case."""
    if right == RAPPORTEUR and to in BY_REPORTER and petition.office_id is None:
        require_reporter(by, petition)
    elif right:
        require_in(by, right, petition)


def right_of(start: State, to: State) -> str:
    """The right of a step; empty where the table names none, or has no such step."""
    found = CASE.moves.get((start, to))
    return found.right if found else ""


def told(petition: Petition, start: State, done: Move, to: State, by: Person | None) -> PetitionStep:
    return PetitionStep.objects.create(
        petition=petition, start=start.value, to=to.value, by=by, right=done.right, act=done.document[:300],
        why=done.reason[:2_000], body=done.body[:200], at=timezone.now(),
    )  # fmt: skip


def subject_of(petition: Petition) -> str:
    """How the ledger names a case: by its number, never by a party."""
    return f"petition:{petition.number or petition.pk}"


def ways(petition: Petition, by: Person) -> list[tuple[State, str, Refused | None]]:
    """(state, its label, what stops this person) for each step that leads on from here and is a person's to take."""
    case = case_of(petition)
    out = []
    for one in ways_out(CASE, case.state):
        if one.right:
            tried = Move(by=by.pk, right=one.right, reason="-", document="-", joins=True, body="-")
            out.append((one.to, LABELS[one.to], may(CASE, case, one.to, tried)))
    return out
