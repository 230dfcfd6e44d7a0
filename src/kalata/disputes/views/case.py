"""The page of one case: parties, grounds, clocks, papers and their service, pieces, steps; each act on the page that was read."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t

from kalata.deadlines.rules.moments import zone
from kalata.deadlines.rules.steps import Unit
from kalata.disputes.forms.docket import (
    GoneForm,
    PaperForm,
    PresideForm,
    ReportForm,
    SeverForm,
    StepForm,
    StrikeForm,
    TryForm,
    WaiveForm,
)
from kalata.disputes.forms.intake import KINDS as PIECES
from kalata.disputes.forms.portal import DecideForm, MeasureForm, OverrideForm
from kalata.disputes.listings import STATES
from kalata.disputes.models import Petition
from kalata.disputes.queries import casefile as files
from kalata.disputes.queries import docket as queries
from kalata.disputes.queries.texts import zone_of
from kalata.disputes.rules import service as rules
from kalata.disputes.rules.filing import GROUNDS
from kalata.disputes.rules.parties import ACCESS_LABELS, ROLE_LABELS
from kalata.disputes.rules.service import Mode, Outcome, Term
from kalata.disputes.rules.steps import PRESIDE, RAPPORTEUR, REGISTRY, State
from kalata.disputes.services import docketing, mandates, measures, overriding, serving
from kalata.disputes.services.steps import right_of, ways
from kalata.disputes.views.docket import who
from kalata.people.guard import require
from kalata.people.queries import may
from kalata.ui import edge

FORMS = (
    DecideForm,
    MeasureForm,
    OverrideForm,
    StepForm,
    ReportForm,
    PresideForm,
    PaperForm,
    TryForm,
    WaiveForm,
    StrikeForm,
    GoneForm,
    SeverForm,
)


@login_required
def page(request: HttpRequest, number: str) -> HttpResponse:
    """One case of the docket; who may not read it finds nothing here."""
    petition = queries.case_of(who(request), number)
    if request.method == "POST":
        done(request, petition)
        return redirect("disputes:case", number)
    case = files.casefile(petition)
    now = timezone.now()
    keeps = may(request.user, REGISTRY, contest=petition.contest_id)
    context = {
        "instructs": may(request.user, RAPPORTEUR, contest=petition.contest_id), "kinds": measures.KINDS,
        "section": "docket", "case": case, "p": petition, "now": now, "keeps": keeps, "steps": files.timeline(case, now),
        "ways": ways_of(request, petition),
        "states": STATES, "modes": rules.MODE_LABELS, "outcomes": rules.OUTCOME_LABELS, "papers": rules.PAPERS,
        "clock_labels": rules.CLOCK_LABELS, "verdicts": rules.VERDICT_LABELS, "consequences": rules.CONSEQUENCES,
        "roles": ROLE_LABELS, "ground_words": GROUNDS, "piece_kinds": PIECES, "accesses": ACCESS_LABELS, "blockers": case.blockers(), "crumbs": crumbs(petition),
    }  # fmt: skip
    return render(request, "disputes/case.html", context)


def crumbs(petition: Petition) -> list[tuple[str, str]]:
    from django.urls import reverse

    return [(reverse("disputes:docket"), _t("Rôle")), ("", str(petition.number))]


WORDS = {REGISTRY: "step", RAPPORTEUR: "report", PRESIDE: "preside"}
"""The button of a step, by the right that takes it."""


def ways_of(request: HttpRequest, petition: Petition) -> list[tuple[str, list[Any]]]:
    """(button, steps) that this person may take from the page of the case; joinder is taken from the docket."""
    found: dict[str, list[Any]] = {}
    for to, label, stops in ways(petition, who(request)):
        right = right_of(State(petition.state), to)
        if (
            right in WORDS
            and to not in (State.JOINED, State.SEVERED)
            and may(request.user, right, contest=petition.contest_id)
        ):
            found.setdefault(WORDS[right], []).append((to, label, stops))
    return list(found.items())


def done(request: HttpRequest, petition: Petition) -> None:
    """The act of the pressed button, on the page that was read."""
    form = edge.acted(request, *FORMS)
    v, by = form.v, who(request)
    right = RIGHTS.get(type(form), REGISTRY)
    if not (isinstance(form, OverrideForm) and may(by, RAPPORTEUR, contest=petition.contest_id)):
        require(by, right, contest=petition.contest_id)
    ACTS[type(form)](petition, v, by)
    messages.success(request, _t("Enregistré."))


def step(petition: Petition, v: Any, by: Any) -> None:
    docketing.step(petition_id=petition.pk, to=State(v.to), by=by, act=v.document, why=v.why, body=v.body, seen=v.seen)


def paper(petition: Petition, v: Any, by: Any) -> None:
    term = Term(v.order, v.n or 0, Unit(v.unit or "hour"), v.until) if v.n or v.until or v.order else None
    serving.file_paper(
        petition_id=petition.pk, kind=v.kind, title=v.title, by=by, party_id=v.party, exhibit_id=v.exhibit, term=term,
        chosen=v.to or None, seen=v.seen,
    )  # fmt: skip


def attempt(petition: Petition, v: Any, by: Any) -> None:
    at = datetime.combine(v.day, v.hour, zone(zone_of(petition.contest)))
    serving.try_service(
        petition_id=petition.pk, service_id=v.service, mode=Mode(v.mode), outcome=Outcome(v.outcome), at=at, by=by,
        exhibit_id=v.exhibit, note=v.note, seen=v.seen,
    )  # fmt: skip


def waiver(petition: Petition, v: Any, by: Any) -> None:
    serving.waive(petition_id=petition.pk, service_id=v.service, act=v.order, by=by, seen=v.seen)


def strike(petition: Petition, v: Any, by: Any) -> None:
    if v.what == "service":
        serving.strike_service(petition_id=petition.pk, service_id=v.row, why=v.why, by=by, seen=v.seen)
    else:
        serving.strike_paper(petition_id=petition.pk, filing_id=v.row, why=v.why, by=by, seen=v.seen)


def gone(petition: Petition, v: Any, by: Any) -> None:
    docketing.party_gone(petition_id=petition.pk, party_id=v.party, since=v.since, act=v.order, by=by, seen=v.seen)


def sever(petition: Petition, v: Any, by: Any) -> None:
    docketing.sever(petition_id=petition.pk, why=v.why, by=by, seen=v.seen)


def decide(petition: Petition, v: Any, by: Any) -> None:
    mandates.decide(petition_id=petition.pk, representation_id=v.mandate, accept=v.to == "accept", why=v.why, by=by)


def measure(petition: Petition, v: Any, by: Any) -> None:
    due = datetime.combine(v.day, v.hour or time(18), zone(zone_of(petition.contest))) if v.day else None
    measures.ask(petition_id=petition.pk, kind=v.kind, what=v.what, by=by, due=due, seen=v.seen)


def override(petition: Petition, v: Any, by: Any) -> None:
    overriding.ask(
        petition_id=petition.pk, clock_id=v.clock, value=v.value, authority=v.authority, document=v.document,
        decided=v.decided, reason=v.reason, by=by, seen=v.seen,
    )  # fmt: skip


RIGHTS = {MeasureForm: RAPPORTEUR, ReportForm: RAPPORTEUR, PresideForm: PRESIDE}
ACTS: dict[type, Any] = {
    DecideForm: decide, MeasureForm: measure, OverrideForm: override, StepForm: step, ReportForm: step, PresideForm: step, PaperForm: paper, TryForm: attempt, WaiveForm: waiver, StrikeForm: strike, GoneForm: gone, SeverForm: sever,
}  # fmt: skip
