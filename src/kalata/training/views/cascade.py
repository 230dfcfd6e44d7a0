"""The planner of the cascade: whether the plan's own numbers hold, where they break, and what each way out costs."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.people.queries import rights_of
from kalata.people.services import require
from kalata.training.forms.cascade import TryForm
from kalata.training.pages.cascade import answered, shown
from kalata.training.queries import cascade as queries
from kalata.training.rules.cascade import Costs
from kalata.training.rules.cascade_case import Terms
from kalata.training.rules.rights import PLAN, READ
from kalata.training.services import cascade as services
from kalata.ui import edge, fields


class Asked(edge.Edge):
    """The contest and the terms; left out, those of the plan and of the pack's assumptions."""

    scrutin = fields.CodeField(required=False)
    taille = fields.CountField(required=False, least=5, most=200)
    jours = fields.CountField(required=False, least=1, most=60)
    reserve = fields.CountField(required=False, least=0, most=100)
    binomes = fields.CountField(required=False, least=0, most=20_000)


PRICES = ("venue", "allowance", "trainer", "print", "new_pair")


def terms_of(want: Any) -> Terms:
    def said(value: int | None, default: int) -> int:
        return default if value is None else value

    return Terms(
        class_max=said(want.taille, queries.assumed("class_max", 25)),
        days=said(want.jours, queries.plan_days()),
        reserve=Fraction(said(want.reserve, queries.assumed("reserve_percent")), 100),
        per_station=queries.per_station(),
        pairs=said(want.binomes, queries.of_plan("pairs", 0)),
        last=queries.assumed("last_day_before_poll", 1),
        costs=Costs(**{p: queries.assumed(p) for p in PRICES}),
    )


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """The proof in three lines, where the rule breaks, contradictions with both sources, ways out with their price."""
    require(request.user, READ)
    want: Any = edge.asked(request, Asked)
    contests = queries.contests()
    contest = next((c for c in contests if c.code == want.scrutin), contests[0] if contests else None)
    terms = terms_of(want)
    return render(
        request, "training/cascade.html",
        {
            **shown(contest, terms), "contests": contests, "contest": contest, "terms": terms, "section": "training", "may_try": PLAN in rights_of(request.user),
            "crumbs": [("", _t("Formation")), ("", _t("Cascade"))],
        },
    )  # fmt: skip


@login_required
def trial(request: HttpRequest) -> HttpResponse:
    """One's own lists of places and pairs: held or refuted, by which rows, with what ways out. Nothing is kept."""
    require(request.user, PLAN)
    form = edge.form_of(request, TryForm)
    found = services.tried(form.cleaned_data) if request.method == "POST" and form.is_valid() else None
    told: dict[str, Any] = {
        "form": form,
        "section": "training",
        "crumbs": [(reverse("cascade:plan"), _t("Cascade")), ("", _t("Essai"))],
    }
    if found is not None:
        told |= answered(found)
    return render(request, "training/trial.html", told, status=422 if form.errors else 200)
