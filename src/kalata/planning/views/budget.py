"""The budget of a plan: one page, and its workbook of live formulas."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.people.queries import may
from kalata.people.services import require
from kalata.planning.budget_book import book_of
from kalata.planning.models import PlanVersion
from kalata.planning.pages.budget import shown
from kalata.planning.pages.money import followed
from kalata.planning.queries import budget as queries
from kalata.planning.queries import money as money_queries
from kalata.planning.rules.cost_groups import GROUPINGS
from kalata.planning.rules.rights import EDIT, MONEY, READ
from kalata.ui import edge, fields

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Asked(edge.Edge):
    """Which version (none: the reference plan of the pack), one grouping, one line to trace; whether every fold is open."""

    version = fields.CountField(least=1, most=2**31 - 1)
    par = fields.ChoiceField(GROUPINGS, initial="phase")
    ligne = fields.TextField(most=64)
    tout = fields.FlagField()


def version_of(request: HttpRequest, number: int | None, seen: list[PlanVersion]) -> PlanVersion | None:
    if number is None:
        return None
    found = next((v for v in seen if v.pk == number), None)
    if found is None:
        raise Http404(str(number))
    return found


@login_required
def budget(request: HttpRequest) -> HttpResponse:
    """Totals, groupings that sum to them, the trace of a line, the outside view."""
    require(request.user, READ)
    want: Any = edge.asked(request, Asked)
    seen = queries.versions(request.user)
    version = version_of(request, want.version, seen)
    money = queries.money_of(version)
    lang = "en" if get_language() == "en" else "fr"
    till = money_queries.till(version.plan) if version else None
    return render(
        request, "planning/budget.html",
        {
            **(followed(till, want.ligne) if till and want.ligne else {}), "recorded": bool(till and (till.moves or till.dues)),
            **shown(money, by=want.par, line=want.ligne, lang=lang, every=bool(want.tout)), "section": "planning_budget", "version": version, "versions": seen, "reads_back": may(request.user, EDIT) or may(request.user, MONEY),
            "crumbs": [("", _t("Planification")), ("", _t("Budget"))],
        },
    )  # fmt: skip


@login_required
def workbook(request: HttpRequest) -> HttpResponse:
    """The same budget, as formulas that whoever opens it recomputes."""
    require(request.user, READ)
    want: Any = edge.asked(request, Asked, strict=True)
    money = queries.money_of(version_of(request, want.version, queries.versions(request.user)))
    lang = "en" if get_language() == "en" else "fr"
    answer = HttpResponse(book_of(money.budget, money.drivers, lang), content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="budget.xlsx"'
    return answer
