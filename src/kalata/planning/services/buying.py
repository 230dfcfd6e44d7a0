"""Purchases of a plan: described, moved step by step with their papers; awarded or given without a tender by two persons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from kalata import states
from kalata.ledger.services import record
from kalata.lifecycle import Act, Stand
from kalata.people.approving import still
from kalata.people.guard import require
from kalata.people.models import Approval, Person
from kalata.people.rules.picture import Item, Line, Picture, Value
from kalata.people.rules.shown import as_shown
from kalata.people.services import approvable, ask_approval
from kalata.planning import kinds
from kalata.planning.models import Plan, ProcurementItem, ProcurementStep
from kalata.planning.queries import buying as queries
from kalata.planning.rules.buying_steps import BUYING, READ_BY_BIDDERS, REWRITTEN, Bought, by_two
from kalata.planning.rules.refusals import BadPoolName, CodeTaken, NoSuchThing, PublishedSo, TooShort
from kalata.planning.rules.rights import APPROVE, BUY, PROGRESS
from kalata.planning.services.money import CODE, locked, passed
from kalata.text import gettext_noop as _

KIND = queries.KIND


@dataclass(frozen=True, slots=True)
class Described:
    name: str
    method: str
    tender: str
    needed: str
    making: str = ""
    delivering: str = ""
    lots: int = 1
    sensitive: bool = False
    quantity: int | None = None
    reserve_percent: int | None = None
    fails_percent: int | None = None
    legal_days: int | None = None
    legal_source: str = ""


@transaction.atomic
def describe(*, plan: Plan, code: str, said: Described, by: Person, seen: str | None = None) -> ProcurementItem:
    """Describe a purchase: a new one where no page was read (seen None or ""), else the one that the page showed.

    Raises: PEO-101, PEO-212, PLN-210 taken, PLN-230, PLN-239 an activity that the plan does not have, PLN-242.
    """
    require(by, BUY)
    one = locked(plan)
    if not CODE.fullmatch(code):
        raise BadPoolName(value=code[:40])
    known = queries.activities(one)
    for activity in (said.tender, said.making, said.delivering, said.needed):
        if activity and activity not in known:
            raise NoSuchThing(value=activity[:64])
    old = one.purchases.select_for_update().filter(code=code).first()
    if old is None:
        made = ProcurementItem.objects.create(plan=one, code=code, author=by, **asdict(said), **states.born(BUYING, Bought.PLANNED))
        told(made, None, by)
        return made
    if not seen:
        raise CodeTaken(value=code)
    as_shown(seen, queries.mark_of(old), _("ce marché"))
    was = queries.described(old)
    unsealed(old, asdict(said))
    for name, value in asdict(said).items():
        setattr(old, name, value)
    old.save(update_fields=list(asdict(said)))
    told(old, was, by)
    return old


def unsealed(one: ProcurementItem, said: Mapping[str, object]) -> None:
    """What the bidders read, and what the committee decided on, changes no more from the publication on. PLN-242."""
    if Bought(one.state) in REWRITTEN:
        return
    for name, label in READ_BY_BIDDERS.items():
        if said[name] != getattr(one, name):
            raise PublishedSo(value=one.name, state=one.state_label, what=label)


def told(one: ProcurementItem, was: object, by: Person) -> None:
    record(by=by, kind=kinds.PURCHASE_KEPT, subject=f"plan:{one.plan.code}", after={"purchase": one.code, "was": was, "now": queries.described(one)})  # fmt: skip


def held(item: ProcurementItem, seen: str | None) -> ProcurementItem:
    one = ProcurementItem.objects.select_for_update(of=("self",)).select_related("plan").get(pk=item.pk)
    as_shown(seen, queries.mark_of(one), _("ce marché"))
    return one


def stand(one: ProcurementItem) -> Stand[Bought]:
    hands = {"author": one.author_id, "deliverer": one.deliverer_id}
    return Stand(state=Bought(one.state), hands={k: v for k, v in hands.items() if v})


def step(one: ProcurementItem, to: Bought, by: Person, right: str, *, on: date, document: str = "", reason: str = "", **values: object) -> None:  # fmt: skip
    after = {"purchase": one.code, "from": one.state, "to": to.value, "on": on.isoformat(), "document": document or None}
    states.write(
        one, BUYING, to, Act(by=by.pk, right=right, document=document, reason=reason), stand=stand(one),
        tells=lambda: record(by=by, kind=kinds.PURCHASE_MOVED, subject=f"plan:{one.plan.code}", after=after, reason=reason),
        **values,
    )  # fmt: skip
    ProcurementStep.objects.create(item=one, state=to.value, on=on, document=document, reason=reason, by=by)


@transaction.atomic
def move(
    *, item: ProcurementItem, to: Bought, on: date, document: str, reason: str, by: Person, seen: str | None = None
) -> ProcurementItem:  # fmt: skip
    """The next step of a purchase, on the day it was taken. seen: `queries.mark_of` of the page that was read.

    Raises: PEO-101, PEO-212, PLN-218 a day to come, PLN-240 opened before the legal period was over, LIF-101 to 105.
    It is signed with who was awarded: no step of one person names another.
    """
    right = PROGRESS if to is Bought.ACCEPTED else BUY
    require(by, right)
    one = held(item, seen)
    passed(on, one.name)
    if to is Bought.OPENED:
        long_enough(one, on)
    values: dict[str, object] = {"deliverer": by} if to is Bought.DELIVERED else {}
    step(one, to, by, right, on=on, document=document, reason=reason, **values)
    return one


def long_enough(one: ProcurementItem, on: date) -> None:
    """A tender is not opened before the period that the house says it knows, with its source, is over. PLN-240."""
    last = one.steps.filter(state=Bought.PUBLISHED).order_by("-pk").first()
    if one.legal_days is not None and last is not None:
        first = last.on + timedelta(one.legal_days)
        if on < first:
            raise TooShort(value=one.name, days=one.legal_days, source=one.legal_source, first=first)


@transaction.atomic
def ask(
    *, item: ProcurementItem, to: Bought, document: str, reason: str, supplier: str, by: Person, seen: str | None = None
) -> Approval:
    """Ask the award, a direct award after a failed tender, or that a contested award fall, with its authority; the committee
    decides. LIF-101, LIF-102."""
    require(by, BUY)
    one = held(item, seen)
    if not by_two(Bought(one.state), to):
        raise BUYING.illegal(BUYING, stand(one), to)
    return ask_approval(
        kind=KIND, subject=f"plan:{one.plan.code}", summary=f"{one.plan.name} : {one.name}",
        payload={"item": one.pk, "to": to.value, "document": document, "supplier": "" if to is Bought.FAILED else supplier}, reason=reason, by=by,
    )  # fmt: skip


def picture_of(approval: Approval, page: int = 1) -> Picture:
    one = ProcurementItem.objects.select_related("plan").get(pk=approval.payload["item"])
    to = Bought(approval.payload["to"])
    facts: dict[str, Value] = {
        "item": one.pk, "state": one.state, "to": to.value, "supplier": approval.payload["supplier"], "document": approval.payload["document"],
        "steps": one.steps.count(), **{name: getattr(one, name) for name in READ_BY_BIDDERS},
    }  # fmt: skip
    lines = (
        Line(_("État du marché"), one.state_label, BUYING.labels[to]), Line(_("Procédure"), None, one.method),
        Line(_("Attributaire"), one.supplier or None, str(approval.payload["supplier"]) or None), Line(_("Procès-verbal ou autorisation"), None, str(approval.payload["document"])),
        Line(_("Quantité"), None, one.quantity),
    )  # fmt: skip
    then = (
        _("L’attribution tombe et le marché est infructueux ; le motif et la pièce restent dans le journal des actes.") if to is Bought.FAILED
        else _("Le marché peut ensuite être signé ; le motif et la pièce restent dans le journal des actes."),
    )  # fmt: skip
    return Picture(f"{one.code} {one.name}", facts, (Item(one.name, one.code, lines=lines),), 1, then=then)


@approvable(KIND, APPROVE, picture_of, title=_("Attribution d’un marché du plan"), about="plan", asks=BUY)
def award(approval: Approval, by: Person) -> None:
    """The award, the direct award or the end of an award, by another person than who asked it."""
    one = held(ProcurementItem.objects.get(pk=approval.payload["item"]), None)
    still(approval)
    step(
        one, Bought(approval.payload["to"]), by, APPROVE, on=timezone.localdate(), document=str(approval.payload["document"]),
        reason=approval.reason, supplier=str(approval.payload["supplier"]),
    )  # fmt: skip
