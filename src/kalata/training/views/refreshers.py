"""The page of refresher, for anybody; and who has one to do, for who keeps certificates."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata import address
from kalata.people.guard import require
from kalata.people.queries import may_somewhere
from kalata.refusals import Forbidden
from kalata.results.views.shared import language, who
from kalata.training.classes_lists import UPDATES
from kalata.training.forms import classes as forms
from kalata.training.models import ProcedureVersion
from kalata.training.queries import classes as class_queries
from kalata.training.queries import refreshers as queries
from kalata.training.rules.classes_states import Badge
from kalata.training.rules.refresher import Course, marked
from kalata.training.rules.rights import CERTIFY
from kalata.training.services import refreshers as services
from kalata.ui import edge


def course(request: HttpRequest, pk: int) -> HttpResponse:
    """One page, without script: what changed, three questions, the answer at once. With a number, it is kept."""
    version = queries.version_for(pk)
    if version is None:
        raise Http404
    found = queries.course_of(version, language())
    asked: Any = edge.asked(request, forms.CheckForm)
    title = version.title_en if language() == "en" and version.title_en else version.title_fr
    shown: dict[str, Any] = {
        "crumbs": [(reverse("certificates:check"), _t("Vérifier une attestation")), ("", _t("Page de rappel"))], "version": version, "title": title, "course": found,
        "number": asked.n, "public_site": True,
    }  # fmt: skip
    if request.method == "POST":
        v: Any = edge.acted(request, forms.CourseForm).v
        shown |= answered(request, version, found, v)
    return render(request, "classes/course.html", shown)


def answered(request: HttpRequest, version: ProcedureVersion, found: Course, v: Any) -> dict[str, Any]:
    given = {n: getattr(v, f"a{n}").upper() for n in (1, 2, 3)}
    rows = marked(found, given)
    right = sum(ok for _row, _letter, ok in rows)
    number = v.n.strip().upper()
    kept, said = None, ""
    if number:
        one = class_queries.by_number(number)
        waits = one is not None and one.state == Badge.UPDATE and version.pk in {u.version_id for u in queries.left(one)}
        if not rows:
            said = _t("Aucune question fermée n’est écrite sur cette procédure : un formateur la fait lire.")
        elif one is None:
            said = _t("Aucune attestation de cette maison ne porte ce numéro : rien n’a été gardé.")
        elif not waits:
            said = _t("Cette attestation n’attend pas ce rappel : rien n’a été gardé.")
        else:
            gate = services.tried(one.number, version, address.of(request))
            kept = services.answer(version=version, certificate=one, right=right, out_of=len(rows))
            if kept is None:
                said = _t("Tout n’est pas juste, et des essais comme celui-ci sont déjà gardés : relisez la page et recommencez.")
            elif right == len(rows):
                gate.clear()
    return {
        "number": number, "marks": [(r, letter, ok, found.right(r), found.said.get(r.id, "")) for r, letter, ok in rows], "right": right, "kept": kept, "said": said,
        "whole": right == len(rows),
    }  # fmt: skip


@login_required
def updates(request: HttpRequest) -> HttpResponseBase:
    if not may_somewhere(request.user, CERTIFY):
        raise Forbidden(right=CERTIFY)
    if request.method == "POST":
        v: Any = edge.acted(request, forms.ConfirmAllForm).v
        contest = next((c for c in class_queries.contests_planned(request.user, CERTIFY) if c.code == v.contest), None)
        if contest is None:
            require(request.user, CERTIFY)
            raise Http404
        asked = services.ask(contest=contest, reason=v.reason, by=who(request))
        messages.success(request, _t("Les mises à jour attendent la signature d’une autre personne."))
        return redirect("people:approval", asked.pk)
    shown = UPDATES.read(request, lambda asked: queries.updates(request.user, asked))
    if shown.form:
        return shown.file()
    context = {
        "section": "certificates", "crumbs": [(reverse("certificates:list"), _t("Attestations")), ("", _t("Mises à jour"))], "list": shown,
        "ready": queries.contests_ready(request.user), "form": forms.ConfirmAllForm(), "most": services.MOST,
    }  # fmt: skip
    return render(request, "classes/updates.html", context)
