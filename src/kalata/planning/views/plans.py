"""The plans of the house: each with its versions, and the wizard that makes one from the pack."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kalata.people.guard import require
from kalata.planning import forms
from kalata.planning.queries import plans as queries
from kalata.planning.rules.rights import EDIT, READ
from kalata.planning.services import versions
from kalata.results.views.shared import who
from kalata.ui import edge


@login_required
def page(request: HttpRequest) -> HttpResponse:
    require(request.user, READ)
    if request.method == "POST":
        require(request.user, EDIT)
        return act(request)
    shown = {
        "section": "planning",
        "plans": queries.plans(request.user),
        "form": forms.MakeForm(),
        "elections": queries.elections(),
    }
    return render(request, "planning/plans.html", shown)


def act(request: HttpRequest) -> HttpResponse:
    form = edge.acted(request, forms.MakeForm, forms.DraftForm)
    if isinstance(form, forms.DraftForm):
        plan = queries.plans(request.user).filter(pk=form.v.plan).first()
        if plan is None:
            raise Http404
        made = versions.open_draft(plan=plan, by=who(request))
    else:
        v = form.v
        election = queries.elections().filter(pk=v.election).first()
        if election is None:
            raise Http404
        made = versions.make_plan(
            code=v.code, name=v.name, election=election, family=v.family, rounds=int(v.rounds), t0=v.t0, j1=v.j1, by=who(request)
        )  # fmt: skip
    return redirect("planning:workshop", made.pk)
