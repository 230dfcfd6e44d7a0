"""The papers of a version: the operational plan and its budget, the Gantt and the calendar on A3, the procurement plan."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language

from kalata.planning.forms import PaperLook
from kalata.planning.services import papers
from kalata.planning.views.workshop import found
from kalata.ui import edge


@login_required
def paper(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    one = found(request, pk)
    if what not in papers.PAPERS:
        raise Http404(what)
    look: Any = edge.asked(request, PaperLook)
    lang = look.langue or ("en" if get_language() == "en" else "fr")
    answer = HttpResponse(papers.pdf(one, what, lang), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{one.plan.code}-v{one.number}-{what}-{lang}.pdf"'
    return answer
