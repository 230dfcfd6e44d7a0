"""The page of one case: parties, grounds, clocks, papers and their service, pieces, steps; each act on the page that was read."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.deadlines.rules.moments import zone
from kalata.deadlines.rules.steps import Unit
from kalata.disputes.forms.docket import (
    GoneForm,
    PanelAsked,
    PaperForm,
    PresideForm,
    ReportForm,
    SeverForm,
    StepForm,
    StrikeForm,
    TryForm,
    WaiveForm,
)
from kalata.disputes.forms.intake import GIVEN as PIECES
from kalata.disputes.forms.portal import DecideForm, MeasureForm, OverrideForm
from kalata.disputes.listings import STATES
from kalata.disputes.models import Petition
from kalata.disputes.pages import acts, clocks
from kalata.disputes.queries import casefile as files
from kalata.disputes.queries import docket as queries
from kalata.disputes.queries.law import norms_of
from kalata.disputes.queries.rulings import ruling_to_read
from kalata.disputes.queries.texts import zone_of
from kalata.disputes.rules import service as rules
from kalata.disputes.rules.filing import GROUNDS
from kalata.disputes.rules.parties import ACCESS_LABELS, ROLE_LABELS
from kalata.disputes.rules.service import Mode, Outcome, Term
from kalata.disputes.rules.steps import PRESIDE, RAPPORTEUR, REGISTRY, State
from kalata.disputes.services import checking, docketing, mandates, measures, overriding, serving, striking
from kalata.disputes.services.sheets import HELD
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
    instructs = may(request.user, RAPPORTEUR, contest=petition.contest_id)
    offers = acts.offered(acts.steps(State(petition.state), ways_of(request, petition)), papers_of(case, keeps, instructs), urgent(case, keeps))  # fmt: skip
    asked = edge.asked(request, PanelAsked)
    cards, no_clock = cards_of(case, now)
    context = {
        "instructs": instructs, "kinds": measures.KINDS, "section": "docket", "case": case, "p": petition, "now": now, "keeps": keeps,
        "steps": files.timeline(case, now), "offers": offers, "open": panel(asked, case, offers, keeps), "cards": cards, "no_clock": no_clock,
        "line": acts.line(State(petition.state), away_from(case)), "held": HELD.get(State(petition.state), ""),
        "states": STATES, "modes": rules.MODE_LABELS, "outcomes": rules.OUTCOME_LABELS, "papers": rules.PAPERS,
        "clock_labels": rules.CLOCK_LABELS, "verdicts": rules.VERDICT_LABELS, "zone": place_of(zone_of(petition.contest)),
        "roles": ROLE_LABELS, "ground_words": GROUNDS, "piece_kinds": PIECES, "accesses": ACCESS_LABELS, "blockers": case.blockers(), "crumbs": crumbs(petition),
        "ruling": ruling_to_read(who(request), petition),
    }  # fmt: skip
    return render(request, "disputes/case.html", context)


def crumbs(petition: Petition) -> list[tuple[str, str]]:
    from django.urls import reverse

    return [(reverse("disputes:docket"), _t("Rôle des requêtes")), ("", str(petition.number))]


def place_of(name: str) -> str:
    """The place whose hour the boxes of a page speak, from the name of its zone: Africa/Bamako is Bamako."""
    return name.rpartition("/")[2].replace("_", " ")


def ways_of(request: HttpRequest, petition: Petition) -> list[tuple[State, str, str, Any]]:
    """(state, label, right, what stops it) of each step that this person may take."""
    found = []
    for to, label, stops in ways(petition, who(request)):
        right = right_of(State(petition.state), to)
        if right in acts.WORDS and may(request.user, right, contest=petition.contest_id):
            found.append((to, label, right, stops))
    return found


def papers_of(case: files.CaseFile, keeps: bool, instructs: bool) -> list[acts.Offer]:
    """The acts on this case that are no step, each for who holds its right and only where it has an object."""
    every = [
        (keeps and bool(case.waiting), "try", _t("Noter une signification"), "pen"),
        (keeps, "paper", _t("Verser un papier et le communiquer"), "doc"),
        (instructs, "measure", _t("Demander une mesure d’instruction"), "search"),
        ((keeps or instructs) and any(c.pk and not c.stopped_at for c in case.clocks), "override", _t("Demander une dérogation à un délai"), "clock"),
        (keeps and bool(case.waiting), "waive", _t("Dispenser de signification"), "scale"),
        (keeps, "gone", _t("Une partie n’existe plus"), "user"),
        (keeps and bool(case.petition.lead_id), "sever", _t("Disjoindre"), "branch"),
    ]  # fmt: skip
    return [acts.Offer(word, label, icon) for offered, word, label, icon in every if offered]


def urgent(case: files.CaseFile, keeps: bool) -> str:
    """What comes before any step: to communicate the petition, then to reach each party, for the limit of each runs from there."""
    if not keeps or case.petition.state != State.SERVED:
        return ""
    return "paper" if not case.communicated else "try" if case.waiting else ""


def panel(asked: Any, case: files.CaseFile, offers: acts.Offers, keeps: bool) -> dict[str, Any] | None:
    """The one panel that is open: an act that this page offers, or the line to strike."""
    if asked.acte == "strike":
        words = case.words_of(asked.quoi, asked.ligne) if keeps else ""
        return {"word": "strike", "what": asked.quoi, "row": asked.ligne, "words": words} if words else None
    found = offers.one(asked.acte, asked.vers) if asked.acte else None
    return {"word": found.word, "offer": found} if found else None


def away_from(case: files.CaseFile) -> State | None:
    """Where a stayed or joined case stood before."""
    aside = (State.STAYED, State.JOINED)
    if case.petition.state not in aside:
        return None
    return next((State(s.start) for s in reversed(case.steps) if s.to in aside), None)


def cards_of(case: files.CaseFile, now: datetime) -> tuple[list[clocks.Card], Any]:
    """The clocks of a case, counted for this page alone where it moved without them; and why none of its grounds has one."""
    petition = case.petition
    kept, why = list(case.clocks), None
    if not any(c.kind == "filing" and c.limit for c in kept):
        counted, why = checking.clocks_to_be(petition)
        kept = [c for c in kept if c.kind != "filing" or c.stopped_at] + counted
    lang = get_language() or "fr"
    return clocks.cards(kept, now, norms_of(petition.contest), zone_of(petition.contest), lang), why


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
    if State(v.to) in acts.ELSEWHERE or petition.state == State.GATE:
        raise edge.NotUnderstood([edge.Wrong("to", v.to, _t("cette étape se prend sur une autre page"))])
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
    elif v.what == "paper":
        serving.strike_paper(petition_id=petition.pk, filing_id=v.row, why=v.why, by=by, seen=v.seen)
    else:
        striking.strike(petition_id=petition.pk, what=v.what, row_id=v.row, why=v.why, by=by, seen=v.seen)


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
