"""The money of a plan as it was recorded: who reads what of it, what stands at each stage, what falls due, when it runs out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, QuerySet, Sum

from kalata.people.models import Approval
from kalata.people.queries import may, today
from kalata.people.rules.shown import mark
from kalata.planning.models import Account, Funder, Movement, Payment, Plan, PlanVersion, Pledge
from kalata.planning.queries import budget as budgets
from kalata.planning.queries import plans
from kalata.planning.queries.budget import Money
from kalata.planning.rules.cost_cash import Cash, Due, Stage, cash_of, outgo
from kalata.planning.rules.cost_cash import Movement as CashMovement
from kalata.planning.rules.money_steps import ALIVE, SPENT, Paid, Pledged, sums_of
from kalata.planning.rules.rights import FUND, READ


def own_plans(person: Any) -> QuerySet[Plan]:
    """Every plan, for who reads plans; for a donor, those that their money funds."""
    found = Plan.objects.select_related("election__pack").defer("election__pack__content")
    if reads_all(person):
        return found
    return found.filter(funders__readers=person.pk).distinct() if may(person, FUND) else found.none()


def plan_named(person: Any, code: str) -> Plan | None:
    return own_plans(person).filter(code=code).first()


def reads_all(person: Any) -> bool:
    return may(person, READ)


def funders(plan: Plan, person: Any) -> QuerySet[Funder]:
    """Every funder, for who reads plans; a donor's own."""
    found = plan.funders.prefetch_related(Prefetch("pledges", Pledge.objects.prefetch_related("movements")))
    if reads_all(person):
        return found
    return found.filter(readers=person.pk) if may(person, FUND) else found.none()


def payments(plan: Plan, person: Any) -> QuerySet[Payment]:
    return payments_seen(person).filter(plan=plan).select_related("funder", "committed_by", "verified_by", "ordered_by", "paid_by")


def pledges_seen(person: Any) -> QuerySet[Pledge]:
    """Every promise this person may read, of any plan."""
    found = Pledge.objects.select_related("funder__plan")
    if reads_all(person):
        return found
    return found.filter(funder__readers=person.pk) if may(person, FUND) else found.none()


def payments_seen(person: Any) -> QuerySet[Payment]:
    found = Payment.objects.select_related("plan", "funder")
    if reads_all(person):
        return found
    return found.filter(funder__readers=person.pk) if may(person, FUND) else found.none()


def pledge(person: Any, pk: int) -> Pledge | None:
    return pledges_seen(person).filter(pk=pk).first()


def payment(person: Any, pk: int) -> Payment | None:
    one = Payment.objects.select_related("plan").filter(pk=pk).first()
    return payments(one.plan, person).filter(pk=pk).first() if one else None


ORDER = "planning.payment_order"
CANCEL = "planning.payment_cancel"


def order_asked(payment: int) -> Approval | None:
    """The order to pay, or its cancelling, that waits for its second person."""
    return Approval.objects.filter(kind__in=(ORDER, CANCEL), state="waiting", payload__payment=payment).first()


# --- marks of what a page showed ------------------------------------------------------------------
def pledge_mark(one: Pledge) -> str:
    return mark(one.pk, one.state, list(one.movements.order_by("pk").values_list("pk", flat=True)))


def payment_mark(one: Payment) -> str:
    return mark(one.pk, one.state, one.amount, one.line, one.funder_id)


def accounts_mark(plan: Plan) -> str:
    return mark(
        list(plan.accounts.values_list("code", "label", "parent")), list(plan.imputations.values_list("line", "account_id"))
    )  # fmt: skip


def funders_mark(plan: Plan) -> str:
    return mark(
        [[f.code, f.name, f.kind, f.word, sorted(f.readers.values_list("pk", flat=True))] for f in plan.funders.all()]
    )


def line_mark(plan: Plan, line: str) -> str:
    return mark(
        plan.code, line, list(plan.payments.filter(line=line).order_by("pk").values_list("pk", "state", "amount"))
    )


# --- sums -------------------------------------------------------------------------------------------
def taken(plan: Plan, line: str) -> int:
    """What living payments take of the credit of a line."""
    return plan.payments.filter(line=line, state__in=ALIVE).aggregate(n=Sum("amount"))["n"] or 0


def received(funder: Funder) -> int:
    return Movement.objects.filter(pledge__funder=funder, stage="received").aggregate(n=Sum("amount"))["n"] or 0


def spent(funder: Funder) -> int:
    """Ordered or paid of a funder's money."""
    return funder.payments.filter(state__in=SPENT).aggregate(n=Sum("amount"))["n"] or 0


@dataclass(frozen=True)
class Stands:
    """A funder's money at each stage, in francs. asked: what the lines of the plan ask under its word."""

    funder: Funder
    announced: int
    stages: dict[str, int]
    disbursed: int
    ordered: int
    asked: int

    @property
    def left(self) -> int:
        """Received, and neither paid nor ordered."""
        return self.stages["received"] - self.disbursed - self.ordered


def stands(found: Iterable[Funder], asked: dict[str, int], plan: Plan) -> list[Stands]:
    paid: dict[tuple[int, str], int] = {}
    for funder, state, amount in plan.payments.values_list("funder_id", "state", "amount"):
        paid[funder, state] = paid.get((funder, state), 0) + amount
    out = []
    for one in found:
        rows = list(one.pledges.all())
        sums = sums_of((m.stage, m.amount) for p in rows for m in p.movements.all())
        announced = sum(p.announced for p in rows)
        out.append(Stands(one, announced, sums, paid.get((one.pk, Paid.PAID), 0), paid.get((one.pk, Paid.ORDERED), 0), asked.get(one.word, 0)))  # fmt: skip
    return out


@dataclass(frozen=True)
class Till:
    """The money of the approved version of a plan beside what was recorded. version None: none is approved."""

    plan: Plan
    version: PlanVersion | None

    @cached_property
    def money(self) -> Money | None:
        return budgets.money_of(self.version) if self.version else None

    @cached_property
    def dues(self) -> list[Due]:
        rows = self.plan.payments.filter(state__in=ALIVE).values_list("line", "due", "paid_on", "amount")
        return [Due(line, paid_on or due, amount) for line, due, paid_on, amount in rows]

    @cached_property
    def moves(self) -> list[CashMovement]:
        rows = Movement.objects.filter(pledge__funder__plan=self.plan, stage="received").select_related(
            "pledge__funder"
        )
        return [CashMovement(m.on, m.pledge.funder.code, Stage.RECEIVED, m.amount) for m in rows]

    @cached_property
    def hoped(self) -> list[tuple[date, int]]:
        """What living promises should still bring, on the day they say; without a day, they are not counted."""
        out = []
        for p in Pledge.objects.filter(funder__plan=self.plan, expected__isnull=False).exclude(state__in=(Pledged.ANNOUNCED, Pledged.CLOSED)).prefetch_related("movements"):  # fmt: skip
            sums = sums_of((m.stage, m.amount) for m in p.movements.all())
            if p.expected and (rest := sums["agreed"] - sums["received"]) > 0:
                out.append((max(p.expected, today()), rest))
        return out

    @cached_property
    def cash(self) -> Cash | None:
        if self.money is None or self.money.spans is None:
            return None
        return cash_of(self.money.budget, self.money.spans, self.moves, self.dues, self.hoped)

    @cached_property
    def days(self) -> list[tuple[date, dict[str, int]]]:
        """What goes out on each day, by line."""
        if self.money is None or self.money.spans is None:
            return []
        return sorted(outgo(self.money.budget, self.money.spans, self.dues).items())

    @property
    def asked(self) -> dict[str, int]:
        """What the lines ask of each word for a funder."""
        from kalata.planning.rules.cost_groups import grouped

        return {g.key: g.amount[1] for g in grouped(self.money.budget, "funder")} if self.money else {}

    def line(self, code: str) -> int | None:
        """The likely amount of a line, which is its credit. None: no such line."""
        rows = self.money.budget.lines if self.money else ()
        return next((one.amount[1] for one in rows if one.id == code), None)


def till(plan: Plan) -> Till:
    return Till(plan, plans.approved(plan))


def near(days: Sequence[tuple[date, dict[str, int]]], on: date, before: int = 8, after: int = 14) -> list[tuple[date, dict[str, int]]]:  # fmt: skip
    """The days around one."""
    return [row for row in days if on - timedelta(before) <= row[0] <= on + timedelta(after)]


def account_of(plan: Plan) -> dict[str, Account]:
    """Line -> the account it is booked to."""
    return {i.line: i.account for i in plan.imputations.select_related("account")}
