"""Every write: one act, one transaction, one line of the ledger."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from PACKAGE.kinds import ADDED, CLOSED
from PACKAGE.models import Record
from PACKAGE.room import KEEP
from PACKAGE.rules.steps import LIFE, State

from kalata import states
from kalata.ledger.services import record
from kalata.lifecycle import Act
from kalata.people.guard import require
from kalata.people.models import Person


@transaction.atomic
def add(*, title: str, by: Person) -> None:
    require(by, KEEP)
    made = Record.objects.create(title=title, by=by)
    record(by=by, kind=ADDED, subject=f"toy:{made.pk}", after={"title": title})


@transaction.atomic
def close(*, record_id: int, by: Person | None) -> None:
    """`by` None: the house itself. LIF-101 where it is closed already."""
    if by:
        require(by, KEEP)
    one = Record.objects.select_for_update().get(pk=record_id)
    act = Act(by=by.pk if by else 0, right=KEEP)
    states.write(one, LIFE, State.CLOSED, act, tells=lambda: record(by=by, kind=CLOSED, subject=f"toy:{one.pk}"))


def close_forgotten() -> None:
    """Records open for a year are closed. `kalata serve` calls this every hour."""
    for one in Record.objects.filter(state=State.OPEN, at__lt=timezone.now() - timedelta(days=365)):
        close(record_id=one.pk, by=None)
