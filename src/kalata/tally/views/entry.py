"""Blind entry: one paper, one person, and never what the other one typed."""

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
from kalata.results.queries.board import limits_of
from kalata.results.rules.checks import IDENTITIES, terms
from kalata.tally.access import paper_for
from kalata.tally.forms import BackForm, EntryForm, IncidentForm, PaperForm
from kalata.tally.models import Paper
from kalata.tally.queries import papers as paper_queries
from kalata.tally.queries import placing
from kalata.tally.rules.lifecycle import NotHolder, State
from kalata.tally.services import drafts, scanning
from kalata.tally.services import reports as tally
from kalata.tally.views.common import Lines, base, contest_of, language, who
from kalata.text import gettext_noop as _
from kalata.text import translate
from kalata.ui import edge


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
    second = paper is not None and paper.state == State.SECOND_ENTRY
    paper = tally.submit(paper_id=pk, sheet=sheet, by=by, seen=form.v.seen)
    messages.success(request, after(paper, second) % {"code": paper.station.code})
    return redirect("tally:entry", contest.code)


def after(paper: Paper, second: bool) -> str:
    """What became of a paper: whether the two entries agree is told once the second is kept, and never where they differ."""
    if not second:
        return _t("%(code)s : transmis, une autre personne fera la seconde saisie.")
    if paper.state == State.DIFFERENT:
        return _t("%(code)s : transmis. L’autre saisie n’est pas la même : un arbitre relira l’original.")
    return _t("%(code)s : transmis. Les deux saisies sont les mêmes.")


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
    lines, pages = Lines(contest), scanning.pages_of(paper)
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
            "pages": pages,
            "frames": placing.frames(paper, pages, lines.number),
            "kept_at": kept_at,
            "reasons": tally.INCIDENTS,
        },
        status=status,
    )


@login_required
@require_POST
def draft(request: HttpRequest, code: str) -> JsonResponse:
    """Keep what is typed so far: every ten seconds and when a line is left. Only the holder has one.

    The end of the code is compared with the paper's as soon as it is whole, before the figures: `tail` says what is wrong.
    """
    contest = contest_of(request, code, "results.enter")
    pk = named(request, contest, "results.enter")
    form = edge.form_of(request, EntryForm, lines=Lines(contest).label)
    values = {k: text[:12] for k, text in {**form.figures, "tail": form.v.tail}.items() if text}
    try:
        kept = drafts.keep(paper_id=pk, values=values, by=who(request))
    except NotHolder as gone:  # submitted meanwhile, or the hold has expired: nothing to keep, and it is said
        return JsonResponse({"kept": "", "says": said(gone)})
    typed = form.v.tail.strip()
    other = typed and typed.upper() != tail_of(kept.paper.station.code)
    return JsonResponse({
        "kept": timezone.localtime(kept.at).strftime("%H:%M:%S"), "tail": said(OtherStation(got=typed[:20])) if other else "",
    })  # fmt: skip
