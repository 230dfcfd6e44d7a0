"""The supervisor calls a person to another desk: they read it at once, with the way there; the ledger keeps who was called."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from kalata.country.models import Contest
from kalata.ledger.services import record
from kalata.notices import services as notices
from kalata.people.models import Person
from kalata.people.services import require
from kalata.refusals import Refused
from kalata.results.territory import Reach
from kalata.tally import kinds, topics
from kalata.tally.queries import staffing
from kalata.tally.rules.lifecycle import DESKS
from kalata.text import Message
from kalata.text import gettext_noop as _


class NotFree(Refused):
    """Only who holds the mandate of a desk and is not at it now can be called there."""

    code = "RES-476"
    says = _("%(who)s n’est pas libre pour ce poste : déjà à ce poste depuis moins d’une heure, ou sans mandat pour lui.")
    remedy = _("Choisissez une personne de la liste ; pour une autre, demandez d’abord un mandat.")
    status = 409


@transaction.atomic
def call(*, contest: Contest, right: str, desk: str, username: str, href: str, reach: Reach, by: Person) -> Person:
    """Call a person to a desk. href: where the desk is; desk: its name as people read it. RES-476 who cannot come."""
    require(by, "results.setup", contest=contest.pk)
    now = timezone.now()
    if right not in DESKS or username not in staffing.standby(contest, now, reach).get(right, ()):
        raise NotFree(who=username)
    person = Person.objects.get(username=username)
    record(
        by=by, kind=kinds.DESK_CALLED, subject=f"person:{person.username}", after={"contest": contest.code, "right": right},
    )  # fmt: skip
    notices.tell(
        topics.CALLED,
        Message(_("%(by)s vous appelle au poste « %(desk)s »."), {"by": by.full_name, "desk": Message(desk)}),
        once=f"tally.called/{contest.code}/{right}/{person.pk}/{now:%Y-%m-%dT%H}", subject=f"contest:{contest.code}",
        href=href, to=[person],
    )  # fmt: skip
    return person
