"""The procurement plan, and one purchase: its steps, its latest publication, its award by two persons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.lifecycle import ways_out
from kalata.people.guard import require
from kalata.people.queries import may
from kalata.planning.forms import buying as forms
from kalata.planning.models import Plan, ProcurementItem
from kalata.planning.purchases_list import PURCHASES
from kalata.planning.queries import buying as queries
from kalata.planning.queries import plans
from kalata.planning.rules.buying import DRAWS, reserve
from kalata.planning.rules.buying_steps import BUYING, Bought, by_two
from kalata.planning.rules.rights import BUY, PROGRESS, READ
from kalata.planning.services import buying as services
from kalata.results.views.shared import who
from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.ui import edge

SECTION = "planning_buying"


def plan_of(request: HttpRequest, code: str) -> Plan:
    require(request.user, READ)
    found = plans.plans(request.user).select_related("election__pack").filter(code=code).first()
    if found is None:
        raise Http404(code)
    return found


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Straight to the newest plan."""
    require(request.user, READ)
    newest = plans.plans(request.user).first()
    return redirect("planning:purchases", newest.code) if newest else redirect("planning:plans")


@login_required
def page(request: HttpRequest, code: str) -> HttpResponseBase:
    plan = plan_of(request, code)
    if request.method == "POST":
        require(request.user, BUY)
        form = edge.acted(request, forms.ItemForm)
        made = services.describe(plan=plan, code=form.v.code, said=said(form.v), by=who(request))
        return redirect("planning:purchase", made.pk)
    version = queries.standing(plan)
    found = PURCHASES.read(request, lambda asked: narrowed(queries.timed(list(queries.purchases(plan)), version), asked))
    if found.form:
        return found.file()
    context = {
        "section": SECTION, "plan": plan, "version": version, "list": found, "keeps": may(request.user, BUY), "methods": queries.methods(plan),
        "form": forms.ItemForm(auto_id="i-%s"), "crumbs": [("", _t("Plan opérationnel")), ("", _t("Marchés"))],
    }  # fmt: skip
    return render(request, "planning/purchases.html", context)


def narrowed(rows: list[queries.Timed], asked: Any) -> list[queries.Timed]:
    words = asked.q.casefold()
    return [t for t in rows if words in f"{t.item.code} {t.item.name} {t.item.method}".casefold() and asked.etat in ("", t.item.state)]  # fmt: skip


def said(v: Any) -> services.Described:
    return services.Described(
        v.name, v.method, v.tender, v.needed, v.making, v.delivering, v.lots or 1, v.sensitive, v.quantity, v.reserve_percent,
        v.fails_percent, v.legal_days, v.legal_source,
    )  # fmt: skip


@login_required
def one(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, READ)
    item = queries.purchase(pk)
    if item is None:
        raise Http404(str(pk))
    if request.method == "POST":
        act(request, item)
        return redirect("planning:purchase", pk)
    return render(request, "planning/purchase.html", shown(request, item))


def figures(item: ProcurementItem, timed: queries.Timed) -> list[Message]:
    """What a decision on this purchase binds: how much, in reserve, and for which day."""
    spare = reserve(item.quantity, item.reserve_percent)
    said = [Message(_("%(n)d {n:unité|unités} à fournir ; %(spare)d en réserve."), {"n": item.quantity, "spare": spare or 0})] if item.quantity else []
    if timed.needed:
        said.append(Message(_("%(code)s en a besoin le %(day)s."), {"code": item.needed, "day": timed.needed}))
    return said or [Message(_("La quantité de ce marché n’est pas dite."))]


def stepping(timed: queries.Timed, ways: Sequence[Bought]) -> list[Message]:
    """What each step that may be entered now does; a step is not taken back, what was wrong is entered after it."""
    hold = timed.hold
    said = {
        Bought.PUBLISHED: Message(_("publié : la dernière publication qui tient à 80 %% est le %(day)s ; l’objet, la procédure, les lots et la quantité ne se récrivent plus par une seule personne."), {"day": hold})
        if hold else Message(_("publié : l’objet, la procédure, les lots et la quantité ne se récrivent plus par une seule personne ; la date qui tient à 80 %% n’est pas calculable.")),
        Bought.FAILED: Message(_("infructueux : il faut publier de nouveau, ou demander un gré à gré au comité ; la date qui tient à 80 %% ne recule pas.")),
        Bought.SIGNED: Message(_("signé : le fournisseur est celui qui a été attribué ; la fabrication commence.")),
        Bought.DELIVERED: Message(_("livré : une autre personne que vous dira la réception.")),
        Bought.CANCELLED: Message(_("abandonné : ce marché est fini, et rien ne répond plus à ce besoin.")),
    }  # fmt: skip
    return [said[w] for w in ways if w in said]


def act(request: HttpRequest, item: ProcurementItem) -> None:
    form = edge.acted(request, forms.ItemForm, forms.MoveForm, forms.ReceiveForm, forms.AwardForm)
    v, by = form.v, who(request)
    if isinstance(form, forms.ItemForm):
        services.describe(plan=item.plan, code=item.code, said=said(v), by=by, seen=v.seen)
    elif isinstance(form, forms.AwardForm):
        services.ask(
            item=item, to=Bought(v.to), document=v.document, reason=v.reason, supplier=v.supplier, by=by, seen=v.seen
        )
    elif isinstance(form, forms.ReceiveForm):
        services.move(item=item, to=Bought.ACCEPTED, on=v.on, document=v.document, reason="", by=by, seen=v.seen)
    else:
        services.move(
            item=item, to=Bought(v.to), on=v.on, document=v.document, reason=v.reason, by=by, seen=v.seen
        )  # fmt: skip


def shown(request: HttpRequest, item: ProcurementItem) -> dict[str, Any]:
    plan, user, state = item.plan, request.user, Bought(item.state)
    version = queries.standing(plan)
    (timed,) = queries.timed([item], version)
    buys = may(user, BUY)
    ways = [s.to for s in ways_out(BUYING, state)]
    own = [w for w in ways if buys and w is not Bought.ACCEPTED and not by_two(state, w)]
    next_steps = [(w.value, BUYING.labels[w]) for w in own]
    asks = [(w.value, BUYING.labels[w]) for w in ways if buys and by_two(state, w)]
    asked = queries.asked(item.pk)
    given = {**queries.described(item), "code": item.code, "sensitive": item.sensitive or None}
    return {
        "section": SECTION, "plan": plan, "version": version, "item": item, "timed": timed, "steps": [(s, BUYING.labels[Bought(s.state)]) for s in item.steps.select_related("by")],
        "spare": reserve(item.quantity, item.reserve_percent), "stamp": queries.mark_of(item), "says": figures(item, timed), "step_says": [*figures(item, timed), *stepping(timed, own)], "asked": asked, "decides": bool(asked) and may(user, asked.right if asked else ""),
        "next_steps": next_steps, "asks": [] if asked else asks, "draws": DRAWS, "keeps": buys, "receive": forms.ReceiveForm(auto_id="v-%s") if Bought.ACCEPTED in ways and may(user, PROGRESS) and item.deliverer_id != user.pk else None, "said_law": [m for m in queries.methods(plan) if m["method"] == item.method],
        "form": forms.ItemForm(initial=given, auto_id="i-%s"), "move_form": forms.MoveForm(auto_id="m-%s"), "award_form": forms.AwardForm(auto_id="a-%s"),
        "crumbs": [(reverse("planning:purchases", args=[plan.code]), _t("Marchés")), ("", item.name)],
    }  # fmt: skip
