"""The Court as everybody reads it, without an account. Nothing here asks who reads: all read the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata import __version__
from kalata.disputes.forms.public import OfContest
from kalata.disputes.public_feeds import TITLES
from kalata.disputes.public_first_list import FIRST
from kalata.disputes.public_lists import DECISIONS, DOCKET, STATES
from kalata.disputes.public_places import House
from kalata.disputes.queries import (
    public,
    public_case,
    public_contests,
    public_decisions,
    public_first,
    public_proclamations,
)
from kalata.disputes.queries import statistics as facts
from kalata.disputes.rules import public_figures
from kalata.disputes.rules import public_first as first_rules
from kalata.disputes.rules.filing import GROUNDS
from kalata.disputes.rules.public import SAYS
from kalata.disputes.rules.scorecard import SEVEN
from kalata.disputes.rules.service import CLOCK_LABELS, PAPERS
from kalata.disputes.rules.statistics import statistics
from kalata.disputes.signing import court
from kalata.tables.lists import meaning
from kalata.transparency.site.datasets import LICENCE
from kalata.ui import edge

View = Callable[..., HttpResponseBase]


def revised(view: View) -> View:
    """304 to a visitor who has this page at the present revision of the Court, this very minute: what is left of a limit
    is told in minutes. Who is signed in has a menu of his own, and no such answer."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.COOKIES.get("sessionid") or request.user.is_authenticated:
            return view(request, *args, **kwargs)
        etag = stamp(request)
        answer: HttpResponseBase | None = get_conditional_response(request, etag=etag)
        if answer is None:
            answer = view(request, *args, **kwargs)
        if answer.status_code in (200, 304):
            answer["ETag"] = etag
            answer["Cache-Control"] = "private, no-cache"
        return answer

    return answered


def stamp(request: HttpRequest) -> str:
    """All that a page is made from: its address, how it looks, the cookie of its forms, the Court as it is, the minute."""
    looks = [request.COOKIES.get(k) for k in sorted(request.COOKIES)]
    minute = timezone.now().strftime("%Y%m%d%H%M")
    said = [__version__, request.get_full_path(), get_language(), looks, public.revision(), minute]
    return f'"{hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()[:40]}"'


def shown(request: HttpRequest, template: str, context: dict[str, Any], *crumbs: tuple[str, str]) -> HttpResponse:
    docket = public.docket()
    context = {
        "section": "court", "places": House(public_contests.with_results()), "now": timezone.now(), "static": False,
        "exercise": public_contests.exercise(frozenset(r.contest for r in docket.rows)), **WORDS, **context,
        "crumbs": [(reverse("court:docket"), _t("Cour")), *crumbs] if crumbs else [],
    }  # fmt: skip
    return render(request, f"disputes/public/{template}.html", context)


WORDS = {
    "ground_words": GROUNDS,
    "stages": STATES,
    "stage_says": SAYS,
    "clock_words": CLOCK_LABELS,
    "paper_words": PAPERS,
}


# --- the docket, a case ----------------------------------------------------------------------------------------
@revised
def docket(request: HttpRequest) -> HttpResponseBase:
    """Every received case: search, filters, order, pages, files."""
    held = public.docket()
    found = DOCKET.read(
        request,
        lambda asked: public.narrowed(
            held.rows, q=asked.q, contest=asked.scrutin, stage=asked.etape, about=asked.objet, outcome=asked.issue,
            order=getattr(asked, "tri", "") or "",
        ),
        options={"scrutin": public_contests.offered},
    )  # fmt: skip
    if found.form:
        return found.file()
    return shown(
        request,
        "docket",
        {
            "tab": "docket",
            "list": found,
            "figures": public.figures_of(held.rows),
            "proclaimed": public_decisions.proclamations(),
        },
    )


@revised
def case(request: HttpRequest, number: str) -> HttpResponseBase:
    """One case: its life, its grounds in general terms, what is withheld and why."""
    found = public_case.case(number)
    if found is None:
        raise Http404(number)
    return shown(request, "case", {"tab": "docket", "one": found, "row": found.row}, ("", found.row.number))


# --- first instance ----------------------------------------------------------------------------------------------
@revised
def first(request: HttpRequest) -> HttpResponseBase:
    """Every case received before a body of first instance, by its number: nobody is named; with the figures of each office."""
    rows = public_first.rows()
    found = FIRST.read(
        request,
        lambda asked: public_first.narrowed(
            rows, q=asked.q, contest=asked.scrutin, office=asked.greffe, stage=asked.etape, about=asked.objet,
            order=getattr(asked, "tri", "") or "",
        ),
        options={"scrutin": public_first.contests, "greffe": public_first.offered},
    )  # fmt: skip
    if found.form:
        return found.file()
    context = {"tab": "first", "list": found, "figures": first_rules.figures(rows), "accounts": first_rules.accounts(rows)}
    return shown(request, "first", context, ("", _t("Première instance")))


# --- hearings ----------------------------------------------------------------------------------------------------
@revised
def hearings(request: HttpRequest) -> HttpResponseBase:
    """Cause lists that are out, latest first."""
    rows = public.hearings(edge.asked(request, OfContest).scrutin)
    return shown(request, "hearings", {"tab": "hearings", "page": edge.paged(request, rows, 30)}, ("", _t("Audiences")))


# --- decisions ---------------------------------------------------------------------------------------------------
@revised
def decisions(request: HttpRequest) -> HttpResponseBase:
    """Every published decision."""
    rows = public_decisions.decisions()
    found = DECISIONS.read(
        request,
        lambda asked: public_decisions.narrowed(
            rows, q=asked.q, contest=asked.scrutin, order=getattr(asked, "tri", "") or ""
        ),
        options={"scrutin": public_contests.offered},
    )  # fmt: skip
    if found.form:
        return found.file()
    context = {"tab": "decisions", "list": found, "proclaimed": public_decisions.proclamations()}
    return shown(request, "decisions", context, ("", _t("Décisions")))


@revised
def decision(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A published decision: reasons, operative part, annexes, who is elected as it follows from the figures."""
    found = public_decisions.decision(slug)
    if found is None:
        raise Http404(slug)
    trail = ((reverse("court:decisions"), _t("Décisions")), ("", found.row.number))
    return shown(request, "decision", {"tab": "decisions", "one": found, "row": found.row}, *trail)


@revised
def proclamation(request: HttpRequest, code: str) -> HttpResponseBase:
    """A proclamation: who is proclaimed, the figures, the Court's own count beside the published, hashes and log entry."""
    found = public_proclamations.file(code)
    if found is None:
        raise Http404(code)
    trail = ((reverse("court:decisions"), _t("Décisions")), ("", found.number))
    return shown(request, "proclamation", {"tab": "decisions", "one": found}, *trail)


# --- statistics, the scorecard -----------------------------------------------------------------------------------
@revised
def figures_page(request: HttpRequest) -> HttpResponseBase:
    """Statistics of every case, or of one contest: each figure with its cases, its definition and its source."""
    code = edge.asked(request, OfContest).scrutin
    found = statistics(facts.facts(code))
    context = {"tab": "statistics", "figures": public_figures.shown(found), "tables": public_figures.tables(found)}
    return shown(request, "statistics", context | offers(code), ("", _t("Statistiques")))


@revised
def standards(request: HttpRequest) -> HttpResponseBase:
    """The scorecard of a contest against the standards of its pack."""
    asked = edge.asked(request, OfContest).scrutin
    known = public_contests.offered()
    code = asked if asked in dict(known) else known[0][0] if known else ""
    contest = public_contests.contest(code) if code else None
    sheet = facts.sheet_of(contest, facts.facts(code)) if contest else None
    context = {
        "tab": "scorecard", "sheet": sheet, "seven": SEVEN, "states_of": public_figures.STATE_LABELS, "indicators": public_figures.INDICATORS,
        **offers(code),
    }  # fmt: skip
    return shown(request, "scorecard", context, ("", _t("Normes")))


def offers(code: str) -> dict[str, Any]:
    return {"contests": public_contests.offered(), "code": code}


# --- open data, verifying ------------------------------------------------------------------------------------------
@revised
def data(request: HttpRequest) -> HttpResponseBase:
    """Open data and feeds, with what each column means and the licence."""
    tables = [
        (_t("Requêtes"), "cases.csv", meaning(DOCKET.columns, language())),
        (_t("Décisions"), "decisions.csv", meaning(DECISIONS.columns, language())),
        (_t("Première instance"), "first-instance.csv", meaning(FIRST.columns, language())),
    ]
    context = {"tab": "data", "files": list(TITLES.items()), "tables": tables, "licence": LICENCE}
    return shown(request, "data", context, ("", _t("Données ouvertes")))


@revised
def verify(request: HttpRequest) -> HttpResponseBase:
    """How a stranger checks a decision, an annex or the archive of a case, without believing this server."""
    return shown(request, "verify", {"tab": "verify", **verifying()}, ("", _t("Vérifier soi-même")))


def verifying() -> dict[str, Any]:
    return {"key": court.public_key()}


def language() -> str:
    return get_language() or "fr"
