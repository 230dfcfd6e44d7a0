"""The counters and the rolls: their state, what came of each; one is asked and opened by two persons, one is closed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t

from kalata.disputes.forms.intake import CloseCounterForm, OpenCounterForm, RollForm
from kalata.disputes.queries import cases as queries
from kalata.disputes.rules.steps import REGISTRY
from kalata.disputes.services import counters as services
from kalata.disputes.services import intake
from kalata.disputes.signing import court
from kalata.disputes.views.registry import crumbs
from kalata.people.guard import require
from kalata.ui import edge


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """Every counter and every roll, for who keeps the registry."""
    require(request.user, REGISTRY)
    by: Any = request.user
    if request.method == "POST":
        done(request, by)
        return redirect("disputes:counters")
    context = {
        "section": "disputes", "rows": queries.counters_kept(), "rolls": intake.rolls(), "bare": queries.without_roll(by),
        "form": OpenCounterForm(), "year": timezone.localdate().year, "crumbs": crumbs(_t("Guichets et rôles")),
        "seals_to": court.bundles_to(),
    }  # fmt: skip
    return render(request, "disputes/counters.html", context)


def done(request: HttpRequest, by: Any) -> None:
    form = edge.acted(request, OpenCounterForm, RollForm, CloseCounterForm)
    v = form.v
    if isinstance(form, OpenCounterForm):
        services.ask_counter(code=v.code, name=v.name, unit=v.unit, key=v.key, reason=v.reason, by=by)
        messages.success(request, _t("Ouverture demandée : une autre personne du greffe la décide, aux approbations."))
    elif isinstance(form, RollForm):
        contest = queries.without_roll(by).filter(pk=v.contest).first()
        if contest is None:
            raise edge.NotUnderstood(
                [edge.Wrong("contest", str(v.contest), _t("ce scrutin a déjà son rôle, ou n’est pas à vous"))]
            )
        services.open_roll(contest=contest, short=v.short, year=v.year, by=by)
        messages.success(request, _t("Rôle ouvert."))
    else:
        if not v.sure:
            raise edge.NotUnderstood([edge.Wrong("sure", "", _t("cochez la case pour fermer"))])
        services.close_counter(code=v.code, by=by)
        messages.success(request, _t("Guichet fermé ; ce qu’il a donné reste."))
