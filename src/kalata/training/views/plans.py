"""The cascades that are kept: their list, a new one, one with its proof, its ways out and its files."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.people.queries import may, may_somewhere
from kalata.refusals import Forbidden
from kalata.results.views.shared import language, who
from kalata.tables.lists import Source, csv_file, workbook_file
from kalata.text import gettext_noop as _
from kalata.text import translate
from kalata.training import cascade_files as files
from kalata.training.forms import classes as forms
from kalata.training.models import Cascade
from kalata.training.pages import plans as pages
from kalata.training.queries import classes as queries
from kalata.training.rules.rights import PLAN
from kalata.training.services import cascade_keeping, cascade_publishing
from kalata.training.services.cascade_keeping import Terms
from kalata.ui import edge

LISTS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "roster": (_("Classes"), files.ROSTER), "per-diem": (_("Indemnités"), files.PER_DIEM), "print-order": (_("Commande d’impression"), files.PRINT_ORDER), "transport": (_("Commande de véhicules"), files.TRANSPORT),
}  # fmt: skip


def found(request: HttpRequest, pk: int) -> Cascade:
    one = queries.cascade_for(request.user, pk)
    if one is None:
        raise Http404
    return one


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("cascade:plan"), _t("Formation")), (reverse("plans:list") if more else "", _t("Plans gardés")), *more]


@login_required
def index(request: HttpRequest) -> HttpResponse:
    if not any(may_somewhere(request.user, r) for r in queries.OVER_ALL):
        raise Forbidden(right=PLAN)
    page = edge.paged(request, queries.cascades(request.user), 50)
    shown = {"section": "training", "crumbs": crumbs(), "page": page, "plans": may_somewhere(request.user, PLAN)}
    return render(request, "classes/plans.html", shown)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Bring venues and pairs, and a list of staff where the posts are not to be taken as they stand."""
    if not may_somewhere(request.user, PLAN):
        raise Forbidden(right=PLAN)
    contests = queries.contests_planned(request.user, PLAN)
    form = edge.form_of(request, forms.MakeForm, initial=pages.defaults(contests))
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        contest = next((c for c in contests if c.code == sent["contest"]), None)
        if contest is None:
            raise Forbidden(right=PLAN)
        made = cascade_keeping.make(
            contest=contest, title=sent["title"], terms=terms_of(sent), venues=sent["venues"], pairs=sent["pairs"], staff=sent["staff"],
            shared_read=sent["shared_read"], by=who(request),
        )  # fmt: skip
        return redirect("plans:plan", made.pk)
    shown = {"section": "training", "crumbs": crumbs(("", _t("Nouveau plan"))), "form": form, "contests": contests}
    return render(request, "classes/plan_new.html", shown, status=422 if form.errors else 200)


def terms_of(sent: dict[str, Any]) -> Terms:
    def day(text: str) -> date | None:
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None

    said = [(text, day(text)) for text in (sent["closed"] or "").split()]
    if odd := [text for text, one in said if one is None]:
        raise edge.NotUnderstood([edge.Wrong("closed", odd[0], _t("une date comme 2027-02-28 est attendue"))])
    return Terms(
        first=sent["first"], last=sent["last"], closed=tuple(one for _text, one in said if one), class_max=sent["class_max"],
        class_days=sent["class_days"], reserve=sent["reserve"], travel_days=sent["travel"],
    )  # fmt: skip


@login_required
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan: it holds, or the rows that clash and the ways out; published by two; repaired when a venue falls."""
    one = found(request, pk)
    if request.method == "POST":
        return acted(request, one)
    shown = {
        "section": "training",
        "crumbs": crumbs(("", one.title)),
        "lang": language(),
        **pages.shown(one, who(request)),
        "plans": may(request.user, PLAN, contest=one.contest_id),
    }
    shown["page"] = edge.paged(request, shown["classes"], 50)
    return render(request, "classes/plan.html", shown)


def acted(request: HttpRequest, one: Cascade) -> HttpResponse:
    form = edge.acted(request, forms.Terms, forms.TakeForm, forms.PublishForm, forms.DropForm, forms.RepairForm)
    v, by = form.v, who(request)
    if isinstance(form, forms.RepairForm):
        area, _bar, venue = v.venue.partition("|")
        made = cascade_keeping.repair(
            cascade=one, area=area, venue=venue, on=v.on, instead=v.instead, rooms=v.rooms or 0, by=by
        )
        return redirect("plans:plan", made.pk)
    if isinstance(form, forms.PublishForm):
        asked = cascade_publishing.ask(cascade=one, reason=v.reason, by=by, seen=v.seen or "")
        messages.success(request, _t("Le plan attend la signature d’une autre personne."))
        return redirect("people:approval", asked.pk)
    if isinstance(form, forms.TakeForm):
        cascade_keeping.take(cascade=one, limit=v.limit, by=by, seen=v.seen or "")
    elif isinstance(form, forms.DropForm):
        cascade_keeping.drop(cascade=one, reason=v.reason, by=by, seen=v.seen or "")
    else:
        cascade_keeping.change(cascade=one, terms=terms_of(form.cleaned_data), by=by, seen=v.seen or "")
    return redirect("plans:plan", one.pk)


@login_required
def file(request: HttpRequest, pk: int, what: str, form: str) -> HttpResponseBase:
    """The calendar, the roster, the allowances, the print order, the lines for the operational plan."""
    one = found(request, pk)
    name = f"plan-{one.contest.code}-{one.number}-{what}.{form}"
    if (what, form) == ("calendar", "ics"):
        body, media = pages.calendar(one, language()), "text/calendar; charset=utf-8"
    elif (what, form) == ("plan-lines", "csv"):
        body, media = pages.plan_lines(one), "text/csv; charset=utf-8"
    elif what in LISTS and form in ("csv", "xlsx"):
        title, columns = LISTS[what]
        source = Source(translate(title, language()), [(_("Plan"), f"{one.title} · {one.sha256[:12]}")])
        rows = pages.lines(one, what)
        made = datetime.combine(one.made_at.date(), time())
        parts = (
            csv_file(columns, rows, source, language())
            if form == "csv"
            else workbook_file(columns, rows, source, language(), made)
        )
        body, media = (
            b"".join(parts),
            "text/csv; charset=utf-8"
            if form == "csv"
            else "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
    else:
        raise Http404
    response = HttpResponse(body, content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
