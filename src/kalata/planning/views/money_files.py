"""Promises, movements and payments as a workbook: downloaded, filled elsewhere, tried row by row, then entered."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.people.guard import require
from kalata.people.queries import may
from kalata.planning.forms import money_files as forms
from kalata.planning.models import Plan
from kalata.planning.money_table import COLUMNS, WHATS, as_csv, workbook
from kalata.planning.queries import money as queries
from kalata.planning.queries import money_table as stands
from kalata.planning.rules.rights import MONEY
from kalata.planning.services import money_files as services
from kalata.planning.views.money import SECTION, lang, plan_of
from kalata.results.views.shared import who
from kalata.ui import edge

MEDIA = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}
SHOWN = 200


@login_required
def page(request: HttpRequest, code: str) -> HttpResponse:
    plan = plan_of(request, code)
    if not queries.reads_all(request.user):
        raise Http404(code)
    if request.method == "POST":
        require(request.user, MONEY)
        form: Any = edge.acted(request, forms.TryMoney, forms.KeepMoney)
        if isinstance(form, forms.TryMoney):
            return render(request, "planning/money_files.html", {**shown(request, plan), **tried(request, plan, form.v)})
        services.keep(plan=plan, table=form.v.table, by=who(request), seen=form.v.seen)
        return redirect("planning:money", code)
    return render(request, "planning/money_files.html", shown(request, plan))


def tried(request: HttpRequest, plan: Plan, v: Any) -> dict[str, Any]:
    seen = stands.stamp(plan)
    found = services.tried(plan=plan, name=str(v.file.name), data=v.file.read(), lang=lang(), by=who(request))
    return {
        "found": found, "seen": seen, "rows": [(r, WHATS[r.what]) for r in found.new[:SHOWN]], "more": max(len(found.new) - SHOWN, 0),
        "sums": [(WHATS[what], amount) for what, amount in found.sums.items()],
    }  # fmt: skip


def shown(request: HttpRequest, plan: Plan) -> dict[str, Any]:
    return {
        "section": SECTION, "plan": plan, "columns": ", ".join(COLUMNS), "form": forms.TryMoney(auto_id="f-%s") if may(request.user, MONEY) else None,
        "crumbs": [(reverse("planning:money", args=[plan.code]), _t("Argent")), ("", _t("Classeur de l’argent"))],
    }  # fmt: skip


@login_required
def file(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """What this person reads of the money of a plan: everything, or a donor's own."""
    plan = plan_of(request, code)
    if kind not in MEDIA:
        raise Http404(kind)
    rows = stands.rows(plan, request.user)
    data = workbook(rows, lang()) if kind == "xlsx" else ("\ufeff" + as_csv(rows)).encode()
    answer = HttpResponse(data, content_type=MEDIA[kind])
    answer["Content-Disposition"] = f'attachment; filename="{plan.code}-argent.{kind}"'
    return answer
