"""What the command line reads of the cases: the list, the sealed texts as they are kept, what no longer is as it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kalata.disputes.models import Exhibit, Petition, SealedItem
from kalata.disputes.rules import custody
from kalata.disputes.rules.guide import code
from kalata.disputes.rules.steps import State
from kalata.disputes.services.custody import chain
from kalata.evidence import rehash


def decision_of(petition: Petition) -> str:
    """The number of the decision on a case; empty where it is not signed."""
    outcome = getattr(petition, "outcome", None)
    ruling = getattr(outcome, "ruling", None)
    return str(ruling.number) if ruling is not None and ruling.digest else ""


def listed(state: State | None = None) -> list[dict[str, Any]]:
    """The cases received, in order of number."""
    rows = Petition.objects.exclude(number=None).select_related("contest").order_by("number")
    found = rows if state is None else rows.filter(state=state)
    return [
        {"case": one.number, "roll": one.roll, "state": code(one.state), "contest": one.contest.code, "decision": decision_of(one)}
        for one in found
    ]  # fmt: skip


def numbered(number: str) -> Petition | None:
    return Petition.every.filter(number=number).select_related("contest").first()


def sealed_items(petition: Petition) -> list[tuple[dict[str, Any], bytes]]:
    """The sealed texts of a case as they are kept: what is known of each, and its bytes."""
    rows = SealedItem.objects.filter(round__petition=petition).select_related("round", "member")
    return [
        (
            {"file": f"{one.round.number:02d}-{one.number:03d}.sealed", "kind": one.kind, "by": one.member.code},
            bytes(one.body),
        )
        for one in rows.order_by("round__number", "number")
    ]


def pieces_wrong() -> Iterator[tuple[str, int, str, str]]:
    """(case, number of the piece, its hash, fault) of each piece that is not as it was received. Each content is read once."""
    seen: dict[int, str] = {}
    rows = Exhibit.objects.exclude(petition__number=None).select_related("piece", "petition")
    for one in rows.order_by("petition__number", "number").iterator():
        if one.piece_id not in seen:
            seen[one.piece_id] = rehash.fault_of(one.piece)
        if seen[one.piece_id]:
            yield str(one.petition.number), one.number, one.piece.sha256, seen[one.piece_id]


def chains_wrong() -> Iterator[tuple[str, custody.Fault]]:
    """(case, fault) of each line of custody that does not follow the one before it."""
    for one in Petition.every.exclude(number=None).order_by("number").iterator():
        for fault in custody.check(chain(one)):
            yield str(one.number), fault
