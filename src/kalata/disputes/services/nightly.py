"""Every night, every piece of every case and its chain are read again, and what differs is named to the registry."""

from __future__ import annotations

from django.urls import reverse

from kalata.disputes import kinds, topics
from kalata.disputes.models import Exhibit, Petition
from kalata.disputes.rules.steps import REGISTRY
from kalata.disputes.services import custody
from kalata.evidence.rehash import fault_of
from kalata.ledger.models import Act
from kalata.ledger.services import record
from kalata.notices import services as notices
from kalata.notices.rules.topics import Desk
from kalata.stopping import going
from kalata.text import Message
from kalata.text import gettext_noop as _

PIECE = _("Affaire %(case)s, pièce P%(n)d : son fichier n’est plus celui qui a été reçu, ou manque.")
CHAIN = _("Affaire %(case)s : la chaîne de ses pièces ne se suit plus à la ligne %(line)s.")


def reread() -> list[str]:
    """Read every piece of every case again, and its chain; names what differs: number, piece, what is wrong.

    Each is told once to the ledger and to the registry, whose task ends when the piece is again what it was.
    """
    wrong: list[str] = []
    still: set[str] = set()
    rows = Exhibit.objects.select_related("petition", "piece").order_by("petition__number", "number")
    for row in going(rows.filter(petition__received_at__isnull=False).iterator(chunk_size=500)):
        if why := fault_of(row.piece):
            wrong.append(f"{row.petition.number} P{row.number} {why}")
            told(row, why)
            said = Message(PIECE, {"case": row.petition.number, "n": row.number})
            still.add(alarm(row.petition, f"P{row.number}", said))
    for petition in going(Petition.every.filter(custody__isnull=False).distinct().iterator(chunk_size=500)):
        found = custody.faults(petition)
        wrong += [f"{petition.number} {f.line} {f.what}" for f in found]
        if found:
            still.add(alarm(petition, "chain", Message(CHAIN, {"case": petition.number, "line": str(found[0].line)})))
    notices.settle(k for k in notices.open_keys("disputes:damaged:") if k not in still)
    return wrong


def alarm(petition: Petition, what: str, said: Message) -> str:
    """The registry's task for what differs; its key."""
    key = f"disputes:damaged:{petition.pk}:{what}"
    notices.tell(
        topics.DAMAGED, said, once=key, subject=f"petition:{petition.number}", href=reverse("disputes:case", args=[petition.number]),
        desk=Desk(REGISTRY, (), petition.contest_id),
    )  # fmt: skip
    return key


def told(row: Exhibit, why: str) -> None:
    subject = f"petition:{row.petition.number}"
    after = {"number": row.number, "sha256": row.piece.sha256, "why": why}
    if not Act.objects.filter(kind=kinds.CUSTODY_FAULT.code, subject=subject, after=after).exists():
        record(by=None, kind=kinds.CUSTODY_FAULT, subject=subject, after=after)
