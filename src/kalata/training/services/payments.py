"""Payment of who attended: the list is the attendance, to the person and the franc; another person signs it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from kalata.country.models import Contest
from kalata.ledger.services import record
from kalata.people.guard import require
from kalata.people.models import Approval, Person
from kalata.people.rules.approval import Outdated
from kalata.people.rules.picture import Item, Line, Picture, Value, digest, moved
from kalata.people.services import approvable, ask_approval
from kalata.text import gettext_noop as _
from kalata.text import whole
from kalata.training import kinds
from kalata.training.models import Enrolment, PaymentLine, PaymentList
from kalata.training.queries import cascade as planner
from kalata.training.queries import classes as queries
from kalata.training.rules.classes_refusals import NothingToPay, PaymentNumber, TrainerPays
from kalata.training.rules.rights import PAY, PLAN

KIND = "training.payment"
PAGE = 20


def allowance() -> int:
    """Francs a person and day, as the pack assumes them."""
    return planner.assumed("allowance")


def amount(seat: Enrolment) -> int:
    one = seat.training_class
    return allowance() * ((one.last - one.first).days + 1)


@transaction.atomic
def ask(*, contest: Contest, number: str, reason: str, by: Person) -> Approval:
    """Ask for the list of every attendance that is proved and not yet paid. TRN-619, TRN-620."""
    require(by, PLAN, contest=contest.pk)
    unused(contest, number.strip()[:60])
    seats = list(queries.to_pay(contest))
    if not seats:
        raise NothingToPay
    strangers(seats, by)
    return ask_approval(
        kind=KIND, subject=f"contest:{contest.code}", summary=f"{number.strip()[:60]} : {contest.name_fr}",
        payload={"contest": contest.pk, "number": number.strip()[:60]}, reason=reason, by=by, contest=contest.pk,
    )  # fmt: skip


def strangers(seats: Sequence[Enrolment], *people: Person) -> None:
    """TRN-635 for whoever taught a class of the list or noted its attendance: who says who came does not say who is paid."""
    classes = {s.training_class_id: s.training_class for s in seats}
    for person in people:
        if code := queries.touched(person, classes.values()):
            raise TrainerPays(code=code)


def unused(contest: Contest, number: str) -> None:
    if PaymentList.objects.filter(contest=contest, number=number).exists():
        raise PaymentNumber(number=number)


def facts_of(seats: Sequence[Enrolment], number: str) -> dict[str, Value]:
    """Each person with their francs and the telephone that receives them: what the signature is bound to."""
    facts: dict[str, Value] = {"number": number, "count": len(seats), "total": sum(map(amount, seats))}
    return facts | {
        f"{s.training_class.code}/{s.seat}": f"{s.agent.code} {amount(s)} {s.agent.phone}".strip() for s in seats if s.agent
    }


def picture_of(approval: Approval, page: int = 1) -> Picture:
    contest = Contest.objects.get(pk=approval.payload["contest"])
    seats = list(queries.to_pay(contest))
    first = (max(page, 1) - 1) * PAGE
    items = tuple(
        Item(s.agent.name if s.agent else "", f"{s.training_class.code}/{s.seat}", (Line(_("Montant, FCFA"), None, whole(amount(s))), Line(_("Téléphone"), None, (s.agent.phone if s.agent else "") or None)))
        for s in seats[first : first + PAGE]
    )  # fmt: skip
    then = (
        _("La liste est celle des présences prouvées par la feuille et par le code ; personne d’autre n’y est."),
        _(
            "Le fichier pour l’opérateur de paiement mobile se télécharge ensuite ; une présence ne se paie qu’une fois."
        ),
    )
    facts = facts_of(seats, approval.payload["number"])
    total = Item(
        _("Total"),
        "",
        (Line(_("Personnes"), None, len(seats)), Line(_("Montant, FCFA"), None, whole(int(str(facts["total"]))))),
    )
    return Picture(approval.summary, facts, (total, *items) if page <= 1 else items, len(seats), then=then)


def let_go(approval: Approval) -> None:
    """Refused or withdrawn: the attendances wait for another list."""


@approvable(
    KIND, PAY, picture_of, title=_("Liste de paiement de la formation"), personal=True, let_go=let_go, asks=PLAN
)
def pay(approval: Approval, by: Person) -> None:
    """Sign: the list and each of its lines. The attendances are held, and must be those that were judged (PEO-205).

    TRN-635 for whoever taught one of its classes, or noted who came to it, whatever rights they hold now.
    """
    contest = Contest.objects.get(pk=approval.payload["contest"])
    number = approval.payload["number"]
    unused(contest, number)
    Contest.objects.select_for_update().get(pk=contest.pk)
    list(
        Enrolment.objects.select_for_update()
        .filter(pk__in=queries.to_pay(contest).order_by().values("pk"))
        .values_list("pk")
    )
    seats = list(queries.to_pay(contest))
    strangers(seats, approval.asked_by, by)
    facts = facts_of(seats, number)
    if changed := sum(not row.same for row in moved(approval.facts, facts)):
        raise Outdated(n=changed)
    made = PaymentList.objects.create(
        contest=contest, number=number, count=len(seats), total=sum(map(amount, seats)), sha256=digest(facts), asked_by=approval.asked_by, by=by, at=timezone.now()
    )  # fmt: skip
    PaymentLine.objects.bulk_create(
        [PaymentLine(payment=made, seat=s, agent=s.agent, amount=amount(s), phone=s.agent.phone) for s in seats if s.agent],
        batch_size=2_000,
    )
    after = {"number": number, "count": made.count, "total": made.total, "sha256": made.sha256}
    record(by=by, kind=kinds.PAID, subject=f"contest:{contest.code}", after=after, rows=[made])
