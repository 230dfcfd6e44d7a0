"""The report of the reporting judge: written here, seen as a draft, filed in versions; the bench reads it once the case is ready."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t

from kalata.disputes.forms.evidence import PreviewForm, ReportForm
from kalata.disputes.queries import evidence as queries
from kalata.disputes.queries import instruct, weighing
from kalata.disputes.services import reporting
from kalata.disputes.views.docket import who
from kalata.disputes.views.evidence import crumbs
from kalata.documents import queries as register
from kalata.ui import edge


@login_required
def page(request: HttpRequest, number: str) -> HttpResponse:
    petition, place = instruct.opened(who(request), number)
    aims = instruct.aims(petition)
    names = [queries.name_of(petition, a) for a in aims]
    if request.method == "POST":
        given = {"grounds": len(names)}
        form: Any = edge.acted(request, PreviewForm, ReportForm, given={ReportForm: given, PreviewForm: given})
        v = form.v
        what: dict[str, Any] = {
            "petition": petition, "facts": v.facts, "options": v.options, "lang": v.lang or "fr", "by": who(request),
            "words": {name: getattr(v, f"w{n}") for n, name in enumerate(names)},
            "whatifs": [weighing.kept_one(petition, pk) for pk in v.whatif],
        }  # fmt: skip
        if isinstance(form, PreviewForm):
            return pdf(reporting.draft(**what), f"projet-rapport-{number}.pdf")
        made = reporting.file(**what)
        messages.success(request, _t("Rapport déposé, version %(n)d.") % {"n": made.version})
        return redirect("disputes:report", number)
    versions = queries.reports_of(petition)
    last: Any = versions[0].said if versions else {"facts": "", "options": "", "words": {}, "whatifs": []}
    put = {w["name"] for w in last["whatifs"]}
    context = {
        "section": "docket", "p": petition, "place": place, "versions": versions, "last": last,
        "grounds": [(f"w{n}", name, a, last["words"].get(name, "")) for n, (name, a) in enumerate(zip(names, aims, strict=True))],
        "kept": [(w, w.name in put) for w in weighing.kept_of(petition)], "crumbs": crumbs(petition, _t("Rapport")),
    }  # fmt: skip
    return render(request, "disputes/report.html", context)


@login_required
def file(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """The very file of a version."""
    petition, _place = instruct.opened(who(request), number)
    one = queries.report_of(petition, version)
    return pdf(register.content_of(one.sha256), f"rapport-{number}-v{one.version}.pdf")


def pdf(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
