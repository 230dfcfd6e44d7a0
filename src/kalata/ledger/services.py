"""Writing the ledger. `record` is called inside the transaction of the act it tells."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone

from kalata.ledger.models import Act, Seal
from kalata.ledger.rules import chain


class Actor(Protocol):
    pk: Any

    def get_username(self) -> str: ...


HERE: ContextVar[str] = ContextVar("kalata_here", default="")
"""The address the present request comes from; empty for the command line and jobs."""


def record(
    *,
    by: Actor | None,
    kind: str,
    subject: str,
    before: Any = None,
    after: Any = None,
    reason: str = "",
    territory: str = "",
    personal: bool = False,
) -> Act:
    """Keep one act. `by` None: the system itself. personal: it read or changed personal data."""
    return Act.objects.create(
        at=timezone.now(),
        actor_id=by.pk if by else None,
        actor=by.get_username() if by else "système",
        kind=kind,
        subject=subject[:120],
        before=before,
        after=after,
        reason=reason,
        territory=territory,
        address=HERE.get(),
        personal=personal,
    )


def read_of_personal_data(*, by: Actor, what: str, subject: str) -> Act:
    """Keep the fact that `by` looked at somebody's personal data."""
    return record(by=by, kind=f"read.{what}", subject=subject, personal=True)


@transaction.atomic
def seal_waiting(limit: int = 5_000) -> Seal | None:
    """Seal the acts after the last seal, oldest first. None when there is nothing to seal.

    Run by one sequencer only; two at once collide on the unique `previous` and one fails whole.
    """
    last = Seal.objects.order_by("-pk").first()
    acts = list(Act.objects.filter(pk__gt=last.last if last else 0).order_by("pk")[:limit])
    if not acts:
        return None
    previous = last.hash if last else chain.GENESIS
    return Seal.objects.create(
        first=acts[0].pk,
        last=acts[-1].pk,
        count=len(acts),
        previous=previous,
        hash=chain.seal(previous, (a.line() for a in acts)),
        at=timezone.now(),
    )
