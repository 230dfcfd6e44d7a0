"""Errors of station records joined to training: for the cell alone, and nothing of it leaves the page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.people.guard import require
from kalata.results.views.shared import language
from kalata.training.queries import cascade as planner
from kalata.training.queries import classes as class_queries
from kalata.training.queries import errors as queries
from kalata.training.rules.rights import WRITE
from kalata.ui import edge, fields


class Asked(edge.Edge):
    scrutin = fields.CodeField(required=False)


def told(effects: Any) -> list[tuple[str, int, int, str, str, str]]:
    """Effects in points of a hundred, with their sign."""
    comma = "," if language() == "fr" else "."

    def points(value: float) -> str:
        return f"{100 * value:+.1f}".replace(".", comma).replace("-", "−")

    return [(e.trainer, e.stations, e.errors, points(e.effect), points(e.low), points(e.high)) for e in effects]


@login_required
def page(request: HttpRequest) -> HttpResponse:
    require(request.user, WRITE)
    want: Any = edge.asked(request, Asked)
    contests = planner.contests()
    trained = next((c for c in contests if class_queries.published(c)), contests[0] if contests else None)
    contest = next((c for c in contests if c.code == want.scrutin), trained)
    found = queries.found_in(request.user, contest) if contest else None
    shown = {
        "section": "procedures", "crumbs": [(reverse("procedures:list"), _t("Procédures")), ("", _t("Erreurs et formation"))], "contests": contests,
        "contest": contest, "found": found, "effects": told(found.answer.effects) if found else [], "seed": queries.SEED,
    }  # fmt: skip
    return render(request, "classes/errors.html", shown)
