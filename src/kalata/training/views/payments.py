"""Lists of payment: what waits, what was signed, and the files for the operator and the cash desk."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.people.queries import may_somewhere
from kalata.refusals import Forbidden
from kalata.results.views.shared import who
from kalata.training.forms import classes as forms
from kalata.training.models import PaymentList
from kalata.training.queries import classes as queries
from kalata.training.rules.rights import PAY, PLAN
from kalata.training.services import payments
from kalata.training.views.classes_files import sent, table
from kalata.ui import edge


@login_required
def index(request: HttpRequest) -> HttpResponse:
    if not any(may_somewhere(request.user, r) for r in (PLAN, PAY)):
        raise Forbidden(right=PLAN)
    if request.method == "POST":
        v: Any = edge.acted(request, forms.PayForm).v
        contest = next((c for c in queries.contests_planned(request.user, PLAN) if c.code == v.contest), None)
        if contest is None:
            raise Forbidden(right=PLAN)
        asked = payments.ask(contest=contest, number=v.number, reason=v.reason, by=who(request))
        messages.success(request, _t("La liste attend la signature d’une autre personne."))
        return redirect("people:approval", asked.pk)
    waiting = []
    for contest in queries.contests_planned(request.user, PLAN, PAY):
        seats = list(queries.to_pay(contest))
        if seats:
            waiting.append((contest, len(seats), sum(map(payments.amount, seats))))
    shown = {
        "section": "classes", "crumbs": [(reverse("classes:list"), _t("Séances")), ("", _t("Paiements"))], "waiting": waiting,
        "page": edge.paged(request, queries.payments(request.user), 50), "plans": may_somewhere(request.user, PLAN),
        "form": forms.PayForm(initial={"contest": waiting[0][0].code if waiting else ""}), "allowance": payments.allowance(),
    }  # fmt: skip
    return render(request, "classes/payments.html", shown)


def found(request: HttpRequest, pk: int) -> PaymentList:
    one = queries.payment_for(request.user, pk)
    if one is None:
        raise Http404
    return one


@login_required
def one(request: HttpRequest, pk: int) -> HttpResponse:
    this = found(request, pk)
    every = list(queries.lines(this))
    shared = queries.shared_phones(every)
    cash = sum(1 for line in every if by_hand(line, shared))
    shown = {
        "section": "classes", "crumbs": [(reverse("payments:list"), _t("Paiements")), ("", this.number)], "one": this, "cash": cash, "shared": shared,
        "page": edge.paged(request, every, 100), "mobile": len(every) - cash, "sum": sum(line.amount for line in every),
    }  # fmt: skip
    return render(request, "classes/payment.html", shown)


def by_hand(line: Any, shared: set[str]) -> bool:
    """Without a telephone of their own: paid at the cash desk, against a signature."""
    return not line.phone or line.phone in shared


def dialled(phone: str) -> str:
    """The number as an operator takes it: digits, the country's first, without the sign that a table would have to disarm."""
    return phone.replace(" ", "").removeprefix("+")


@login_required
def file(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """mobile: for the operator; caisse: who has no telephone of their own; liste: everybody. Together the first two are the third."""
    this = found(request, pk)
    every = list(queries.lines(this))
    shared = queries.shared_phones(every)
    chosen = {
        "mobile": [x for x in every if not by_hand(x, shared)],
        "caisse": [x for x in every if by_hand(x, shared)],
        "liste": every,
    }.get(what)
    if chosen is None:
        raise Http404
    head = ("reference", "phone", "name", "person_code", "class", "amount_xof")
    rows = [
        (f"{this.number}-{n:05d}", dialled(x.phone), x.agent.name, x.agent.code, x.seat.training_class.code, x.amount)
        for n, x in enumerate(chosen, 1)
    ]
    return sent(table(head, rows), f"paiement-{this.pk}-{what}.csv", "text/csv; charset=utf-8")
