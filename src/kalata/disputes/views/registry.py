"""The registry: what came in, latest first."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kalata.disputes.queries.cases import cases, reads_registry
from kalata.disputes.rules.steps import REGISTRY
from kalata.refusals import Forbidden
from kalata.ui import edge


@login_required
def page(request: HttpRequest) -> HttpResponse:
    if not reads_registry(request.user):
        raise Forbidden(right=REGISTRY)
    shown = edge.paged(request, cases(request.user), 50)
    return render(request, "disputes/registry.html", {"section": "disputes", "page": shown})
