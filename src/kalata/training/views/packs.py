"""Packs of centres: one button asks them all, the page says how far they are, each lot is a file, each paper is in the register."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.country.models import Contest
from kalata.documents.queries import bytes_of, content_of
from kalata.people.queries import may
from kalata.refusals import Forbidden
from kalata.results.views.shared import language, who
from kalata.text import told
from kalata.training.forms import manuals as forms
from kalata.training.packs_lists import LOTS, PACKS
from kalata.training.queries import classes as class_queries
from kalata.training.queries import packs as queries
from kalata.training.rules.rights import PLAN
from kalata.training.services import packs as services
from kalata.training.views.manuals_register import guard
from kalata.ui import edge
from kalata.ui.templatetags.kalata import name


def chosen(request: HttpRequest, code: str) -> Contest:
    """A contest whose plan this person reads; whether another is there is not told."""
    found = next((c for c in class_queries.contests_planned(request.user) if c.code == code), None)
    if found is None:
        raise Forbidden(right=PLAN)
    return found


@login_required
def index(request: HttpRequest) -> HttpResponseBase:
    """Ask for the packs of a place, follow the lots, stop them, take them up again."""
    guard(request)
    if request.method == "POST":
        done(request)
        return redirect("manuals:packs")
    contests = class_queries.contests_planned(request.user)
    options = {"scrutin": lambda: [(c.code, name(c)) for c in contests]}
    shown = LOTS.read(request, lambda asked: queries.lots(request.user, asked), options=options)
    if shown.form:
        return shown.file()
    progress = queries.progress(request.user)
    planned = [c for c in contests if may(request.user, PLAN, contest=c.pk)]
    context = {
        "section": "procedures", "crumbs": [(reverse("manuals:list"), _t("Manuels")), ("", _t("Colis des centres"))], "list": shown, "register": True,
        "progress": [(p, p.contest in planned) for p in progress], "going": any(p.making for p in progress), "contests": planned, "made": queries.languages(),
        "form": forms.PacksForm(initial={"language": language()}),
    }  # fmt: skip
    return render(request, "classes/packs.html", context)


def done(request: HttpRequest) -> None:
    form = edge.acted(request, forms.PacksForm, forms.StopPacksForm, forms.ResumePacksForm)
    v: Any = form.v
    contest, by = chosen(request, v.scrutin), who(request)
    if isinstance(form, forms.StopPacksForm):
        n = services.stop(contest=contest, by=by)
        said = _t("%(n)d {n:lot arrêté|lots arrêtés} ; ce qui est émis reste émis.")
        messages.success(request, told(said, get_language(), {"n": n}))
        return
    if isinstance(form, forms.ResumePacksForm):
        made = services.resume(contest=contest, by=by)
    else:
        made = services.ask(contest=contest, unit=v.unit, language=v.language, draft=v.draft, by=by)
    said = _t("%(centres)d {centres:colis demandé|colis demandés}, en %(lots)d {lots:lot|lots}.")
    messages.success(request, told(said, get_language(), {"centres": sum(b.total for b in made), "lots": len(made)}))


@login_required
def lot(request: HttpRequest, pk: int) -> HttpResponse:
    """The one file of a lot that is whole, to print."""
    guard(request)
    one = queries.lot_for(request.user, pk)
    if one is None or not one.sha256:
        raise Http404
    return pdf(content_of(one.sha256), f"colis-{one.pk}.pdf")


@login_required
def register(request: HttpRequest) -> HttpResponseBase:
    """Every pack issued, each version, found by its centre, its place or its reference."""
    guard(request)
    options = {"scrutin": lambda: [(c.code, name(c)) for c in class_queries.contests_planned(request.user)]}
    shown = PACKS.read(request, lambda asked: queries.papers(request.user, asked), options=options)
    if shown.form:
        return shown.file()
    crumbs = [(reverse("manuals:list"), _t("Manuels")), (reverse("manuals:packs"), _t("Colis des centres")), ("", _t("Colis émis"))]
    return render(request, "classes/packs_register.html", {"section": "procedures", "crumbs": crumbs, "list": shown, "register": True})


@login_required
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The very file that was issued."""
    guard(request)
    one = queries.paper_for(request.user, pk)
    if one is None:
        raise Http404
    return pdf(bytes_of(one), f"{one.reference}-v{one.version}.pdf")


def pdf(content: bytes, called: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{called}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
