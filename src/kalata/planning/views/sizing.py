"""Figures that another room has computed and signed, beside what the plan says: taken into a draft line by line, or left."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.people.queries import may
from kalata.planning.forms import sizing as forms
from kalata.planning.pages import sizing as pages
from kalata.planning.queries import sizing as queries
from kalata.planning.rules.rights import EDIT, MONEY
from kalata.planning.rules.steps import State
from kalata.planning.services import sizing as services
from kalata.planning.views.workshop import found
from kalata.results.views.shared import who
from kalata.ui import edge


@login_required
def page(request: HttpRequest, pk: int) -> HttpResponse:
    one = found(request, pk)
    if request.method == "POST":
        form = edge.acted(request, forms.TakeForm, forms.LeaveForm)
        v = form.v
        services.choose(version=one, source=v.source, codes=v.line, accepted=isinstance(form, forms.TakeForm), by=who(request), seen=v.seen)
        return redirect("planning:sizing", pk)
    context = {
        "section": "planning", "version": one, "draft": one.state == State.DRAFT, "edits": one.state == State.DRAFT and (may(request.user, EDIT) or may(request.user, MONEY)),
        "costs_alone": not may(request.user, EDIT),
        "offers": [pages.shown(one, offered) for offered in queries.offered(one, request.user)],
        "crumbs": [(reverse("planning:plans"), _t("Plan opérationnel")), (reverse("planning:workshop", args=[pk]), one.plan.name), ("", _t("Chiffres à reprendre"))],
    }  # fmt: skip
    return render(request, "planning/sizing.html", context)

