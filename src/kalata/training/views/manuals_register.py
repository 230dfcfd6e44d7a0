"""The register of manuals: print runs by the hash of their pages, what went out, which manual somebody held."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t

from kalata.people.guard import require
from kalata.people.queries import may_somewhere
from kalata.refusals import Forbidden
from kalata.results.views.shared import language, who
from kalata.training.forms import classes as forms
from kalata.training.manuals_lists import CENTRES, HANDED, kind_name
from kalata.training.queries import cascade as planner
from kalata.training.queries import classes as class_queries
from kalata.training.queries import manual_builds as builds
from kalata.training.queries import manuals_register as queries
from kalata.training.rules.manuals.words import role_in
from kalata.training.rules.rights import PLAN
from kalata.training.services import manuals_register as services
from kalata.training.views.classes_files import sent, table
from kalata.ui import edge
from kalata.ui.templatetags.kalata import name


def guard(request: HttpRequest) -> None:
    if not any(may_somewhere(request.user, r) for r in class_queries.OVER_ALL):
        raise Forbidden(right=PLAN)


@login_required
def index(request: HttpRequest) -> HttpResponseBase:
    guard(request)
    shown = HANDED.read(request, lambda asked: queries.handovers(request.user, asked.q))
    if shown.form:
        return shown.file()
    context = {
        "section": "procedures", "crumbs": [(reverse("manuals:list"), _t("Manuels")), ("", _t("Tirages et remises"))], "list": shown, "register": True,
        "runs": [(r, role_in(r.role, language()), kind_name(r.kind)) for r in queries.runs(request.user)],
    }  # fmt: skip
    return render(request, "classes/handed.html", context)


@login_required
def centres(request: HttpRequest) -> HttpResponseBase:
    """What each centre is to be sent: the print order, as a page, CSV or workbook."""
    guard(request)
    chosen = [(c.code, name(c)) for c in class_queries.contests_planned(request.user)]
    shown = CENTRES.read(
        request, lambda asked: builds.centres(request.user, asked), options={"scrutin": lambda: chosen}
    )
    if shown.form:
        return shown.file()
    context = {
        "section": "procedures", "crumbs": [(reverse("manuals:list"), _t("Manuels")), ("", _t("Commande des centres"))], "list": shown, "register": True,
        "totals": list(builds.totals(request.user, shown.asked)), "reserve": planner.assumed("reserve_percent", 0),
        "per_station": planner.assumed("manuals_per_station", 2),
    }  # fmt: skip
    return render(request, "classes/centres.html", context)


@login_required
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One print run: its pages by their hash, where its copies went, what changed in the source since."""
    guard(request)
    one = queries.run_for(pk)
    if one is None:
        raise Http404
    if request.method == "POST":
        require(request.user, PLAN)
        v: Any = edge.acted(request, forms.HandForm).v
        this = class_queries.classes(request.user).filter(code=v.training_class).first()
        if this is None:
            raise Http404
        services.hand_over(run=one, training_class=this, taken_by=v.taken_by, copies=v.copies, on=v.on, by=who(request))
        return redirect("manuals:run", pk)
    now = queries.made_of(one.source, one.role, one.language)
    today = {p.procedure: p.id for p in now.pages} if now else {}
    pages = [(p, today.get(p["procedure"]) == p["id"]) for p in one.pages]
    gone = list(one.handovers.select_related("training_class__unit", "taken_by", "by"))
    shown = {
        "section": "procedures", "crumbs": [(reverse("manuals:handed"), _t("Tirages et remises")), ("", one.number)], "run": one, "pages": pages, "gone": gone,
        "role": role_in(one.role, language()), "kind": kind_name(one.kind), "kept": builds.of_run(one),
        "left": one.copies - sum(h.copies for h in gone), "stale": sum(not same for _p, same in pages), "plans": may_somewhere(request.user, PLAN),
        "form": forms.HandForm(initial={"on": timezone.localdate()}),
    }  # fmt: skip
    return render(request, "classes/run.html", shown)


@login_required
def order(request: HttpRequest) -> HttpResponse:
    """Copies that each class of a published plan needs, by day and place."""
    guard(request)
    rows = [
        row
        for c in class_queries.contests_planned(request.user)
        for row in queries.print_order(request.user, c, planner.assumed("manuals_per_class", 1))
    ]
    return sent(
        table(("class", "first_day", "place", "language", "people", "copies"), rows),
        "commande-manuels.csv",
        "text/csv; charset=utf-8",
    )
