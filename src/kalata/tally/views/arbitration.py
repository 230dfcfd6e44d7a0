"""Arbitration: one line at a time, its piece of the original beside both values, and the next paper at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t

from kalata.country.models import Contest
from kalata.evidence import answers, reading
from kalata.refusals import Refused
from kalata.results import drawing, images
from kalata.results.rules.sheets import Difference, differences, lines_of
from kalata.tally.access import original_for
from kalata.tally.forms import AgainForm, ArbitrationForm
from kalata.tally.models import Paper
from kalata.tally.queries import papers as paper_queries
from kalata.tally.queries import placing
from kalata.tally.rules.entry import Unsettled
from kalata.tally.rules.lifecycle import STATE_LABELS, State
from kalata.tally.rules.rights import PAPERS
from kalata.tally.rules.stops import Lacks
from kalata.tally.services import extracts, scanning
from kalata.tally.services import reports as tally
from kalata.tally.views.common import FIGURES_MAX, Lines, base, contest_of, language, who
from kalata.tally.views.entry import live_checks, named, said
from kalata.text import gettext_noop as _
from kalata.text import translate
from kalata.ui import edge, fields

REASONS = (
    _("Chiffre surchargé, lu d’après les lettres"),
    _("Chiffre mal formé, lu d’après les lettres"),
    _("Ligne décalée sur le papier"),
    _("Case vide sur l’original"),
)
"""What an arbiter most often says of a value that neither clerk typed; any other words may be typed."""


class Unreadable(Refused):
    code = "RES-403"
    says = _("Ligne « %(line)s » : « %(value)s » n’est pas un nombre entier.")
    remedy = _("Écrivez un nombre de 0 à 99 999, ou laissez vide si la case l’est sur l’original.")
    status = 422


IN_PLACE = (Unreadable, Unsettled, Lacks, images.BadImage)
"""Refusals of what was typed: said at the desk, with what was typed."""


@login_required
def arbitration(request: HttpRequest, code: str) -> HttpResponse:
    """Only the lines that differ, without a name; what the totals become is not shown."""
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
            messages.success(request, _t("Renvoyé à deux nouvelles saisies."))
            return redirect("tally:arbitration", code)
        return decided(request, contest, pk)
    try:
        paper = tally.claim_next(contest=contest, right="results.arbitrate", by=by)
    except tally.NothingWaits as nothing:
        return render(request, "tally/desk_empty.html", {**base(request, contest, _t("Arbitrage")), "refused": nothing})
    return page(request, contest, paper)


def decided(request: HttpRequest, contest: Contest, pk: int) -> HttpResponse:
    """Settle the paper, with the extract of the house where a value is new; or say at the desk what is lacking."""
    by = who(request)
    paper = paper_queries.visible(pk, by)
    apart = apart_of(paper) if paper else []
    sent = edge.posted(request, ArbitrationForm, lines=[d.line for d in apart])
    try:
        choice = chosen(sent, apart)
        free = [d.line for d in apart if d.line in choice and choice[d.line] not in (d.first, d.second)]
        image = images.received(sent.crop, by=by)
        if free and paper is not None and not image:
            image = extracts.made(paper, free, Lines(contest).number)
        done = tally.arbitrate(paper_id=pk, choice=choice, by=by, reason=sent.reason, image=image, seen=sent.seen)
    except IN_PLACE as refused:
        if paper is None:
            raise
        return page(request, contest, paper, sent=sent, refused=refused)
    label = translate(STATE_LABELS[State(done.state)], language())
    messages.success(request, f"{done.station.code} : {label}")
    return redirect("tally:arbitration", contest.code)


def chosen(sent: Any, apart: list[Difference]) -> dict[str, int | None]:
    """What the arbiter picked for each line that differs; a line left open is left out (RES-402)."""
    choice: dict[str, int | None] = {}
    for d in apart:
        picked, free = getattr(sent, d.line), getattr(sent, f"{d.line}_free")
        if picked == "free":
            value = fields.digits(free, FIGURES_MAX)
            if free and value is None:
                raise Unreadable(line=d.line, value=free[:12])
            choice[d.line] = value
        elif picked in ("first", "second"):
            choice[d.line] = d.first if picked == "first" else d.second
    return choice


def page(
    request: HttpRequest, contest: Contest, paper: Paper, *, sent: Any = None, refused: Refused | None = None
) -> HttpResponse:
    lines, apart, pages = Lines(contest), apart_of(paper), scanning.pages_of(paper)
    known = tally.record_of(paper)
    unlike = {d.line for d in apart}
    alike = {k: v for k, v in (lines_of(known.first) if known.first else {}).items() if k not in unlike}
    frames = placing.frames(paper, pages, lines.number)
    queue = tally.waiting(contest, who(request), "results.arbitrate", State.DIFFERENT).select_related("station")
    after = queue.first()
    return render(
        request,
        "tally/arbitration.html",
        {
            **base(request, contest, _t("Arbitrage")),
            "paper": paper,
            "lines": [
                {
                    "d": d, "no": lines.number[d.line], "label": lines.label[d.line], "mark": lines.emblem[d.line],
                    "page": frames[d.line][0] + 1 if d.line in frames else 0,
                    "picked": getattr(sent, d.line, "") if sent else "",
                    "free": getattr(sent, f"{d.line}_free", "") if sent else "",
                }
                for d in apart
            ],
            "alike": [(lines.number[k], lines.label[k], v) for k, v in alike.items()],
            "values": {"alike": alike, "apart": {d.line: [d.first, d.second] for d in apart}},
            "checks": live_checks(contest, lines),
            "register": paper.station.registered,
            "total": len(lines.all),
            "pages": pages,
            "frames": frames,
            "reasons": REASONS,
            "reason": sent.reason if sent else extracts.last_reason(paper, who(request).pk),
            "refused": refused,
            "says": said(refused) if refused else "",
            "after": after,
            "after_lines": len(apart_of(after)) if after else 0,
            "waiting": queue.count(),
        },
        status=refused.status if refused else 200,
    )  # fmt: skip


def apart_of(paper: Paper) -> list[Difference]:
    known = tally.record_of(paper)
    return differences(known.first, known.second) if known.first and known.second else []


@login_required
def line(request: HttpRequest, code: str, pk: int, no: int) -> HttpResponseBase:
    """The piece of the original about one line, framed, for who may see that original."""
    contest = contest_of(request, code, *PAPERS)
    paper = paper_queries.of_contest(contest, pk)
    pages = scanning.pages_of(paper)
    frame = placing.frames(paper, pages, {"line": no}).get("line")
    sha = original_for(request.user, contest, pk, pages[frame[0]] if frame else paper.image)
    found = reading.opened(sha256=sha, subject=f"paper:{pk}", by=request.user)
    if frame is None or not found.ours:  # its place is not known: the whole picture
        return answers.sent(found, sha[:16])
    piece = drawing.cut(found.path, extracts.box_of(frame), rows=1, marked=True)
    response = HttpResponse(piece, content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
