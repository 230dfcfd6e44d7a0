"""Blind entry and arbitration: one paper, one person, and never what the other one typed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST

from kalata.country.models import Contest
from kalata.refusals import Refused
from kalata.results import images
from kalata.results.queries.board import limits_of
from kalata.results.rules.checks import IDENTITIES, terms
from kalata.results.rules.sheets import differences, lines_of
from kalata.tally.access import paper_for
from kalata.tally.forms import AgainForm, ArbitrationForm, BackForm, EntryForm, IncidentForm, PaperForm
from kalata.tally.models import Paper
from kalata.tally.queries import papers as paper_queries
from kalata.tally.rules.lifecycle import STATE_LABELS, NotHolder, State
from kalata.tally.services import drafts, scanning
from kalata.tally.services import reports as tally
from kalata.tally.views.common import FIGURES_MAX, Lines, base, contest_of, language, who
from kalata.text import gettext_noop as _
from kalata.text import translate
from kalata.ui import edge, fields


class OtherStation(Refused):
    """The code read on the paper is not the one of the paper this desk holds (E11)."""

    code = "RES-432"
    says = _("Le code tapé (%(got)s) n’est pas la fin de celui de ce procès-verbal.")
    remedy = _("Relisez le code sur l’original ; s’il est bien celui-là, signalez un incident avec F8.")
    status = 422


TAIL = 4


def said(refused: Refused) -> str:
    return f"{refused.message.text(language())} {refused.how.text(language())}"


def tail_of(code: str) -> str:
    """The last four letters and digits of a station's code, as they are typed again from the paper."""
    return "".join(c for c in code if c.isalnum())[-TAIL:].upper()


def live_checks(contest: Contest, lines: Lines) -> list[dict[str, Any]]:
    """The identities this form allows, as the page's script computes them while typing."""
    form, lang = set(lines.boxes), language()
    _limits, applied = limits_of(contest)
    return [
        {
            "code": c.code,
            "says": translate(c.formula, lang),
            "relation": c.relation,
            "needs": [b.value for b in c.needs],
            "excused": c.excused.value if c.excused in form and c.excused else "",
            **terms(c),
        }
        for c in IDENTITIES
        if set(c.needs) <= form and c.code in applied
    ]


@login_required
def entry(request: HttpRequest, code: str) -> HttpResponse:
    """Take the next paper and type what it says. The first entry is never shown to the second clerk."""
    contest = contest_of(request, code, "results.enter")
    if request.method == "POST":
        return posted(request, contest)
    try:
        paper = tally.claim_next(contest=contest, right="results.enter", by=who(request))
    except tally.NothingWaits as nothing:
        return render(request, "tally/desk_empty.html", {**base(request, contest, _t("Saisie")), "refused": nothing})
    kept = drafts.draft_of(paper, who(request))
    return page(request, contest, paper, kept.values if kept else {}, {}, kept_at=kept.at if kept else None)


def named(request: HttpRequest, contest: Contest, right: str) -> int:
    """The number of the paper a form speaks of, where this person has that desk; else it does not exist."""
    return paper_for(who(request), contest, edge.posted(request, PaperForm).paper, {right}).pk


def posted(request: HttpRequest, contest: Contest) -> HttpResponse:
    pk = named(request, contest, "results.enter")
    lines, by = Lines(contest), who(request)
    form = edge.acted(request, EntryForm, BackForm, IncidentForm, given={EntryForm: {"lines": lines.label}})
    if isinstance(form, BackForm):
        tally.give_back(paper_id=pk, by=by)
        return redirect("tally:overview", contest.code)
    if isinstance(form, IncidentForm):
        tally.pass_on(paper_id=pk, to=State.INCIDENT, reason=form.v.reason, by=by)
        messages.success(request, _t("Incident signalé : le procès-verbal retourne à la réception."))
        return redirect("tally:entry", contest.code)
    sheet, wrong = lines.read(form.figures)
    paper = paper_queries.visible(pk, by)
    if paper is not None and form.v.tail.upper() != tail_of(paper.station.code):
        wrong["tail"] = said(OtherStation(got=form.v.tail[:20]))
    if paper is not None and (wrong or sheet is None):
        return page(request, contest, paper, form.texts, wrong, status=422)
    if sheet is None:
        raise tally.NothingWaits
    paper = tally.submit(paper_id=pk, sheet=sheet, by=by, seen=form.v.seen)
    messages.success(request, _t("Transmis : bureau %(code)s.") % {"code": paper.station.code})
    return redirect("tally:entry", contest.code)


def page(
    request: HttpRequest,
    contest: Contest,
    paper: Paper,
    values: dict[str, Any],
    wrong: dict[str, str],
    *,
    kept_at: Any = None,
    status: int = 200,
) -> HttpResponse:
    lines = Lines(contest)
    checks = live_checks(contest, lines)
    return render(
        request,
        "tally/entry.html",
        {
            **base(request, contest, _t("Saisie")),
            "paper": paper,
            "rank": 2 if paper.state == State.SECOND_ENTRY else 1,
            "groups": [
                (name, [(lines.number[k], k, label, e, values.get(k, ""), wrong.get(k, "")) for k, label, e in rows])
                for name, rows in lines.groups
            ],
            "tail": values.get("tail", ""),
            "tail_length": TAIL,
            "wrong": wrong,
            "wrong_lines": [(k, lines.label.get(k, _t("Fin du code du bureau")), text) for k, text in wrong.items()],
            "checks": checks,
            "register": paper.station.registered,
            "pages": scanning.pages_of(paper),
            "kept_at": kept_at,
            "reasons": tally.INCIDENTS,
        },
        status=status,
    )


@login_required
@require_POST
def draft(request: HttpRequest, code: str) -> JsonResponse:
    """Keep what is typed so far: every ten seconds and when a line is left. Only the holder has one."""
    contest = contest_of(request, code, "results.enter")
    pk = named(request, contest, "results.enter")
    form = edge.form_of(request, EntryForm, lines=Lines(contest).label)
    values = {k: text[:12] for k, text in {**form.figures, "tail": form.v.tail}.items() if text}
    try:
        kept = drafts.keep(paper_id=pk, values=values, by=who(request))
    except NotHolder as gone:  # submitted meanwhile, or the hold has expired: nothing to keep, and it is said
        return JsonResponse({"kept": "", "says": said(gone)})
    return JsonResponse({"kept": timezone.localtime(kept.at).strftime("%H:%M:%S")})


@login_required
def arbitration(request: HttpRequest, code: str) -> HttpResponse:
    """Only the lines that differ, side by side, without a name; the effect on totals is not shown."""
    contest = contest_of(request, code, "results.arbitrate")
    by = who(request)
    if request.method == "POST":
        pk = named(request, contest, "results.arbitrate")
        act = edge.button(request, "", "back", "again")
        if act == "back":
            tally.give_back(paper_id=pk, by=by)
            return redirect("tally:overview", code)
        if act == "again":
            again = edge.posted(request, AgainForm)
            tally.pass_on(paper_id=pk, to=State.SCANNED, reason=again.reason, by=by, seen=again.seen)
            return redirect("tally:arbitration", code)
        sent, choice = chosen(request, pk)
        done = tally.arbitrate(
            paper_id=pk,
            choice=choice,
            by=by,
            reason=sent.reason,
            image=images.received(sent.crop, by=by),
            seen=sent.seen,
        )
        messages.success(request, translate(STATE_LABELS[State(done.state)], language()))
        return redirect("tally:arbitration", code)
    try:
        paper = tally.claim_next(contest=contest, right="results.arbitrate", by=by)
    except tally.NothingWaits as nothing:
        return render(request, "tally/desk_empty.html", {**base(request, contest, _t("Arbitrage")), "refused": nothing})
    lines, apart = Lines(contest), apart_of(paper)
    known = tally.record_of(paper)
    unlike = {d.line for d in apart}
    alike = lines_of(known.first) if known.first else {}
    return render(
        request,
        "tally/arbitration.html",
        {
            **base(request, contest, _t("Arbitrage")),
            "paper": paper,
            "lines": [(d, lines.number[d.line], lines.label[d.line], lines.emblem[d.line]) for d in apart],
            "alike": [(lines.number[k], lines.label[k], v) for k, v in alike.items() if k not in unlike],
            "total": len(lines.all),
            "pages": scanning.pages_of(paper),
        },
    )


def chosen(request: HttpRequest, pk: int) -> tuple[Any, dict[str, int | None]]:
    """What the arbiter picked for each line that differs; a line left open is left out (RES-402)."""
    paper = paper_queries.visible(pk, who(request))
    choice: dict[str, int | None] = {}
    apart = apart_of(paper) if paper else []
    sent = edge.posted(request, ArbitrationForm, lines=[d.line for d in apart])
    for d in apart:
        picked, free = getattr(sent, d.line), getattr(sent, f"{d.line}_free")
        if picked == "free":
            value = fields.digits(free, FIGURES_MAX)
            if free and value is None:
                raise Unreadable(line=d.line, value=free[:12])
            choice[d.line] = value
        elif picked in ("first", "second"):
            choice[d.line] = d.first if picked == "first" else d.second
    return sent, choice


class Unreadable(Refused):
    code = "RES-403"
    says = _("Ligne « %(line)s » : « %(value)s » n’est pas un nombre entier.")
    remedy = _("Écrivez un nombre de 0 à 99 999, ou laissez vide si la case l’est sur l’original.")
    status = 422


def apart_of(paper: Paper) -> list[Any]:
    known = tally.record_of(paper)
    return differences(known.first, known.second) if known.first and known.second else []
