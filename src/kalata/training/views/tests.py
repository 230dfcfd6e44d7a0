"""The test papers: made from the procedures, withdrawn when they leak."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.people.guard import require
from kalata.people.queries import may
from kalata.refusals import Forbidden
from kalata.results.views.shared import language, who
from kalata.text import told
from kalata.training.forms import classes as forms
from kalata.training.papers import classes as papers
from kalata.training.queries import cascade as planner
from kalata.training.queries import classes as queries
from kalata.training.queries import procedures
from kalata.training.rules.rights import PLAN, WRITE
from kalata.training.services import classes_marks
from kalata.training.views.classes_files import PDF, sent
from kalata.ui import edge


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Papers in service and withdrawn ones. Who writes them makes them; who plans prints them."""
    if not any(may(request.user, r) for r in (WRITE, PLAN)):
        raise Forbidden(right=WRITE)
    if request.method == "POST":
        require(request.user, WRITE)
        form = edge.acted(request, forms.MakeTestForm, forms.CloseTestForm)
        v: Any = form.v
        if isinstance(form, forms.CloseTestForm):
            one = queries.form_for(v.form)
            if one is None:
                raise Http404
            classes_marks.close_form(form=one, reason=v.reason, by=who(request))
        else:
            made = classes_marks.make_forms(
                source=v.source,
                role=v.role,
                certificate=v.certificate,
                language=v.language,
                version=v.version,
                by=who(request),
            )
            messages.success(request, told(_t("Deux formes de %(n)d {n:question|questions}."), get_language(), {"n": len(made[0].rows)}))
        return redirect("tests:list")
    sources = procedures.sources()
    first = forms.MakeTestForm(
        initial={
            "source": sources[0].code if sources else "",
            "language": "fr",
            "version": "1",
            "role": "assessors",
            "certificate": "assessor",
        }
    )
    shown = {
        "section": "classes", "crumbs": [(reverse("classes:list"), _t("Séances")), ("", _t("Épreuves"))], "page": edge.paged(request, queries.forms(), 50),
        "writes": may(request.user, WRITE), "form": first, "sources": sources, "roles": procedures.roles_known(),
    }  # fmt: skip
    return render(request, "classes/tests.html", shown)


@login_required
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    if not any(may(request.user, r) for r in (WRITE, PLAN)):
        raise Forbidden(right=WRITE)
    one = queries.form_for(pk)
    contests = planner.contests()
    if one is None or not contests:
        raise Http404
    return sent(papers.questions(one, contests[0], language()), f"epreuve-{one.mark}-{one.letter}.pdf", PDF)
