"""A payment from its commitment to the day the money leaves: committed, verified, ordered by a second person, paid by a third."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from kalata import states
from kalata.ledger.services import record
from kalata.lifecycle import Act, Stand
from kalata.people.guard import require
from kalata.people.models import Approval, Person
from kalata.people.rules.picture import Item, Line, Picture, Value
from kalata.people.rules.shown import as_shown
from kalata.people.services import approvable, ask_approval
from kalata.planning import kinds
from kalata.planning.models import Funder, Payment, Plan
from kalata.planning.queries import money as queries
from kalata.planning.rules.money_steps import PAYMENT, Paid
from kalata.planning.rules.refusals import AboveCredit, NoApprovedPlan, NoSuchLine, NotReceivedYet
from kalata.planning.rules.rights import APPROVE, MONEY, PROGRESS
from kalata.planning.services.money import locked, passed
from kalata.text import Message
from kalata.text import gettext_noop as _

KIND = queries.ORDER
CANCEL = queries.CANCEL


@transaction.atomic
def commit(
    *, plan: Plan, line: str, funder: Funder, label: str, payee: str, amount: int, due: date, by: Person, seen: str | None = None,
    till: queries.Till | None = None,
) -> Payment:  # fmt: skip
    """Commit money of a line of the approved version. seen: `queries.line_mark` of the page that was read; till: the money of
    the plan where the caller, who holds it, has it already.

    Raises: PEO-101, PEO-212, PLN-231 no approved version, PLN-232 no such line, PLN-233 above what the line holds.
    """
    require(by, MONEY)
    one = locked(plan)
    as_shown(seen, queries.line_mark(one, line), _("les paiements de cette ligne"))
    till = till or queries.till(one)
    if till.version is None:
        raise NoApprovedPlan(plan=one.name)
    credit = till.line(line)
    if credit is None:
        raise NoSuchLine(value=line[:64])
    taken = queries.taken(one, line)
    if taken + amount > credit:
        raise AboveCredit(value=line, credit=credit, taken=taken, asked=amount)
    made = Payment.objects.create(
        plan=one, line=line, funder=funder, label=label, payee=payee, amount=amount, due=due, committed_by=by,
        committed_on=timezone.localdate(), **states.born(PAYMENT, Paid.COMMITTED),
    )  # fmt: skip
    after = {"payment": made.pk, "line": line, "funder": funder.code, "amount": amount, "due": due.isoformat(), "payee": payee}  # fmt: skip
    record(by=by, kind=kinds.COMMITTED, subject=f"plan:{one.code}", after=after)
    return made


def stand(one: Payment) -> Stand[Paid]:
    hands = {"committer": one.committed_by_id, "verifier": one.verified_by_id, "orderer": one.ordered_by_id}
    return Stand(state=Paid(one.state), hands={k: v for k, v in hands.items() if v})


def held(payment: Payment, seen: str | None) -> Payment:
    one = Payment.objects.select_for_update(of=("self",)).select_related("plan", "funder").get(pk=payment.pk)
    locked(one.plan)
    as_shown(seen, queries.payment_mark(one), _("ce paiement"))
    return one


def step(one: Payment, to: Paid, by: Person, right: str, *, document: str = "", reason: str = "", **values: object) -> None:  # fmt: skip
    after = {"payment": one.pk, "from": one.state, "to": to.value, "document": document or None}
    states.write(
        one, PAYMENT, to, Act(by=by.pk, right=right, document=document, reason=reason), stand=stand(one),
        tells=lambda: record(by=by, kind=kinds.PAYMENT_MOVED, subject=f"plan:{one.plan.code}", after=after, reason=reason),
        **values,
    )  # fmt: skip


@transaction.atomic
def verify(*, payment: Payment, document: str, by: Person, seen: str | None = None) -> Payment:
    """What was paid for was done: said by who does it or receives it, never by who committed (LIF-105)."""
    require(by, PROGRESS)
    one = held(payment, seen)
    step(one, Paid.VERIFIED, by, PROGRESS, document=document, verified_by=by, verified_on=timezone.localdate(), verified_document=document)  # fmt: skip
    return one


def there(one: Payment) -> None:
    """Refuse to order money that has not come, or more than the line still holds in the version that counts now. PLN-233, PLN-234."""
    credit, taken = queries.till(one.plan).line(one.line) or 0, queries.taken(one.plan, one.line)
    if taken > credit:
        raise AboveCredit(value=one.line, credit=credit, taken=taken - one.amount, asked=one.amount)
    received, spent = queries.received(one.funder), queries.spent(one.funder)
    if spent + one.amount > received:
        raise NotReceivedYet(funder=one.funder.name, received=received, spent=spent, asked=one.amount)


@transaction.atomic
def ask_order(*, payment: Payment, reason: str, by: Person, seen: str | None = None) -> Approval:
    """Ask that a verified payment be ordered; who approves gives the order. Raises: PEO-101, PEO-212, PLN-233, PLN-234, LIF-101."""
    require(by, MONEY)
    one = held(payment, seen)
    if one.state != Paid.VERIFIED:
        raise PAYMENT.illegal(PAYMENT, stand(one), Paid.ORDERED)
    there(one)
    return ask_approval(
        kind=KIND, subject=f"plan:{one.plan.code}", summary=f"{one.plan.name} : {one.label}",
        payload={"payment": one.pk, "line": one.line, "amount": one.amount}, reason=reason, by=by,
    )  # fmt: skip


def picture_of(approval: Approval, page: int = 1) -> Picture:
    """The payment as it stands, and what the order takes of the money that is there."""
    one = Payment.objects.select_related("plan", "funder", "committed_by", "verified_by").get(
        pk=approval.payload["payment"]
    )
    received, spent = queries.received(one.funder), queries.spent(one.funder)
    facts: dict[str, Value] = {
        "payment": one.pk, "state": one.state, "line": one.line, "amount": one.amount, "payee": one.payee, "funder": one.funder.code,
        "due": one.due.isoformat(), "verified": one.verified_document, "committed_by": one.committed_by_id, "verified_by": one.verified_by_id,
    }  # fmt: skip
    lines = (
        Line(_("Ligne du budget"), None, one.line), Line(_("Bénéficiaire"), None, one.payee), Line(_("Montant, en francs"), None, one.amount),
        Line(_("À payer le"), None, one.due.isoformat()), Line(_("Service fait, pièce"), None, one.verified_document),
        Line(_("Engagé par"), None, name_of(one.committed_by)), Line(_("Service fait constaté par"), None, name_of(one.verified_by)),
        Line(Message(_("%(funder)s, reste en caisse"), {"funder": one.funder.name}), received - spent, received - spent - one.amount),
    )  # fmt: skip
    then = (_("Le paiement est ordonnancé ; les finances le paient ensuite, pièce à l’appui."),)
    return Picture(f"{one.line} {one.label}", facts, (Item(one.label, lines=lines),), 1, then=then)


def name_of(person: Person | None) -> str:
    return (person.full_name or person.username) if person else "–"


@approvable(KIND, APPROVE, picture_of, title=_("Ordre de paiement"), about="plan", asks=MONEY)
def order(approval: Approval, by: Person) -> None:
    """The payment is ordered: never by who committed it or verified it."""
    one = held(Payment.objects.get(pk=approval.payload["payment"]), None)
    there(one)
    step(one, Paid.ORDERED, by, APPROVE, ordered_by=by, ordered_on=timezone.localdate())


@transaction.atomic
def pay(*, payment: Payment, document: str, on: date, by: Person, seen: str | None = None) -> Payment:
    """The money left, on this proof: never written by who ordered it. PLN-218 a day to come."""
    require(by, MONEY)
    one = held(payment, seen)
    passed(on, one.label)
    step(one, Paid.PAID, by, MONEY, document=document, paid_by=by, paid_on=on, paid_document=document)
    return one


@transaction.atomic
def cancel(*, payment: Payment, reason: str, by: Person, seen: str | None = None) -> Payment:
    """A commitment that is given up gives its credit back to the line. LIF-101 once it is ordered: `ask_cancel`."""
    require(by, MONEY)
    one = held(payment, seen)
    step(one, Paid.CANCELLED, by, MONEY, reason=reason)
    return one


@transaction.atomic
def ask_cancel(*, payment: Payment, reason: str, by: Person, seen: str | None = None) -> Approval:
    """Ask that a payment that was ordered never leaves; who approves cancels it. Raises: PEO-101, PEO-212, LIF-101."""
    require(by, MONEY)
    one = held(payment, seen)
    if one.state != Paid.ORDERED:
        raise PAYMENT.illegal(PAYMENT, stand(one), Paid.CANCELLED)
    return ask_approval(
        kind=CANCEL, subject=f"plan:{one.plan.code}", summary=f"{one.plan.name} : {one.label}",
        payload={"payment": one.pk, "line": one.line, "amount": one.amount}, reason=reason, by=by,
    )  # fmt: skip


def picture_of_cancel(approval: Approval, page: int = 1) -> Picture:
    """The order as it stands, who gave it, and the money that its cancelling frees."""
    one = Payment.objects.select_related("plan", "funder", "ordered_by").get(pk=approval.payload["payment"])
    received, spent = queries.received(one.funder), queries.spent(one.funder)
    facts: dict[str, Value] = {
        "payment": one.pk, "state": one.state, "line": one.line, "amount": one.amount, "payee": one.payee, "funder": one.funder.code,
        "due": one.due.isoformat(), "ordered_by": one.ordered_by_id,
    }  # fmt: skip
    lines = (
        Line(_("Ligne du budget"), None, one.line), Line(_("Bénéficiaire"), None, one.payee), Line(_("Montant, en francs"), None, one.amount),
        Line(_("À payer le"), None, one.due.isoformat()), Line(_("Ordonné par"), None, name_of(one.ordered_by)),
        Line(Message(_("%(funder)s, reste en caisse"), {"funder": one.funder.name}), received - spent, received - spent + one.amount),
    )  # fmt: skip
    then = (_("L’ordre de payer est annulé : ce bénéficiaire n’est pas payé, le crédit revient à la ligne."),)
    return Picture(f"{one.line} {one.label}", facts, (Item(one.label, lines=lines),), 1, then=then)


@approvable(CANCEL, APPROVE, picture_of_cancel, title=_("Annulation d’un ordre de paiement"), about="plan", asks=MONEY)
def cancel_order(approval: Approval, by: Person) -> None:
    """What two persons ordered, two cancel."""
    one = held(Payment.objects.get(pk=approval.payload["payment"]), None)
    step(one, Paid.CANCELLED, by, APPROVE, reason=approval.reason)
