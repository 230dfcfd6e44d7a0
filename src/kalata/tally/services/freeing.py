"""The supervisor takes a paper back from who holds it: it returns to its queue, and the next free person takes it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from kalata.ledger.services import record
from kalata.people.models import Person
from kalata.people.services import require
from kalata.results.services.contests import place_of
from kalata.tally import kinds
from kalata.tally.models import Paper
from kalata.tally.rules.lifecycle import CLAIMS, NEED_LABELS, TABLE, Act, Lacks, Need, State
from kalata.tally.services.moving import locked, move, stale
from kalata.tally.services.reports import BACK


@transaction.atomic
def free(*, paper_id: int, reason: str, by: Person, seen: str | None = None) -> Paper:
    """End a hold before its hour. What the holder had typed stays his draft; nothing of it is an entry.

    Raises: RES-411 no reason, RES-416 nobody holds it any more, or somebody else does.
    """
    paper = locked(paper_id)
    require(by, "results.setup", place=place_of(paper.station), contest=paper.contest_id)
    state = State(paper.state)
    if state not in CLAIMS or (seen is not None and seen != paper.last_hash):
        raise stale(paper, seen or "")
    if not reason.strip():
        raise Lacks(need=NEED_LABELS[Need.REASON])
    holder, to, now = paper.holder, BACK[state], timezone.now()
    paper.held_until = now
    Paper.objects.filter(pk=paper.pk).update(held_until=now)
    record(
        by=by, kind=kinds.PAPER_FREED, subject=f"station:{paper.contest.code}/{paper.station.code}",
        reason=reason.strip()[:300], after={"from": state.value, "holder": holder.username if holder else ""},
    )  # fmt: skip
    words = f"{by.username} : {reason.strip()}"
    move(paper, to, Act(by=0, at=now, right=TABLE[state, to].right, reason=words[:400]))
    return paper
