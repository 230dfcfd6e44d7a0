"""The public dates of a plan, for everybody: a page, and a calendar that programs follow."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.planning.models import Publication
from kalata.planning.queries import publishing as queries
from kalata.planning.rules.publishing import agenda, days_of, spans_of


def lang() -> str:
    return "en" if get_language() == "en" else "fr"


def found(code: str) -> Publication:
    one = queries.of_plan(code)
    if one is None:
        raise Http404(code)
    return one


def index(request: HttpRequest) -> HttpResponse:
    """The plans that are public."""
    return render(request, "planning/public_plans.html", {"section": "plan_public", "publications": queries.latest()})


def page(request: HttpRequest, code: str) -> HttpResponse:
    one = found(code)
    days = days_of(one.rows)
    context = {
        "section": "plan_public", "one": one, "plan": one.plan, "days": [(d, d.name(lang())) for d in days], "phases": spans_of(one.phases),
        "later": one.plan.versions.filter(state="approved", number__gt=one.version.number).exists(), "missed": sum(d.missed for d in days), "unverified": sum(bool(d.law) and not d.verified for d in days),
        "crumbs": [("", _t("Calendrier du plan"))],
    }  # fmt: skip
    return render(request, "planning/public_plan.html", context)


def ics(request: HttpRequest, code: str) -> HttpResponse:
    one = found(code)
    body = agenda(one.plan.code, one.plan.name, queries.editions(one.plan), lang())
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="{one.plan.code}.ics"'
    return answer
