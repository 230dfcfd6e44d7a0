"""The money of a plan: who promised and sent what, when it runs out; each promise with its movements. A donor sees their own."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.people.guard import require
from kalata.people.queries import may, today
from kalata.planning.forms import money as forms
from kalata.planning.models import Funder, Movement, Plan, Pledge
from kalata.planning.pages import money as pages
from kalata.planning.pages.budget import milliards
from kalata.planning.queries import money as queries
from kalata.planning.queries import odds as drawn
from kalata.planning.queries import plans
from kalata.planning.rules.cost_groups import grouped
from kalata.planning.rules.money_steps import KINDS, PLEDGE, STAGES, Pledged
from kalata.planning.rules.rights import FUND, MONEY, READ
from kalata.planning.services import money as services
from kalata.refusals import Forbidden
from kalata.results.views.shared import who
from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.ui import edge

SECTION = "planning_money"


def lang() -> str:
    return "en" if get_language() == "en" else "fr"


def plan_of(request: HttpRequest, code: str) -> Plan:
    """The plan of an address, where this person reads plans or their own money is in it."""
    found = queries.plan_named(request.user, code)
    if found is None:
        raise Http404(code)
    return found


def funder_of(request: HttpRequest, plan: Plan, code: str) -> Funder:
    found = queries.funders(plan, request.user).filter(code=code).first()
    if found is None:
        raise Http404(code)
    return found


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """The plans whose money this person reads; straight to the only one."""
    if not (may(request.user, READ) or may(request.user, FUND)):
        raise Forbidden(right=READ)
    found = list(queries.own_plans(request.user))
    if len(found) == 1:
        return redirect("planning:money", found[0].code)
    return render(request, "planning/money_plans.html", {"section": SECTION, "plans": found})


@login_required
def page(request: HttpRequest, code: str) -> HttpResponse:
    plan = plan_of(request, code)
    if request.method == "POST":
        require(request.user, MONEY)
        act(request, plan)
        return redirect("planning:money", code)
    whole = queries.reads_all(request.user)
    till = queries.till(plan)
    found = list(queries.funders(plan, request.user))
    rows = queries.stands(found, till.asked, plan)
    context = {
        "section": SECTION, "plan": plan, "version": till.version, "whole": whole, "rows": rows, "totals": pages.totals(rows), "kinds": KINDS, "stages": STAGES,
        "keeps": may(request.user, MONEY), "stamp": queries.funders_mark(plan),
        "crumbs": [("", _t("Plan opérationnel")), ("", _t("Argent"))], **(cash(till) if whole else public(plan)),
        **({"funder_form": forms.FunderForm(auto_id="f-%s"), "pledge_form": forms.PledgeForm(auto_id="p-%s")} if may(request.user, MONEY) else {}),
    }  # fmt: skip
    return render(request, "planning/money.html", context)


def act(request: HttpRequest, plan: Plan) -> None:
    form = edge.acted(request, forms.FunderForm, forms.PledgeForm)
    v, by = form.v, who(request)
    if isinstance(form, forms.FunderForm):
        readers = [name.strip() for name in v.readers.split(",") if name.strip()]
        said = services.Described(v.name, v.kind, v.word, readers)
        services.keep_funder(plan=plan, code=v.code, said=said, by=by, seen=v.seen)
        return
    services.pledge(
        funder=funder_of(request, plan, v.funder), label=v.label, amount=v.amount, on=v.on, expected=v.expected, document=v.document, by=by
    )  # fmt: skip


def cash(till: queries.Till) -> dict[str, Any]:
    """The need against the money received, for who reads plans."""
    found = till.cash
    total = till.money.budget.total[1] if till.money else 0
    hoped = sum(amount for _day, amount in till.hoped)
    run = drawn.of_content(till.version, till.version.sha256) if till.version else None
    figures = run.figures if run else None
    return {
        "run": run, "provision": [("plain", figures["plain"]["cost"]), *([("risks", figures["risks"]["cost"])] if figures.get("risks") else [])] if figures else [],
        "cash": found, "plot": pages.plot_of(found, today(), lang()), "days": pages.days_of(till), "total": total, "hoped": hoped,
        "milliards": {"total": milliards(total, lang()), "hoped": milliards(hoped, lang()), "received": milliards(sum(m.amount for m in till.moves), lang())},
    }  # fmt: skip


def public(plan: Plan) -> dict[str, Any]:
    """The lines that everybody may read, beside a donor's own money: the published version by phase."""
    shown = plans.published().filter(plan=plan).first()
    if shown is None:
        return {"public": None}
    money = queries.Till(plan, shown).money
    assert money is not None
    return {"public": shown, "public_rows": grouped(money.budget, "phase"), "public_total": money.budget.total}


def closing(sums: dict[str, int]) -> list[Message]:
    """What closing a promise gives up, in francs."""
    rest = max(sums["agreed"] - sums["received"], 0)
    return [Message(_("Francs reçus : %(received)d ; convenus : %(agreed)d ; qui ne viendront plus : %(rest)d."), {"received": sums["received"], "agreed": sums["agreed"], "rest": rest})]


def taking_back(one: Movement, sums: dict[str, int], left: int) -> list[Message]:
    """What taking a movement back does, in francs. left: what the funder has in the till."""
    now = sums[one.stage]
    said = [Message(_("%(stage)s : %(now)d francs, puis %(then)d."), {"stage": Message(STAGES[one.stage]), "now": now, "then": now - one.amount})]
    if one.stage == "received":
        said.append(Message(_("%(funder)s, reste en caisse : %(now)d francs, puis %(then)d."), {"funder": one.pledge.funder.name, "now": left, "then": left - one.amount}))
    return [*said, Message(_("Le mouvement et sa reprise restent inscrits tous deux."))]


@login_required
def pledge(request: HttpRequest, pk: int) -> HttpResponse:
    one = queries.pledge(request.user, pk)
    if one is None:
        raise Http404(str(pk))
    if request.method == "POST":
        require(request.user, MONEY)
        move(request, one)
        return redirect("planning:pledge", pk)
    plan = one.funder.plan
    rows = list(one.movements.select_related("by", "corrects", "pledge__funder"))
    gone = {m.corrects_id for m in rows}
    sums = queries.sums_of((m.stage, m.amount) for m in rows)
    keeps = may(request.user, MONEY) and one.state != Pledged.CLOSED
    left = queries.received(one.funder) - queries.spent(one.funder) if keeps else 0
    backs = {m.pk: taking_back(m, sums, left) for m in rows if keeps and m.pk not in gone and not m.corrects_id}
    context = {
        "section": SECTION, "plan": plan, "one": one, "rows": [(m, STAGES[m.stage], backs.get(m.pk)) for m in rows], "sums": sums,
        "figures": [(_t(label), milliards(amount, lang()), amount) for label, amount in (("Annoncé", one.announced), ("Convenu", sums["agreed"]), ("Appelé", sums["called"]), ("Reçu", sums["received"]))],
        "stages": STAGES, "keeps": keeps, "stamp": queries.pledge_mark(one), "state": PLEDGE.labels[Pledged(one.state)],
        "crumbs": [(reverse("planning:money", args=[plan.code]), _t("Argent")), ("", one.label)],
        **({"move_form": forms.MoveForm(auto_id="m-%s"), "back_form": forms.BackForm(auto_id="b-%s"), "close_form": forms.CloseForm(auto_id="c-%s"), "closes": closing(sums)} if keeps else {}),
    }  # fmt: skip
    return render(request, "planning/pledge.html", context)


def move(request: HttpRequest, one: Pledge) -> None:
    form = edge.acted(request, forms.MoveForm, forms.BackForm, forms.CloseForm)
    v, by = form.v, who(request)
    if isinstance(form, forms.MoveForm):
        services.move(pledge=one, stage=v.stage, amount=v.amount, on=v.on, document=v.document, by=by, seen=v.seen)
    elif isinstance(form, forms.CloseForm):
        services.close(pledge=one, reason=v.reason, by=by, seen=v.seen)
    else:
        movement = one.movements.filter(pk=v.movement).first()
        if movement is None:
            raise Http404(str(v.movement))
        services.take_back(movement=movement, reason=v.reason, document=v.document, by=by, seen=v.seen)
