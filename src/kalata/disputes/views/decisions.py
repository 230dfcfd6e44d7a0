"""The register of decisions; for the publisher, the desk: what waits to be published comes first."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from kalata.disputes.decisions_list import REGISTER
from kalata.disputes.queries import decisions as queries
from kalata.disputes.queries.rulings import AFTERWARDS
from kalata.disputes.rules.steps import PUBLISH
from kalata.disputes.views.docket import who
from kalata.people.queries import may_somewhere, rights_of
from kalata.refusals import Forbidden


def rows(request: HttpRequest) -> Any:
    def found(asked: Any) -> Any:
        every = queries.register(who(request))
        return queries.narrowed(
            every, q=asked.q, state=asked.etat, contest=asked.scrutin, outcome=asked.issue, text=asked.texte
        )

    return found


@login_required
def page(request: HttpRequest) -> HttpResponseBase:
    """Every signed decision of the contests of this person, with the state of its public text."""
    if not rights_of(request.user) & set(AFTERWARDS):
        raise Forbidden(right=PUBLISH)
    found = REGISTER.read(request, rows(request))
    if found.form:
        return found.file()
    context = {
        "section": "decisions", "list": found, "figures": queries.figures(who(request)),
        "publishes": may_somewhere(request.user, PUBLISH),
    }  # fmt: skip
    return render(request, "disputes/register_of_decisions.html", context)
