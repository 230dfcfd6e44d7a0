"""The docket: every case, what waits and for how long; several at once enrolled, taken on or joined."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext

from kalata.disputes import kinds
from kalata.disputes.forms.docket import EnrolForm, ExamineForm, JoinForm
from kalata.disputes.listings import DOCKET
from kalata.disputes.queries import docket as queries
from kalata.disputes.queries.cases import READS
from kalata.disputes.rules import joinder
from kalata.disputes.rules.steps import REGISTRY, State
from kalata.disputes.services import docketing
from kalata.ledger.services import read_of_personal_data
from kalata.people.queries import may_somewhere, rights_of
from kalata.refusals import Forbidden
from kalata.ui import edge


def who(request: HttpRequest) -> Any:
    return request.user


def rows(request: HttpRequest) -> Any:
    def found(asked: Any) -> Any:
        return queries.narrowed(
            queries.docket(who(request)),
            q=asked.q,
            state=asked.etat,
            verdict=asked.delai,
            near=asked.echeance,
            flag=asked.suivi,
            ceiling=asked.plafond,
        )

    return found


@login_required
def page(request: HttpRequest) -> HttpResponseBase:
    """The docket; ticked cases are enrolled, taken on or joined."""
    if not rights_of(request.user) & set(READS):
        raise Forbidden(right=REGISTRY)
    if request.method == "POST":
        return act(request)
    found = DOCKET.read(request, rows(request))
    if found.form:
        read_of_personal_data(by=who(request), kind=kinds.READ_DOCKET, subject="house:court")
        return found.file()
    context = {
        "section": "docket", "list": found, "figures": queries.figures(who(request)), "now": timezone.now(),
        "keeps": may_somewhere(request.user, REGISTRY), "states": State,
    }  # fmt: skip
    return render(request, "disputes/docket.html", context)


def act(request: HttpRequest) -> HttpResponse:
    form = edge.acted(request, EnrolForm, ExamineForm, JoinForm)
    ids = list(queries.docket(who(request)).filter(pk__in=form.v.case).values_list("pk", flat=True))
    if len(ids) != len(set(form.v.case)):
        raise Forbidden(right=REGISTRY)
    if isinstance(form, JoinForm):
        lead = docketing.join(ids=ids, why=form.v.why, by=who(request))
        messages.success(request, _t("Jointes : %(n)s conduit le groupe.") % {"n": lead.number})
        return redirect("disputes:case", lead.number)
    to = State.DOCKETED if isinstance(form, EnrolForm) else State.ADMISSIBILITY
    done = docketing.advance(ids=ids, to=to, by=who(request))
    said = ngettext("%(n)d requête avancée.", "%(n)d requêtes avancées.", len(done)) % {"n": len(done)}
    messages.success(request, said)
    return redirect("disputes:docket")


@login_required
def proposals(request: HttpRequest) -> HttpResponse:
    """Cases that may be heard together, and why: proposed, never joined by themselves."""
    if not rights_of(request.user) & set(READS):
        raise Forbidden(right=REGISTRY)
    found = joinder.proposals(docketing.as_joined(queries.docket(who(request)).filter(lead=None)))
    context = {
        "section": "docket", "page": edge.paged(request, found, 20), "ties": joinder.TIE_LABELS,
        "keeps": may_somewhere(request.user, REGISTRY),
    }  # fmt: skip
    return render(request, "disputes/proposals.html", context)
