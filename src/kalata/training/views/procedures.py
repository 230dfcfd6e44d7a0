"""The procedures: their list, one version with its step opened, what differs between two, their files."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from kalata.people.guard import require
from kalata.people.queries import may
from kalata.training.forms import procedures as forms
from kalata.training.models import ProcedureVersion
from kalata.training.pages import procedures as pages
from kalata.training.procedures_list import PROCEDURES, roles
from kalata.training.queries import manual_builds
from kalata.training.queries import procedures as queries
from kalata.training.rules.procedures import PHASES, PROCEDURE, State, difference
from kalata.training.rules.rights import READ, REVIEW, WRITE
from kalata.training.services import procedures as services
from kalata.training.services import procedures_approving as approving
from kalata.training.sources import law_named
from kalata.ui import edge
from kalata.ui.templatetags.kalata import lang

SHOWN = 200
TIME = (1980, 1, 1, 0, 0, 0)
ACTS = (
    forms.DraftForm, forms.LawfulForm, forms.TestedForm, forms.BackForm, forms.AskForm, forms.RetireForm, forms.VerifyForm,
    forms.CommentForm, forms.ResolveForm,
)  # fmt: skip


def found(request: HttpRequest, pk: int) -> ProcedureVersion:
    require(request.user, READ)
    one = queries.versions(request.user).filter(pk=pk).first()
    if one is None:
        raise Http404
    return one


@login_required
def index(request: HttpRequest) -> HttpResponseBase:
    require(request.user, READ)
    if request.method == "POST":
        require(request.user, WRITE)
        form = edge.acted(request, forms.ImportForm)
        services.import_pack(pack=form.v.pack, by=request.user)  # type: ignore[arg-type]
        return redirect("procedures:list")
    shown = PROCEDURES.read(
        request, lambda a: queries.listed(request.user, q=a.q, role=a.role, phase=a.phase, state=a.state, every=a.every)
    )
    if shown.form:
        return shown.file()
    context = {
        "section": "procedures", "list": shown, "sources": queries.sources(), "packs": queries.bringing(), "writes": may(request.user, WRITE),
    }  # fmt: skip
    return render(request, "procedures/list.html", context)


@login_required
def page(request: HttpRequest, pk: int) -> HttpResponse:
    one = found(request, pk)
    if request.method == "POST":
        return redirect("procedures:version", act(request, one).pk)
    return render(request, "procedures/version.html", shown(request, one))


def act(request: HttpRequest, one: ProcedureVersion) -> ProcedureVersion:
    """Do what the pressed button says; the version to come back to."""
    form = edge.acted(request, *ACTS)
    v = form.v
    by: Any = request.user
    if isinstance(form, forms.DraftForm):
        return services.open_draft(version=one, by=by)
    if isinstance(form, forms.CommentForm):
        services.comment(version=one, element=v.element, text=v.text, by=by)
    elif isinstance(form, forms.ResolveForm):
        services.resolve(version=one, comment_id=v.comment, answer=v.answer, by=by)
    elif isinstance(form, forms.VerifyForm):
        services.verify(version=one, article=v.article, reason=v.reason, by=by, seen=v.seen)
    else:
        do = {
            "lawful": approving.say_lawful, "tested": approving.say_tested, "back": approving.give_back, "ask": approving.ask,
            "retire": approving.retire,
        }[form.act]  # fmt: skip
        do(version=one, reason=v.reason, by=by, seen=v.seen)
    return one


def shown(request: HttpRequest, one: ProcedureVersion) -> dict[str, Any]:
    look, language = edge.asked(request, forms.LookForm), lang()
    source = queries.assembled(one.procedure.source, one)
    law = law_named(source.pack)
    known = pages.parameters(one, language)
    wrong, told = queries.findings(one, law, source)
    step = pages.opened(one, look.s, language, known)
    state, user = State(one.state), request.user
    texts = [pages.cited(*row) for row in queries.bases(one, law)]
    own = {f"{b['article']}@{b['version']}" for b in step["step"].get("basis") or ()}
    return {
        "section": "procedures", "version": one, "title": one.title_fr if language == "fr" or not one.title_en else one.title_en,
        "steps": pages.step_lines(one, language, law, known), "texts": [t for t in texts if t.mark in own], "every_text": texts,
        "replaced": [t for t in texts if t.replaced], "printed": manual_builds.printed_of(one.procedure.code, one.number),
        "wrong": wrong[:SHOWN], "count": len(wrong), "practices": sum(f.code == "practice" for f in told), "roles": roles(one),
        "phase": PHASES.get(one.phase, one.phase), "state": PROCEDURE.labels[state], "comments": queries.comments(one),
        "others": queries.versions(user).filter(procedure=one.procedure).exclude(pk=one.pk).defer("content"),
        "comment": forms.CommentForm(auto_id="r-%s", initial={"element": step["step"]["id"]}), "writes": may(user, WRITE),
        "verifies": state is State.DRAFT and may(user, REVIEW), **step, **offered(user, state),
    }  # fmt: skip


def offered(user: Any, state: State) -> dict[str, Any]:
    """The acts that this person may do on a version in this state."""
    writes, reviews = may(user, WRITE), may(user, REVIEW)
    on_its_way = state in (State.LEGAL_OK, State.TESTED)
    return {
        "drafts": writes and state in (State.APPROVED, State.RETIRED), "edits": writes and state is State.DRAFT,
        "lawful": forms.LawfulForm(auto_id="l-%s") if reviews and state is State.DRAFT else None,
        "tested": forms.TestedForm(auto_id="t-%s") if writes and state is State.LEGAL_OK else None,
        "ask": forms.AskForm(auto_id="a-%s") if writes and state is State.TESTED else None,
        "back": forms.BackForm(auto_id="b-%s") if (writes or reviews) and on_its_way else None,
        "retire": forms.RetireForm(auto_id="z-%s") if reviews and state is State.APPROVED else None,
        "verify": forms.VerifyForm(auto_id="v-%s"),
    }  # fmt: skip


@login_required
def differs(request: HttpRequest, pk: int) -> HttpResponse:
    """Two versions of one procedure, element by element."""
    one = found(request, pk)
    look = edge.asked(request, forms.AgainstForm)
    others = queries.versions(request.user).filter(procedure=one.procedure).exclude(pk=pk)
    base = others.filter(pk=look.against).first() if look.against else one.base or others.filter(number__lt=one.number).first()  # fmt: skip
    user = request.user
    changes = difference(queries.content_for(user, base) if base else None, queries.content_for(user, one))
    context = {
        "section": "procedures", "version": one, "others": others.defer("content"), "base": base, "count": len(changes),
        "changes": [approving.item_of(c) for c in changes[:SHOWN]], "more": max(len(changes) - SHOWN, 0),
    }  # fmt: skip
    return render(request, "procedures/difference.html", context)


@login_required
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """A version as the file that the command reads."""
    one = found(request, pk)
    out = HttpResponse(queries.file_of(one, keys=queries.keyed(request.user)), content_type="application/yaml; charset=utf-8")
    out["Content-Disposition"] = f'attachment; filename="{one.procedure.file}"'
    return out


@login_required
def archive(request: HttpRequest, code: str) -> HttpResponse:
    """The whole source, of the versions that stand: the folder of `kalata training manual`."""
    require(request.user, READ)
    source = queries.source(code)
    if source is None:
        raise Http404
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in sorted(queries.files(source, keys=queries.keyed(request.user)).items()):
            packed.writestr(zipfile.ZipInfo(f"{code}/{name}", TIME), data)
    answer = HttpResponse(out.getvalue(), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{code}.zip"'
    return answer
