"""Every night, every piece of every case and its chain are read again, and what differs is named."""

from __future__ import annotations

from kalata.disputes import kinds
from kalata.disputes.models import Exhibit, Petition
from kalata.disputes.services import custody
from kalata.evidence.rehash import fault_of
from kalata.ledger.models import Act
from kalata.ledger.services import record


def reread() -> list[str]:
    """Read every piece of every case again, and its chain; names what differs: number, piece, what is wrong.

    Each is told once to the ledger, and the house's own notice of a damaged file follows from its own turn.
    """
    wrong = []
    rows = Exhibit.objects.select_related("petition", "piece").order_by("petition__number", "number")
    for row in rows.filter(petition__received_at__isnull=False).iterator(chunk_size=500):
        if why := fault_of(row.piece):
            wrong.append(f"{row.petition.number} P{row.number} {why}")
            told(row, why)
    for petition in Petition.objects.filter(custody__isnull=False).distinct().iterator(chunk_size=500):
        wrong += [f"{petition.number} {f.line} {f.what}" for f in custody.faults(petition)]
    return wrong


def told(row: Exhibit, why: str) -> None:
    subject = f"petition:{row.petition.number}"
    after = {"number": row.number, "sha256": row.piece.sha256, "why": why}
    if not Act.objects.filter(kind=kinds.CUSTODY_FAULT.code, subject=subject, after=after).exists():
        record(by=None, kind=kinds.CUSTODY_FAULT, subject=subject, after=after)
