"""Writing the ledger. `record` is called inside the transaction of the act it tells."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone

from kalata.ledger.models import Act, Seal
from kalata.ledger.rules import chain
from kalata.ledger.rules.kinds import Kind, Undeclared, declared


class Actor(Protocol):
    pk: Any

    def get_username(self) -> str: ...


HERE: ContextVar[str] = ContextVar("kalata_here", default="")
"""The address the present request comes from; empty for the command line and jobs."""


def record(
    *,
    by: Actor | None,
    kind: Kind,
    subject: str,
    before: Any = None,
    after: Any = None,
    reason: str = "",
    territory: str = "",
) -> Act:
    """Keep one act of a declared kind. `by` None: the system itself.

    Raises Undeclared where no room declares this kind, or not with this subject and these fields.
    """
    declared(kind).check(subject, after)
    return Act.objects.create(
        at=timezone.now(),
        actor_id=by.pk if by else None,
        actor=by.get_username() if by else "système",
        kind=kind.code,
        subject=subject[:120],
        before=before,
        after=after,
        reason=reason,
        territory=territory,
        address=HERE.get(),
        personal=kind.personal,
    )


def read_of_personal_data(*, by: Actor, kind: Kind, subject: str) -> Act:
    """Keep the fact that `by` looked at somebody's personal data."""
    if not kind.personal:
        raise Undeclared(f"{kind.code} is not declared as touching personal data")
    return record(by=by, kind=kind, subject=subject)


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
