"""Lots, for everybody: each promise, what was opened, the order, the minutes of a draw."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.results import lots_paper
from kalata.results.access import contest_for
from kalata.results.queries import lots_told
from kalata.results.queries.lots_told import announced
from kalata.results.rules.rights import SITTINGS
from kalata.results.services import lots
from kalata.results.views.shared import language, pdf, reach


def shown(request: HttpRequest, code: str) -> HttpResponse:
    """For everybody: each promise, what was opened, the order, how to redo it."""
    contest = contest_for(request.user, code)
    return render(
        request,
        "results/lots.html",
        {
            "section": "results",
            "contest": contest,
            "exercise": contest.election.exercise,
            "rows": lots.history(contest),
            "entries": lots_told.entries_of(contest),
            "names": lots.names_of(contest),
            "crumbs": [(reverse("results:contest", args=[code]), contest.name_fr), ("", _t("Tirages au sort"))],
        },
    )


def minutes(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The minutes of one draw, as a PDF to print and sign. Who sits in the commission reads the names."""
    contest = contest_for(request.user, code)
    made = announced(contest).filter(number=number).select_related(*lots_paper.PARTS).first()
    if made is None:
        raise Http404(str(number))
    named = reach(request, contest, *SITTINGS).tops != ()
    return pdf(lots_paper.printed(contest, made, language(), named=named), f"{contest.code}-tirage-{number}")
