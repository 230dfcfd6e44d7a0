"""The promises, movements and payments of a plan as the rows of one table, as far as this person reads them."""

from __future__ import annotations

from typing import Any

from kalata.people.rules.shown import mark
from kalata.planning.models import Movement, Payment, Plan, Pledge
from kalata.planning.money_table import COLUMNS
from kalata.planning.queries import money as queries


def cells(**said: object) -> dict[str, str]:
    return {name: "" if (value := said.get(name)) is None else str(value) for name in COLUMNS}


def rows(plan: Plan, person: Any) -> list[dict[str, str]]:
    """Promises with their movements, then payments, each in the order in which it was entered."""
    out = []
    pledges = queries.pledges_seen(person).filter(funder__plan=plan).prefetch_related("movements").order_by("pk")
    for one in pledges:
        out.append(of_pledge(one))
        out += [of_movement(m, one) for m in sorted(one.movements.all(), key=lambda m: m.pk)]
    return out + [of_payment(one) for one in queries.payments(plan, person).order_by("pk")]


def of_pledge(one: Pledge) -> dict[str, str]:
    return cells(
        what="pledge", number=one.pk, funder=one.funder.code, label=one.label, amount=one.announced, on=one.on, due=one.expected,
        document=one.document, state=one.state,
    )  # fmt: skip


def of_movement(one: Movement, pledge: Pledge) -> dict[str, str]:
    return cells(
        what="movement", number=one.pk, funder=pledge.funder.code, pledge=pledge.pk, label=one.reason, stage=one.stage, amount=one.amount, on=one.on,
        document=one.document,
    )  # fmt: skip


def of_payment(one: Payment) -> dict[str, str]:
    return cells(
        what="payment", number=one.pk, funder=one.funder.code, label=one.label, line=one.line, payee=one.payee, amount=one.amount,
        on=one.committed_on, due=one.due, document=one.paid_document, state=one.state,
    )  # fmt: skip


def stamp(plan: Plan) -> str:
    """What a page showed of everything that a file may add to."""
    return mark(
        queries.funders_mark(plan), list(Pledge.objects.filter(funder__plan=plan).order_by("pk").values_list("pk", "state")),
        list(Movement.objects.filter(pledge__funder__plan=plan).order_by("pk").values_list("pk", flat=True)),
        list(plan.payments.order_by("pk").values_list("pk", "state")),
    )  # fmt: skip
