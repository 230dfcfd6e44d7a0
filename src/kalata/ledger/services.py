"""Writing the ledger. `record` is called inside the transaction of the act it tells."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any, Protocol

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from kalata.ledger import bonds, kinds
from kalata.ledger.models import Act, Seal
from kalata.ledger.rules import chain, marks
from kalata.ledger.rules.kinds import Kind, Undeclared, declared
from kalata.refusals import Refused
from kalata.text import gettext_noop as _


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
    rows: bonds.Rows = (),
) -> Act:
    """Keep one act of a declared kind. `by` None: the system itself. rows: those that this act makes, changes or takes
    away, as the database has them now (`bonds`).

    Raises Undeclared where no room declares this kind, or not with this subject and these fields.
    """
    declared(kind).check(subject, after)
    act = Act(
        at=timezone.now(),
        actor_id=by.pk if by else None,
        actor=by.get_username() if by else "système",
        kind=kind.code,
        subject=subject[:120],
        before=as_kept(before),
        after=as_kept(after),
        reason=reason,
        territory=territory,
        address=HERE.get(),
        personal=kind.personal,
        rows=bonds.bound(rows) or None,
    )
    act.mark = marks.mark(act.line(), settings.LEDGER_KEY, secrets.token_hex(8))
    act.save(force_insert=True)
    return act


def record_unnamed(*, kind: Kind, subject: str, after: Any = None, rows: bonds.Rows = ()) -> Act:
    """Keep that an act was done, neither by whom nor from where: its own record says that, to whoever may read it there."""
    here = HERE.set("")
    try:
        return record(by=None, kind=kind, subject=subject, after=after, rows=rows)
    finally:
        HERE.reset(here)


def as_kept(value: Any) -> Any:
    """A value as the database gives it back: what the mark is over."""
    return None if value is None else json.loads(json.dumps(value))


class NotLost(Refused):
    code = "LED-003"
    says = _("Les actes de cette base portent la marque de la clé présente : il n’y a rien à reprendre.")
    remedy = _(
        "Si « kalata check » nomme des lignes, elles ont été écrites hors de l’application : ne les reprenez pas."
    )


@transaction.atomic
def adopt(reason: str) -> Act | None:
    """Take over, as it is, a database whose acts another key marked: `ledger.secret` is lost for good. The act says so.

    Raises: LED-003 an act bears the mark of the present key.
    """
    ours = marks.name_of(settings.LEDGER_KEY)
    if Act.objects.filter(mark__startswith=f"{ours}:").exists() or not Act.objects.exclude(mark=None).exists():
        raise NotLost
    return baseline(reason)


def baseline(reason: str = "") -> Act | None:
    """Cover by one act, dated and said plainly, the rows that were there before acts held digests. None: there is none.

    Made once, by the migration that brought the digests; what was wrong in those rows before stays so.
    """
    rows = [model._base_manager.all() for model, _told in bonds.watched()]
    held = bonds.bound(rows)
    last = Act.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    if not held and not last:
        return None
    counts = {table: sum(1 for part in kept for _n in bonds.spread(part)) for table, kept in held.items()}
    whole = hashlib.sha256(chain.line(dict(held)).encode()).hexdigest()
    after = {"acts": last, "tables": counts, "sha256": whole}
    return record(by=None, kind=kinds.BASELINE, subject="database", after=after, rows=rows, reason=reason)


def cover(found: Sequence[type[models.Model]], reason: str) -> Act | None:
    """Cover by one act the rows of tables whose digests begin today. None: there is none. It vouches for no earlier act."""
    rows = [model._base_manager.all() for model in found]
    held = bonds.bound(rows)
    if not held:
        return None
    counts = {table: sum(1 for part in kept for _n in bonds.spread(part)) for table, kept in held.items()}
    whole = hashlib.sha256(chain.line(dict(held)).encode()).hexdigest()
    after = {"acts": 0, "tables": counts, "sha256": whole}
    return record(by=None, kind=kinds.BASELINE, subject="database", after=after, rows=rows, reason=reason)


def moved_here(tables: int, rows: int, sha256: str) -> Act:
    """Tell, as the first act in its new database, that the house moved: how many tables and rows, and their digest."""
    return record(
        by=None, kind=kinds.MOVED, subject="database", after={"tables": tables, "rows": rows, "sha256": sha256}
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
