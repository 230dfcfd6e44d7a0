"""The odds of a version: the last draws made on what it holds, with how far they can be trusted; asked and stopped here."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.people.queries import may
from kalata.planning import forms
from kalata.planning.models import OddsRun, PlanVersion
from kalata.planning.pages import odds as pages
from kalata.planning.queries import content, legal
from kalata.planning.queries import odds as queries
from kalata.planning.services import odds
from kalata.planning.views.workshop import found
from kalata.results.views.shared import who
from kalata.ui import edge


@login_required
def page(request: HttpRequest, pk: int) -> HttpResponse:
    one = found(request, pk)
    if request.method == "POST":
        form = edge.acted(request, forms.DrawForm, forms.StopForm)
        if isinstance(form, forms.DrawForm):
            odds.ask(version=one, by=who(request), seen=form.v.seen)
        else:
            odds.stop(version=one, by=who(request))
        return redirect("planning:odds", pk)
    mark = content.sha256(one)
    run = queries.of_content(one, mark) or queries.last_whole(one)
    going = queries.running(one)
    last = queries.latest(one)
    context = {
        "section": "planning", "version": one, "stamp": mark, "going": going, "step": pages.step_of(going) if going else None,
        "fault": last.fault if last and last.ended_at and last.fault else "", "stopped": bool(last and last.stopped_at), "draws": odds.DRAWS,
        "old": bool(run and run.sha256 != mark), "draws_it": any(may(request.user, right) for right in odds.MAY),
        "crumbs": [(reverse("planning:plans"), _t("Plan opérationnel")), (reverse("planning:workshop", args=[pk]), one.plan.name), ("", _t("Chances"))],
        "catalogue": pages.catalogue_of(queries.described(one.plan.election.pack.code), set(one.activities.values_list("code", flat=True)), lang()),
        **(told(one, run) if run else {}),
    }  # fmt: skip
    return render(request, "planning/odds.html", context)


def lang() -> str:
    return "en" if get_language() == "en" else "fr"


def told(one: PlanVersion, run: OddsRun) -> dict[str, Any]:
    """A run, with the names, norms and texts of the version's activities."""
    sheet = content.sheet(one)
    column = "activity_en" if get_language() == "en" else "activity_fr"
    names = {c["id"]: c.get(column) or c.get("activity_fr", "") for c in sheet}
    norms = {c["id"]: c["norm"] for c in sheet if c.get("norm")}
    found = pages.shown(run, names, norms, legal.computed(one.plan, one.j1))
    risks = {r.id: r.name_en if get_language() == "en" and r.name_en else r.name_fr for r in queries.catalogue(one.plan.election.pack.code)}  # fmt: skip
    rows = pages.scenarios_of(run.figures or {}, "en" if get_language() == "en" else "fr")
    if rows:
        rows[0]["name"] = _t("Ce plan")
    return {**found, "scenarios": rows, "risks": [(i, risks.get(i, ""), *rest) for i, _name, *rest in found["risks"]]}
