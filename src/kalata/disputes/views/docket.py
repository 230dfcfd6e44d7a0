"""The docket: every case, what waits and for how long; several at once enrolled, taken on or joined."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _t

from kalata.deadlines.rules.steps import Unit
from kalata.disputes import kinds
from kalata.disputes.forms.docket import EnrolForm, ExamineForm, InviteForm, JoinForm, NotifyForm
from kalata.disputes.listings import DOCKET
from kalata.disputes.queries import docket as queries
from kalata.disputes.queries.cases import READS
from kalata.disputes.rules import joinder
from kalata.disputes.rules.points import LEGEND
from kalata.disputes.rules.service import Term
from kalata.disputes.rules.steps import REGISTRY, State
from kalata.disputes.services import docketing, several
from kalata.ledger.services import read_of_personal_data
from kalata.people.guard import require
from kalata.people.queries import may_somewhere, rights_of
from kalata.refusals import Forbidden, Refused
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
    """The docket; ticked cases are enrolled, taken on, joined, notified, invited to cure. What one refuses is said in its row."""
    if not rights_of(request.user) & set(READS):
        raise Forbidden(right=REGISTRY)
    refused: dict[int, Refused] = {}
    if request.method == "POST":
        done = act(request)
        if not isinstance(done, dict):
            return done
        refused = done
    found = DOCKET.read(request, rows(request))
    if found.form:
        read_of_personal_data(by=who(request), kind=kinds.READ_DOCKET, subject="house:court")
        return found.file()
    context = {
        "section": "docket", "list": found, "figures": queries.figures(who(request)), "now": timezone.now(),
        "keeps": may_somewhere(request.user, REGISTRY), "states": State,
        "refused": refused,
        "legend": LEGEND if any(c.key == "points" for c in found.heads) else (),
    }  # fmt: skip
    return render(request, "disputes/docket.html", context, status=409 if refused else 200)


def act(request: HttpRequest) -> HttpResponse | dict[int, Refused]:
    """The act of the pressed button: where the reader goes next, or what some cases refuse."""
    form = edge.acted(request, EnrolForm, ExamineForm, JoinForm, NotifyForm, InviteForm)
    ids = list(queries.docket(who(request)).filter(pk__in=form.v.case).values_list("pk", flat=True))
    if len(ids) != len(set(form.v.case)):
        raise Forbidden(right=REGISTRY)
    if isinstance(form, JoinForm):
        lead = docketing.join(ids=ids, why=form.v.why, by=who(request))
        messages.success(request, _t("Jointes : %(n)s conduit le groupe.") % {"n": lead.number})
        return redirect("disputes:case", lead.number)
    if isinstance(form, NotifyForm):
        return by_case(request, form, ids)
    to = State.DOCKETED if isinstance(form, EnrolForm) else State.ADMISSIBILITY
    done = docketing.advance(ids=ids, to=to, by=who(request))
    said = ngettext("%(n)d requête avancée.", "%(n)d requêtes avancées.", len(done)) % {"n": len(done)}
    messages.success(request, said)
    return redirect("disputes:docket")


def by_case(request: HttpRequest, form: NotifyForm, ids: list[int]) -> HttpResponse | dict[int, Refused]:
    v = form.v
    for contest in set(queries.docket(who(request)).filter(pk__in=ids).values_list("contest_id", flat=True)):
        require(request.user, REGISTRY, contest=contest)
    term = Term(v.order, v.n or 0, Unit(v.unit or "hour")) if v.n or v.order else None
    take = several.invite if isinstance(form, InviteForm) else several.notify
    found = take(ids=ids, by=who(request), lang=get_language() or "fr", term=term)
    if found.done:
        said = ngettext("%(n)d requête traitée.", "%(n)d requêtes traitées.", len(found.done)) % {"n": len(found.done)}
        messages.success(request, said)
    return found.refused or redirect("disputes:docket")


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
