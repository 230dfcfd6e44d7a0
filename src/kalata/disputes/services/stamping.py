"""Instants of the Court's own authority: each receipt as soon as it can, the custody of every case at the end of each day.

A counter without network, or a house whose keys are not open, receives all the same: its token comes later, and says when.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from kalata.disputes import kinds
from kalata.disputes.models import CustodyEvent, CustodyRoot, PetitionReceipt
from kalata.disputes.rules import custody
from kalata.disputes.signing import court
from kalata.ledger.services import record

AT_ONCE = 500


def turn() -> int:
    """Stamp what waits: receipts without a token, days that are over. It bears being done twice."""
    return receipts() + days()


def receipts() -> int:
    """A token over the root of each receipt that has none. Returns how many were stamped; none where no key is open."""
    if not court.ready():
        return 0
    waiting = list(PetitionReceipt.objects.filter(token=None).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    return sum(receipt(pk) for pk in waiting)


@transaction.atomic
def receipt(pk: int) -> int:
    one = PetitionReceipt.objects.select_for_update().get(pk=pk)
    if one.token is not None:
        return 0
    one.token = court.stamp(bytes.fromhex(one.root))
    one.save(update_fields=["token"])
    return 1


def days() -> int:
    """The root of each day (UTC) that is over since the last one written; the token of those that lack one."""
    first = CustodyEvent.objects.order_by("at").values_list("at", flat=True).first()
    if first is None:
        return 0
    last = CustodyRoot.objects.order_by("-day").values_list("day", flat=True).first()
    day = last + timedelta(days=1) if last else first.astimezone(UTC).date()
    made = 0
    while day < timezone.now().astimezone(UTC).date():
        made += close(day)
        day += timedelta(days=1)
    if court.ready():
        made += sum(stamp(pk) for pk in CustodyRoot.objects.filter(token=None).values_list("pk", flat=True))
    return made


def start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def heads(until: datetime) -> dict[str, str]:
    """The last hash of the chain of every case before this instant, by its number."""
    rows = CustodyEvent.objects.filter(at__lt=until).exclude(petition__number=None)
    last = rows.values("petition").annotate(n=Max("sequence")).values_list("petition", "n")
    found = CustodyEvent.objects.filter(petition__in=[pk for pk, _n in last]).values_list("petition", "sequence", "petition__number", "hash")  # fmt: skip
    wanted = set(last)
    return {str(number): str(own) for pk, n, number, own in found if (pk, n) in wanted}


@transaction.atomic
def close(day: date) -> int:
    """Write the root of a day, with its token where the keys are open."""
    over = start_of(day) + timedelta(days=1)
    if CustodyRoot.objects.filter(day=day).exists() or over > timezone.now():
        return 0
    found = heads(over)
    if not found:
        return 0
    root = custody.day_root(found)
    made = CustodyRoot.objects.create(
        day=day, root=root.hex(), petitions=len(found), heads=found, at=timezone.now(),
        token=court.stamp(root) if court.ready() else None,
    )  # fmt: skip
    after = {"day": str(day), "root": made.root, "petitions": made.petitions}
    record(by=None, kind=kinds.CUSTODY_ROOT, subject="house:court", after=after)
    return 1


@transaction.atomic
def stamp(pk: int) -> int:
    one = CustodyRoot.objects.select_for_update().get(pk=pk)
    if one.token is not None:
        return 0
    one.token = court.stamp(bytes.fromhex(one.root))
    one.save(update_fields=["token"])
    return 1
