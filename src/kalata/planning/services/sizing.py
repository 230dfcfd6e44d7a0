"""Figures of another room taken into a draft, line by line, or discarded. The draft is then submitted as any change of the plan is."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from kalata.ledger.services import record
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.people.queries import may
from kalata.people.rules.shown import as_shown
from kalata.planning import kinds
from kalata.planning.models import OfferChoice, PlanVersion
from kalata.planning.queries.sizing import offered
from kalata.planning.rules.refusals import NotOffered
from kalata.planning.rules.rights import EDIT, MONEY
from kalata.planning.rules.sizing import taken
from kalata.planning.services import editing
from kalata.planning.services.versions import drafted
from kalata.refusals import Forbidden
from kalata.text import gettext_noop as _

PAGE = _("les lignes proposées")


@transaction.atomic
def choose(*, version: PlanVersion, source: str, codes: Sequence[str], accepted: bool, by: Person, seen: str | None = None) -> int:
    """Accept these lines of a computation into the draft, or discard them. source: its digest; seen: what the page showed.
    Who keeps the money and not the plan decides on lines that change costs alone.

    Raises: PEO-101, PEO-212, PLN-201, PLN-260 nothing is offered, or the plan says it already; what the rows refuse.
    """
    right = EDIT if may(by, EDIT) else MONEY
    require(by, right)
    one = drafted(version)
    found = next((o for o in offered(one, by) if o.sized.mark == source), None)
    if found is None:
        raise NotOffered(value=source[:16])
    as_shown(seen, found.stamp, PAGE)
    lines = []
    for code in dict.fromkeys(codes):
        offer = found.one(code)
        if offer is None or not offer.open or (not accepted and found.decided.get(code) is False):
            raise NotOffered(value=code[:64])
        if right != EDIT and not offer.costs_alone:
            raise Forbidden(right=EDIT)
        lines.append(offer)
    if accepted:
        editing.edit(version=one, what=editing.SIZED, act=lambda sheet: taken(sheet, lines), by=by, right=right)
    OfferChoice.objects.bulk_create([OfferChoice(version=one, mark=source, code=o.code, accepted=accepted, by=by) for o in lines])
    chosen = [o.code for o in lines]
    after = {"version": one.number, "source": source, "accepted": chosen if accepted else [], "discarded": [] if accepted else chosen}
    record(by=by, kind=kinds.SIZED_CHOSEN, subject=f"plan:{one.plan.code}", after=after)
    return len(lines)
