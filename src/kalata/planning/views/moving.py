"""Another polling day: tried first, with what breaks, by which text, and what each activity lacks; then moved, on a draft."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.people.guard import require
from kalata.people.queries import may
from kalata.planning import forms
from kalata.planning.models import PlanVersion
from kalata.planning.queries import content
from kalata.planning.queries import odds as drawn
from kalata.planning.queries.moving import Trial, trial
from kalata.planning.rules.chances import ready_by
from kalata.planning.rules.rights import EDIT
from kalata.planning.rules.steps import State
from kalata.planning.services import versions
from kalata.planning.views.workshop import found
from kalata.results.views.shared import who
from kalata.ui import edge


@login_required
def page(request: HttpRequest, pk: int) -> HttpResponse:
    one = found(request, pk)
    if request.method == "POST":
        require(request.user, EDIT)
        form = edge.acted(request, forms.DayForm)
        versions.move_polling_day(version=one, j1=form.v.j1, by=who(request), seen=form.v.seen)
        return redirect("planning:workshop", pk)
    look = edge.asked(request, forms.TryForm)
    mark = content.sha256(one)
    tried = trial(one, look.j1) if look.j1 else None
    context = {
        "section": "planning", "version": one, "stamp": mark, "form": forms.TryForm(initial={"j1": look.j1}, auto_id="t-%s"),
        "moves": one.state == State.DRAFT and may(request.user, EDIT), "draft": one.state == State.DRAFT,
        "crumbs": [(reverse("planning:plans"), _t("Plan opérationnel")), (reverse("planning:workshop", args=[pk]), one.plan.name), ("", _t("Déplacer le scrutin"))],
        **(told(one, tried, mark) if tried else {}),
    }  # fmt: skip
    return render(request, "planning/moving.html", context)


def told(one: PlanVersion, tried: Trial, mark: str) -> dict[str, Any]:
    run = drawn.of_content(one, mark)
    odds = ready_by(run.figures["plain"], one.t0, tried.j1) if run and run.figures else None
    return {
        "tried": tried, "effect": tried.effect, "breaks": [m for m in tried.limits if m.breaks], "missed": [m for m in tried.limits if m.missed],
        "rows": [(m, tried.laws.get(m.norm)) for m in tried.limits], "odds": odds,
    }  # fmt: skip
