"""The parties' own pages: their cases and nothing else; papers acknowledged, briefs filed, clocks and file taken away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.disputes.forms.portal import AckForm, BriefForm, RepresentationForm
from kalata.disputes.listings import STATES
from kalata.disputes.models import Petition
from kalata.disputes.queries import portal as queries
from kalata.disputes.rules import service as rules
from kalata.disputes.rules.parties import ACCESS_LABELS, ROLE_LABELS
from kalata.disputes.rules.steps import PARTY
from kalata.disputes.services import intake, mandates, printing
from kalata.disputes.services import portal as services
from kalata.disputes.views.docket import who
from kalata.evidence import answers
from kalata.people.queries import may_somewhere
from kalata.refusals import Forbidden
from kalata.ui import edge


def asks_party(request: HttpRequest) -> None:
    if not may_somewhere(request.user, PARTY):
        raise Forbidden(right=PARTY)


@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """One's own cases; here a mandate is produced."""
    asks_party(request)
    if request.method == "POST":
        v = edge.acted(request, RepresentationForm).v
        kept = intake.keep(v.piece.chunks(), name=v.piece.name, by=who(request)) if v.piece else None
        mandates.produce(number=v.number, name=v.name, words=v.words, content=kept, by=who(request))
        messages.success(request, _t("Mandat produit : le greffe décide."))
        return redirect("disputes:mine")
    context = {
        "section": "mine", "page": edge.paged(request, queries.own(who(request)), 50), "states": STATES,
        "mandates": queries.asked(who(request)), "drafts": queries.drafts(who(request)), "now": timezone.now(),
    }  # fmt: skip
    return render(request, "disputes/mine.html", context)


def case_of(request: HttpRequest, number: str) -> Petition:
    asks_party(request)
    return queries.own(who(request)).get(number=number)


@login_required
def my_case(request: HttpRequest, number: str) -> HttpResponse:
    """One of one's own cases."""
    petition = case_of(request, number)
    if request.method == "POST":
        form: Any = edge.acted(request, AckForm, BriefForm)
        v = form.v
        if isinstance(form, AckForm):
            services.acknowledge(number=number, service_id=v.service, by=who(request))
            messages.success(request, _t("Accusé de réception donné : votre délai court depuis cet instant."))
        else:
            kept = intake.keep(v.piece.chunks(), name=v.piece.name, by=who(request)) if v.piece else None
            services.file_brief(
                number=number,
                kind=v.kind,
                title=v.title,
                content=kept,
                name=v.piece.name,
                party_id=v.party,
                by=who(request),
            )
            messages.success(request, _t("Mémoire déposé ; il sera communiqué aux autres parties."))
        return redirect("disputes:my_case", number)
    person = who(request)
    context = {
        "section": "mine", "p": petition, "states": STATES, "clocks": queries.clocks(person, petition),
        "services": queries.services(person, petition), "filings": queries.filings(petition), "now": timezone.now(),
        "exhibits": queries.exhibits(petition), "parties": petition.parties.filter(struck=False), "mine": queries.parties_of(person, petition),
        "papers": rules.PAPERS, "briefs": rules.BRIEFS, "modes": rules.MODE_LABELS, "roles": ROLE_LABELS, "accesses": ACCESS_LABELS,
        "clock_labels": rules.CLOCK_LABELS, "verdicts": rules.VERDICT_LABELS, "consequences": rules.CONSEQUENCES,
    }  # fmt: skip
    return render(request, "disputes/my_case.html", context)


@login_required
def my_receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt of one's own petition, or of the one that is brought against one's party."""
    opened = printing.receipt(petition=case_of(request, number), lang=get_language() or "fr", by=who(request))
    return answers.sent(opened, f"{number}.pdf")  # type: ignore[return-value]


@login_required
def my_calendar(request: HttpRequest, number: str) -> HttpResponse:
    petition = case_of(request, number)
    made = services.calendar(petition, queries.clocks(who(request), petition), get_language() or "fr")
    answer = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{number}.ics"'
    return answer


@login_required
def my_file(request: HttpRequest, number: str) -> HttpResponse:
    petition = case_of(request, number)
    answer = HttpResponse(services.whole_file(petition, get_language() or "fr"), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{number}.pdf"'
    return answer
