"""Every write: one act, one transaction, one line of the ledger."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from PACKAGE import papers
from PACKAGE.kinds import ADDED, CLOSED, TOLD
from PACKAGE.models import Record
from PACKAGE.room import KEEP
from PACKAGE.rules.steps import LIFE, State

from kalata import states
from kalata.chain import services as chain
from kalata.documents.services import issue
from kalata.ledger.services import record
from kalata.lifecycle import Act
from kalata.people.guard import require
from kalata.notices.services import tell
from kalata.people.models import Person
from kalata.text import Message
from kalata.text import gettext_noop as _


@transaction.atomic
def add(*, title: str, by: Person) -> None:
    require(by, KEEP)
    made = Record.objects.create(title=title, by=by)
    record(by=by, kind=ADDED, subject=f"toy:{made.pk}", after={"title": title})
    chain.keep("toy", [made.pk])


@transaction.atomic
def close(*, record_id: int, by: Person | None) -> None:
    """`by` None: the house itself. LIF-101 where it is closed already."""
    if by:
        require(by, KEEP)
    one = Record.objects.select_for_update().get(pk=record_id)
    act = Act(by=by.pk if by else 0, right=KEEP)
    subject = f"toy:{one.pk}"
    states.write(one, LIFE, State.CLOSED, act, tells=lambda: record(by=by, kind=CLOSED, subject=subject))
    issue(papers.closing(one), subject=subject, by=by)
    said = Message(_("La fiche « %(title)s » est close."), {"title": one.title})
    tell(TOLD, said, once=subject, subject=subject, href=reverse("toy:list"), to=[one.by])


def close_forgotten() -> None:
    """Records open for a year are closed. `kalata serve` calls this every hour."""
    for one in Record.objects.filter(state=State.OPEN, at__lt=timezone.now() - timedelta(days=365)):
        close(record_id=one.pk, by=None)
