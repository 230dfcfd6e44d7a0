"""The custody of a case: the one writer of its chain."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from kalata.disputes.models import CustodyEvent, Exhibit, Petition
from kalata.disputes.rules import custody as rule
from kalata.disputes.rules.receipts import normal


def line_of(event: CustodyEvent) -> dict[str, Any]:
    """A row as the rule wrote it."""
    return {
        "n": event.sequence, "at": rule.instant(event.at), "actor": event.actor, "act": event.kind, "piece": event.sha256,
        "from": event.giver, "to": event.receiver, "why": event.why, "prev": event.previous, "hash": event.hash,
    }  # fmt: skip


def note(
    petition: Petition, act: str, *, actor: str, by: Any = None, exhibit: Exhibit | None = None, sha256: str = "",
    why: str = "", giver: str = "", receiver: str = "", at: datetime | None = None,
) -> CustodyEvent:  # fmt: skip
    """Add a line to the chain of a case, held until the transaction ends. actor: a role and a number ("registry:12")."""
    Petition.every.select_for_update().only("pk").get(pk=petition.pk)
    last = petition.custody.order_by("-sequence").first()
    line = rule.next_line(
        line_of(last) if last else None, at=at or timezone.now(), actor=actor, act=act, piece=sha256,
        source=normal(giver)[:120], to=normal(receiver)[:120], why=normal(why)[:300],
    )  # fmt: skip
    row = event_of(petition, line, exhibit=exhibit, by=by)
    row.save(force_insert=True)
    return row


def event_of(petition: Petition, line: dict[str, Any], *, exhibit: Exhibit | None, by: Any) -> CustodyEvent:
    return CustodyEvent(
        petition=petition, exhibit=exhibit, sequence=line["n"], kind=line["act"], sha256=line["piece"], why=line["why"],
        giver=line["from"], receiver=line["to"], actor=line["actor"], by=by, at=datetime.fromisoformat(line["at"]),
        previous=line["prev"], hash=line["hash"],
    )  # fmt: skip


def chain(petition: Petition) -> list[dict[str, Any]]:
    """The lines of a case, in order."""
    return [line_of(e) for e in petition.custody.order_by("sequence")]


def faults(petition: Petition) -> list[rule.Fault]:
    return rule.check(chain(petition))
