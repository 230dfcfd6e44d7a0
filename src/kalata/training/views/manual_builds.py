"""The pieces of a role: one button makes them, the page says how far it is, each is taken, printed, known by its hash."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.evidence import reading
from kalata.people.guard import require
from kalata.people.queries import may, may_somewhere
from kalata.refusals import Forbidden
from kalata.results.views.shared import language, who
from kalata.text import told
from kalata.training.forms import manuals as forms
from kalata.training.manuals_lists import BUILDS, STATES, kind_name, state_of
from kalata.training.models import ManualBuild, ManualFile
from kalata.training.queries import classes as class_queries
from kalata.training.queries import manual_builds as queries
from kalata.training.rules.manuals.kept import format_of, media_of
from kalata.training.rules.manuals.questions import FORMS
from kalata.training.rules.manuals.words import role_in
from kalata.training.rules.rights import PLAN, READ, WRITE
from kalata.training.services import manual_building, manuals_register
from kalata.training.views.classes_files import sent
from kalata.ui import edge

SHOWN = ("pdf", "txt")
"""Formats that a browser opens beside the page, to be read or printed."""


def guard(request: HttpRequest) -> None:
    if not queries.reads(request.user):
        raise Forbidden(right=READ)


def found(request: HttpRequest, pk: int) -> ManualBuild:
    guard(request)
    one = queries.build_for(request.user, pk)
    if one is None:
        raise Http404
    return one


@login_required
def index(request: HttpRequest) -> HttpResponseBase:
    guard(request)
    if request.method == "POST":
        if not queries.makes(request.user):
            raise Forbidden(right=WRITE)
        v: Any = edge.acted(request, forms.BuildForm).v
        asked = manual_building.ask(source=v.source, role=v.role, language=v.language, draft=v.draft, by=who(request))
        return redirect("manuals:build", asked.pk)
    shown = BUILDS.read(request, lambda asked: queries.builds(request.user, asked))
    if shown.form:
        return shown.file()
    sources = queries.offered()
    first: dict[str, object] = {"source": sources[0][0].code, "language": language()} if sources else {}
    context = {
        "section": "procedures", "crumbs": [("", _t("Manuels"))], "list": shown, "makes": queries.makes(request.user), "form": forms.BuildForm(initial=first),
        "sources": sources, "register": registers(request),
    }  # fmt: skip
    return render(request, "classes/manuals.html", context)


def registers(request: HttpRequest) -> bool:
    return any(may_somewhere(request.user, r) for r in class_queries.OVER_ALL)


@login_required
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One making: how far it is, its pieces, its pages and how many copies of each were printed."""
    this = found(request, pk)
    if request.method == "POST":
        form = edge.acted(request, forms.StopForm, forms.RunForm)
        if isinstance(form, forms.StopForm):
            manual_building.stop(build=this, by=who(request))
            return redirect("manuals:build", pk)
        require(request.user, PLAN)
        v = form.v
        run = manuals_register.register(build=this, number=v.number, kind=v.kind, copies=v.copies, by=who(request))
        messages.success(request, told(_t("Tirage inscrit avec ses %(n)d {n:page|pages}."), get_language(), {"n": len(run.pages)}))
        return redirect("manuals:run", run.pk)
    files = queries.files(request.user, this)
    copies = queries.printed(this)
    context = {
        "section": "procedures", "crumbs": [(reverse("manuals:list"), _t("Manuels")), ("", role_in(this.role, language()))], "build": this,
        "role": role_in(this.role, language()), "stamp": STATES[state_of(this)], "going": this.ended_at is None, "makes": queries.makes(request.user),
        "files": [(f, named(f), format_of(f.path), format_of(f.path) in SHOWN) for f in files],
        "kept_back": this.files.count() - len(files), "pages": [(p, copies.get(p["id"], 0)) for p in this.pages or ()],
        "form": forms.RunForm() if this.whole and may(request.user, PLAN) else None,
    }  # fmt: skip
    return render(request, "classes/manual.html", context)


def named(file: ManualFile) -> str:
    """What a piece is; of two papers of the same questions, which."""
    letter = file.path.split(".")[-2]
    said = kind_name(file.kind)
    return f"{said}, {_t('forme')} {letter}" if file.kind == "quiz" and letter in FORMS else said


@login_required
def piece(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """One piece as it was kept, its hash computed again. voir: shown by the browser, where it can be."""
    this = found(request, pk)
    file = queries.file_for(request.user, this, name)
    if file is None:
        raise Http404
    asked: Any = edge.asked(request, forms.FileAsked)
    opened = reading.opened(sha256=file.sha256, subject=f"manual_build:{this.pk}", by=request.user)
    shown = asked.voir and format_of(file.path) in SHOWN
    answer = FileResponse(opened.path.open("rb"), content_type=media_of(file.path), as_attachment=not shown, filename=file.path)  # fmt: skip
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@login_required
def every(request: HttpRequest, pk: int) -> HttpResponse:
    """All of them with their inventory, as one file; the same pieces give the same bytes."""
    this = found(request, pk)
    if not queries.makes(request.user):
        raise Forbidden(right=WRITE)
    if not this.whole:
        raise Http404
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as whole:
        for file in this.files.order_by("path"):
            opened = reading.opened(sha256=file.sha256, subject=f"manual_build:{this.pk}", by=request.user)
            whole.writestr(zipfile.ZipInfo(file.path, (1980, 1, 1, 0, 0, 0)), opened.path.read_bytes())
    return sent(out.getvalue(), f"manuel-{this.role}-{this.language}.zip", "application/zip")
