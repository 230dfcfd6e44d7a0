"""The payments of a plan, and one of them from its commitment to the day the money left."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.people.guard import require
from kalata.people.queries import may, today
from kalata.planning.forms import money as forms
from kalata.planning.models import Payment, Plan
from kalata.planning.pages import money as pages
from kalata.planning.payments_list import PAYMENTS
from kalata.planning.queries import money as queries
from kalata.planning.rules.money_steps import Paid
from kalata.planning.rules.rights import MONEY, PROGRESS
from kalata.planning.services import paying
from kalata.planning.views.money import SECTION, funder_of, plan_of
from kalata.results.views.shared import who
from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.ui import edge


@login_required
def page(request: HttpRequest, code: str) -> HttpResponseBase:
    plan = plan_of(request, code)
    if request.method == "POST":
        require(request.user, MONEY)
        v = edge.acted(request, forms.CommitForm).v
        made = paying.commit(
            plan=plan, line=v.line, funder=funder_of(request, plan, v.funder), label=v.label, payee=v.payee, amount=v.amount, due=v.due,
            by=who(request), seen=v.seen,
        )  # fmt: skip
        return redirect("planning:payment", made.pk)
    funders = list(queries.funders(plan, request.user))
    offered = {"bailleur": lambda: [(f.code, f.name) for f in funders]}
    found = PAYMENTS.read(request, lambda asked: narrowed(plan, request.user, asked), options=offered)
    if found.form:
        return found.file()
    keeps = may(request.user, MONEY)
    context = {
        "section": SECTION, "plan": plan, "list": found, "funders": funders, "keeps": keeps, "crumbs": [(reverse("planning:money", args=[code]), _t("Argent")), ("", _t("Paiements"))],
        **(committing(plan, found.asked.ligne) if keeps else {}),
    }  # fmt: skip
    return render(request, "planning/payments.html", context)


def narrowed(plan: Plan, person: Any, asked: Any) -> QuerySet[Payment]:
    found = queries.payments(plan, person)
    if asked.q:
        found = found.filter(Q(line__icontains=asked.q) | Q(label__icontains=asked.q) | Q(payee__icontains=asked.q))
    if asked.etat:
        found = found.filter(state=asked.etat)
    if asked.bailleur:
        found = found.filter(funder__code=asked.bailleur)
    return found.filter(line=asked.ligne) if asked.ligne else found


def committing(plan: Plan, line: str) -> dict[str, Any]:
    """The form of a commitment for one line, with what its credit still holds; first, the line is chosen."""
    till = queries.till(plan)
    lines = [(one.id, one.activity.name(), one.amount[1]) for one in till.money.budget.lines] if till.money else []
    credit = till.line(line)
    if credit is None:
        return {"lines": lines, "line": ""}
    return {
        "lines": lines, "line": line, "credit": credit, "free": credit - queries.taken(plan, line), "stamp": queries.line_mark(plan, line),
        "form": forms.CommitForm(initial={"line": line}, auto_id="c-%s"),
    }  # fmt: skip


@login_required
def one(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.payment(request.user, pk)
    if found is None:
        raise Http404(str(pk))
    if request.method == "POST":
        act(request, found)
        return redirect("planning:payment", pk)
    user, state = request.user, Paid(found.state)
    asked = queries.order_asked(pk)
    till = queries.till(found.plan)
    followed = pages.followed(till, found.line)
    context = {
        "section": SECTION, "plan": found.plan, "one": found, "version": till.version, "stamp": queries.payment_mark(found), "asked": asked, "decides": bool(asked) and may(user, asked.right if asked else ""),
        "late": state not in (Paid.PAID, Paid.CANCELLED) and found.due < today(), **followed, "says": paying_said(found, followed["free"]),
        "verify": forms.VerifyForm(auto_id="v-%s") if state is Paid.COMMITTED and may(user, PROGRESS) else None,
        "order": forms.OrderForm(auto_id="o-%s") if state is Paid.VERIFIED and asked is None and may(user, MONEY) else None,
        "pay": forms.PayForm(auto_id="p-%s") if state is Paid.ORDERED and may(user, MONEY) else None,
        "cancel": forms.CancelForm(auto_id="x-%s") if state not in (Paid.PAID, Paid.CANCELLED) and asked is None and may(user, MONEY) else None,
        "ordered": state is Paid.ORDERED,
        "crumbs": [(reverse("planning:money", args=[found.plan.code]), _t("Argent")), (reverse("planning:payments", args=[found.plan.code]), _t("Paiements")), ("", found.label)],
    }  # fmt: skip
    return render(request, "planning/payment.html", context)


def paying_said(one: Payment, free: int) -> list[Message]:
    """What an order or a payment does, in francs."""
    return [
        Message(_("%(n)d {n:franc|francs} pour %(who)s : %(what)s."), {"n": one.amount, "who": one.payee, "what": one.label}),
        Message(_("Il reste %(n)d {n:franc|francs} de crédit à cette ligne, ce paiement déduit."), {"n": free}),
    ]  # fmt: skip


def act(request: HttpRequest, one: Payment) -> None:
    form = edge.acted(request, forms.VerifyForm, forms.OrderForm, forms.PayForm, forms.CancelForm)
    v, by = form.v, who(request)
    if isinstance(form, forms.VerifyForm):
        paying.verify(payment=one, document=v.document, by=by, seen=v.seen)
    elif isinstance(form, forms.OrderForm):
        paying.ask_order(payment=one, reason=v.reason, by=by, seen=v.seen)
    elif isinstance(form, forms.PayForm):
        paying.pay(payment=one, document=v.document, on=v.on, by=by, seen=v.seen)
    else:
        give_up = paying.ask_cancel if one.state == Paid.ORDERED else paying.cancel
        give_up(payment=one, reason=v.reason, by=by, seen=v.seen)
