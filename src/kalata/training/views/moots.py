"""Cases: their list, taken from the pack; one with its stages, its law, the answers of the engines; drafts and approval."""

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

from kalata.people.guard import require
from kalata.people.queries import may
from kalata.refusals import Forbidden
from kalata.results.views.shared import language, who
from kalata.text import told
from kalata.training.forms import moots as forms
from kalata.training.models import MootVersion
from kalata.training.moots_lists import CASES, sort_name, title_of
from kalata.training.queries import moots as queries
from kalata.training.rules.moot_states import Version
from kalata.training.rules.moots.case import TOPICS
from kalata.training.rules.moots.engines import shown as in_words
from kalata.training.rules.rights import READ, WRITE
from kalata.training.services import moots as services
from kalata.ui import edge

PACK = "ml"


def guard(request: HttpRequest) -> None:
    if not queries.reads(request.user):
        raise Forbidden(right=READ)


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    here = (reverse("moots:cases") if more else "", _t("Dossiers"))
    return [(reverse("moots:sittings"), _t("Affaires-écoles")), here, *more]


@login_required
def index(request: HttpRequest) -> HttpResponseBase:
    guard(request)
    if request.method == "POST":
        require(request.user, WRITE)
        v: Any = edge.acted(request, forms.ImportForm).v
        done = services.import_pack(pack=v.pack, by=who(request))
        said = _t("Dossiers : %(made)d de plus, %(changed)d à relire, %(same)d sans changement.")
        messages.success(request, told(said, get_language(), done))
        return redirect("moots:cases")
    shown = CASES.read(request, lambda asked: queries.listed(request.user, asked))
    if shown.form:
        return shown.file()
    context = {
        "section": "moots", "crumbs": crumbs(), "list": shown, "writes": may(request.user, WRITE), "form": forms.ImportForm(initial={"pack": PACK}),
    }  # fmt: skip
    return render(request, "moots/cases.html", context)


@login_required
def one(request: HttpRequest, pk: int) -> HttpResponse:
    guard(request)
    this = queries.versions(request.user).filter(pk=pk).first()
    if this is None:
        raise Http404
    if request.method == "POST":
        require(request.user, WRITE)
        return acted(request, this)
    case, given = queries.case_in(this), queries.computed(this)
    stages = [
        (
            s,
            queries.cited(case, s.law),
            [
                (q, in_words(given[q.id].value, language()) if q.id in given else "", given.get(q.id))
                for q in s.questions
            ],
        )
        for s in case.stages
    ]
    draft = this.state == Version.DRAFT
    context = {
        "section": "moots", "crumbs": crumbs(("", this.case.code)), "version": this, "case": case, "title": title_of(this), "stages": stages,
        "sort": sort_name(this.case.sort), "topics": [TOPICS[t] for t in case.topics], "draft": draft, "writes": may(request.user, WRITE),
        "sources": ", ".join(case.sources), "lang": language(), "others": this.case.versions.exclude(pk=this.pk).order_by("-number"),
        "ask": forms.AskForm(auto_id="ask-%s"), "drop": forms.DropForm(auto_id="drop-%s"),
        "moved": this.state == Version.APPROVED and this.computed != services.answers_of(this),
    }  # fmt: skip
    return render(request, "moots/case.html", context)


def acted(request: HttpRequest, this: MootVersion) -> HttpResponse:
    form = edge.acted(request, forms.DraftForm, forms.DropForm, forms.AskForm)
    v, by = form.v, who(request)
    if isinstance(form, forms.DraftForm):
        return redirect("moots:version", services.open_draft(version=this, by=by).pk)
    if isinstance(form, forms.AskForm):
        asked = services.ask(version=this, reason=v.reason, by=by, seen=v.seen)
        messages.success(request, _t("L’affaire attend l’approbation d’une autre personne."))
        return redirect("people:approval", asked.pk)
    services.drop(version=this, reason=v.reason, by=by, seen=v.seen)
    return redirect("moots:version", this.pk)
