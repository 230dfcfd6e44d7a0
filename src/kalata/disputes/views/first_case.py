"""The page of one case of first instance: what the Court's page of a case has, with the decision, its votes and its gate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.disputes.forms import offices as forms
from kalata.disputes.forms.docket import PanelAsked
from kalata.disputes.forms.intake import GIVEN, KINDS
from kalata.disputes.forms.papers import LANGS, CureForm
from kalata.disputes.listings import STATES
from kalata.disputes.models import FirstRuling, Petition
from kalata.disputes.pages import acts
from kalata.disputes.queries import casefile as files
from kalata.disputes.queries import offices as queries
from kalata.disputes.queries.texts import zone_of
from kalata.disputes.rules import offices as rules
from kalata.disputes.rules import service as served
from kalata.disputes.rules.admissible import PROPOSAL_LABELS
from kalata.disputes.rules.filing import GROUNDS
from kalata.disputes.rules.parties import ACCESS_LABELS, ROLE_LABELS
from kalata.disputes.rules.recourse import ABOUT_LABELS, DECIDES_LABELS
from kalata.disputes.rules.steps import RAPPORTEUR, REGISTRY, State
from kalata.disputes.services import checking, curing, first, first_papers, intake, reading
from kalata.disputes.services.steps import right_of, subject_of, ways
from kalata.disputes.views import case as court
from kalata.disputes.views.docket import who
from kalata.disputes.views.instruction import row_of
from kalata.disputes.views.offices import crumbs
from kalata.disputes.views.papers import cured, issued, lacks
from kalata.documents import queries as register
from kalata.evidence.answers import sent
from kalata.text import Message
from kalata.ui import edge

ELSEWHERE = frozenset({State.JOINED, State.SEVERED, State.TO_CURE, State.SIGNED})
"""Steps that have their own act here, or none at first instance: a notice to cure is written, then served."""
STEPS: dict[type, str] = {forms.StepForm: "step", forms.ReportForm: "report", forms.PresideForm: "preside"}


@login_required
def page(request: HttpRequest, number: str) -> HttpResponse:
    """One case of an office; who may not read it finds nothing here."""
    by = who(request)
    petition = queries.case_of(by, number)
    office = petition.office
    assert office is not None
    if request.method == "POST":
        done(request, petition)
        return redirect("disputes:first_case", number)
    case, now = files.casefile(petition), timezone.now()
    keeps = queries.may_in(by, REGISTRY, petition) and not queries.aside(by, petition)
    offers = acts.offered(acts.steps(State(petition.state), ways_of(by, petition), first=ELSEWHERE), court.papers_of(case, keeps, False)[:2], court.urgent(case, keeps))  # fmt: skip
    asked = edge.asked(request, PanelAsked)
    cards, no_clock = court.cards_of(case, now)
    context = {
        "section": "first", "case": case, "p": petition, "now": now, "keeps": keeps, "instructs": False, "offers": offers,
        "open": court.panel(asked, case, offers, keeps), "cards": cards, "no_clock": no_clock, "steps": files.timeline(case, now),
        "line": acts.line(State(petition.state), court.away_from(case)), "states": STATES, "modes": served.MODE_LABELS,
        "outcomes": served.OUTCOME_LABELS, "papers": served.PAPERS, "verdicts": served.VERDICT_LABELS, "clock_labels": served.CLOCK_LABELS,
        "zone": court.place_of(zone_of(petition.contest)), "roles": ROLE_LABELS, "ground_words": GROUNDS, "piece_kinds": GIVEN, "piece_choices": KINDS,
        "accesses": ACCESS_LABELS, "blockers": case.blockers(), "crumbs": crumbs(office, number), "about": ABOUT_LABELS.get(petition.about, ""),
        "issued": queries.papers_read(by, petition, register.of_subject(subject_of(petition))), "address": request.path, "prints": (("receipt", _t("Récépissé")), ("decision", _t("Texte de la décision"))), **listed(by, petition), **decision_of(by, petition),
        **(cure_of(petition) if keeps and petition.state == State.DOCKETED else {}),
    }  # fmt: skip
    return render(request, "disputes/first_case.html", context)


def ways_of(by: Any, petition: Petition) -> list[tuple[State, str, str, Any]]:
    """(state, label, right, what stops it) of each step that this person takes here."""
    if queries.aside(by, petition):
        return []
    found = []
    for to, label, stops in ways(petition, by):
        right = right_of(State(petition.state), to)
        word = right if right in acts.WORDS else REGISTRY
        if to not in ELSEWHERE and queries.may_in(by, right, petition):
            found.append((to, label, word, stops))
    return found


def cure_of(petition: Petition) -> dict[str, Any]:
    """The notice to cure as it would be written now: what the checklist names first."""
    return {"lacks": lacks(petition), "of_pack": curing.term_of_pack(petition), "langs": LANGS}


def listed(by: Any, petition: Petition) -> dict[str, Any]:
    """The last checklist of the case, point by point, and whether this person draws another."""
    last, lang = petition.checklists.last(), get_language() or "fr"
    draws = any(queries.may_in(by, right, petition) for right in (REGISTRY, RAPPORTEUR)) and not queries.aside(by, petition)
    return {
        "last": last, "points": [row_of(i, lang) for i in last.said["items"]] if last else [], "proposals": PROPOSAL_LABELS, "checks": draws,
    }  # fmt: skip


def decision_of(by: Any, petition: Petition) -> dict[str, Any]:
    """What the page says of the decision: its text, its votes, its gate, the way above."""
    ruling = queries.ruling_of(petition)
    body, state, aside = queries.law_of(petition), State(petition.state), queries.aside(by, petition)
    ballot = queries.ballot_of(ruling)
    mine = queries.voted_by(by, ruling)
    sits = queries.may_in(by, rules.SIT, petition) and not aside
    writes = state in first.WRITABLE and queries.may_in(by, RAPPORTEUR, petition) and not aside
    shut = state is State.DELIBERATION and not rules.carried(body, ballot, written=ruling is not None)
    reads = queries.reads_text(by, petition, ruling)
    return {
        "body": body, "reads": reads, "decides": DECIDES_LABELS.get(body.decides, ""), "ruling": ruling, "first_outcomes": rules.OUTCOMES,
        "orders": rules.orders_of(petition.about), "ballot": None if shut or body.decides == rules.JUDGE else ballot,
        "voted": ballot.ayes + ballot.noes, "votes": sits and state in first.WRITABLE and ruling is not None and not mine and body.decides != rules.JUDGE,
        "mine": mine, "write": writer(petition, ruling, files.casefile(petition).stamp) if writes else None,
        "gate": first.examine(petition, by) if reads and state in (State.DELIBERATION, State.DRAFTED, State.GATE) else None,
        "signs": state is State.GATE and queries.may_in(by, rules.HEAD, petition) and not aside, "aside": aside,
        "acts_here": any(queries.may_in(by, r, petition) for r in queries.STAFF),
        "above": queries.above(petition), "reasons": reasons_of(petition, ruling), **queries.beside(petition),
    }  # fmt: skip


def reasons_of(petition: Petition, ruling: FirstRuling | None) -> list[tuple[str, str]]:
    return [(g.key, ruling.reasons.get(g.key, "")) for g in queries.grounds_of(petition)] if ruling else []


def writer(petition: Petition, ruling: FirstRuling | None, stamp: str) -> forms.WriteForm:
    """The form of the decision, as it stands."""
    initial: dict[str, Any] = {"seen": stamp}
    if ruling is not None:
        initial |= {
            "outcome": ruling.outcome, "order": ruling.order, "words": ruling.words, "articles": "\n".join(ruling.articles), "breach": ruling.breach,
        } | {f"reason_{k}": text for k, text in ruling.reasons.items()}  # fmt: skip
    return forms.WriteForm(initial=initial, **told(petition))


def told(petition: Petition) -> dict[str, Any]:
    """The choices of the form of a decision: what may be ordered, the grounds to answer."""
    lang = get_language() or "fr"
    rows = queries.grounds_of(petition)
    return {
        "orders": [(k, Message(v).text(lang)) for k, v in rules.orders_of(petition.about).items()],
        "grounds": [(g.key, _t("Motif sur %(key)s : %(what)s") % {"key": g.key, "what": Message(GROUNDS.get(g.code, g.code)).text(lang)}) for g in rows],
    }  # fmt: skip


# --- acts ------------------------------------------------------------------------------------------
def done(request: HttpRequest, petition: Petition) -> None:
    """The act of the pressed button, on the page that was read. Each service asks who may do it."""
    kinds = (
        *STEPS, forms.PaperForm, forms.TryForm, forms.WaiveForm, forms.StrikeForm, forms.CheckForm, forms.PieceForm, forms.PrintForm,
        forms.WriteForm, forms.VoteForm, forms.AsideForm, forms.SignForm, CureForm,
    )  # fmt: skip
    form = edge.acted(request, *kinds, given={forms.WriteForm: told(petition)})
    by, v = who(request), form.v
    if type(form) in STEPS:
        if State(v.to) in ELSEWHERE:
            raise edge.NotUnderstood([edge.Wrong("to", v.to, _t("cette étape se prend autrement sur cette page"))])
        first.step(petition_id=petition.pk, to=State(v.to), by=by, act=v.document, why=v.why, body=v.body, seen=v.seen)
    elif type(form) in court.ACTS:
        court.ACTS[type(form)](petition, v, by)
    else:
        OWN[type(form)](petition, form, by)
    messages.success(request, _t("Enregistré."))


def check(petition: Petition, form: Any, by: Any) -> None:
    checking.check(petition_id=petition.pk, by=by, form={"certified": bool(form.v.certified), "written": True}, seen=form.v.seen)


def piece(petition: Petition, form: Any, by: Any) -> None:
    v = form.v
    first_papers.keeper(petition, by)
    kept = intake.keep(v.piece.chunks(), name=v.piece.name, by=by)
    intake.add_piece(petition=petition, content=kept, name=v.name, kind=v.kind, access=v.access or "parties", station="", by=by)


def write(petition: Petition, form: Any, by: Any) -> None:
    v = form.v
    first.write(
        petition_id=petition.pk, outcome=v.outcome, order=v.order or "", words=v.words, reasons=form.reasons, articles=v.articles.splitlines(),
        breach=v.breach, by=by, seen=v.seen,
    )  # fmt: skip


def vote(petition: Petition, form: Any, by: Any) -> None:
    first.vote(petition_id=petition.pk, of=form.v.of, aye=form.v.vote == "aye", by=by)


def aside(petition: Petition, form: Any, by: Any) -> None:
    first.step_aside(petition_id=petition.pk, why=form.v.why, by=by)


def sign(petition: Petition, form: Any, by: Any) -> None:
    v = form.v
    first_papers.signer(petition, by)
    kept = intake.keep(v.copy.chunks(), name=v.copy.name, by=by)
    first.sign(petition_id=petition.pk, of=v.of, copy=kept, name=v.copy.name, by=by, seen=v.seen)


def cure(petition: Petition, form: Any, by: Any) -> None:
    cured(petition, form, by)


def printed(petition: Petition, form: Any, by: Any) -> None:
    first_papers.issue(petition=petition, what=form.v.what, service_id=form.v.service, lang=get_language() or "fr", by=by)


OWN: dict[type, Any] = {
    forms.CheckForm: check, forms.PieceForm: piece, forms.WriteForm: write, forms.VoteForm: vote, forms.AsideForm: aside,
    forms.SignForm: sign, forms.PrintForm: printed, CureForm: cure,
}  # fmt: skip


@login_required
def paper(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The very file of a paper that was issued in this case."""
    petition = queries.case_of(who(request), number)
    queries.papers_read(who(request), petition, register.of_subject(subject_of(petition))).get(pk=pk)
    return issued(petition, pk)


@login_required
def piece_file(request: HttpRequest, number: str, n: int) -> HttpResponseBase:
    """A piece of the case, as it was given; each reading of it is kept."""
    petition = queries.case_of(who(request), number)
    found, exhibit = reading.read(petition=petition, number=n, by=who(request))
    return sent(found, f"{number}-P{exhibit.number}")
