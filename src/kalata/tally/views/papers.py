"""All papers, one paper with its whole history, and what a person may do with it now; the review queue."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t

from kalata.country.models import Contest
from kalata.evidence import answers, reading
from kalata.people.services import require
from kalata.results import images
from kalata.results.access import rights_at
from kalata.results.queries.store import sheet_of
from kalata.results.rules.boxes import Sheet
from kalata.results.rules.checks import BY_CODE
from kalata.results.rules.rights import FIGURES
from kalata.results.rules.sheets import lines_of
from kalata.results.territory import path_of
from kalata.tally import listings
from kalata.tally.access import loose_scan_for, original_for, papers_of, shows_original
from kalata.tally.forms import ActForm
from kalata.tally.models import Paper
from kalata.tally.queries import before, sheet_findings
from kalata.tally.queries import papers as paper_queries
from kalata.tally.rules.hands import Part, clash
from kalata.tally.rules.lifecycle import (
    NEED_LABELS,
    PUBLIC,
    STATE_LABELS,
    STEP_PARTS,
    STEPS,
    Need,
    State,
    Step,
    Way,
    way_of,
)
from kalata.tally.rules.rights import PAPERS, SCREENS
from kalata.tally.services import copies, hands, passing, quorum, scanning
from kalata.tally.services import reports as tally
from kalata.tally.views.common import Lines, base, contest_of, language, who
from kalata.text import translate
from kalata.ui import edge

SHOWN = {
    Way.ONE: "simple", Way.SITTING: "sitting", Way.VALIDATE: "sitting", Way.VISA: "visa", Way.SCAN: "scan",
    Way.SECOND: "second",
}  # fmt: skip
BY_DESK = frozenset({"results.enter", "results.arbitrate"})


@login_required
def papers(request: HttpRequest, code: str) -> HttpResponseBase:
    """Every paper in reach: search by station, by state, by finding; sorted, paged."""
    contest = contest_of(request, code, *PAPERS)
    seen = papers_of(who(request), contest, PAPERS)
    found = listings.PAPERS.read(
        request,
        lambda asked: paper_queries.narrowed(seen, contest, asked, timezone.now()),
        notes=listings.notes(contest),
    )
    if found.form:
        return found.file()
    return render(request, "tally/papers.html", {**base(request, contest, _t("Procès-verbaux")), "list": found})


@login_required
def paper(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The whole history of a paper, and what this person may do with it now."""
    contest = contest_of(request, code, *PAPERS)
    found = papers_of(who(request), contest, PAPERS).select_related("station__unit__parent__parent")
    one = found.select_related("contest__election__pack").defer(*tally.HEAVY).get(pk=pk)
    if request.method == "POST":
        act_on(request, one)
        return redirect("tally:paper", code, pk)
    state, lines = State(one.state), Lines(contest)
    known = tally.record_of(one)
    here = rights_at(request.user, SCREENS, path_of(one.station.unit), contest.pk)
    mine = {**base(request, contest, one.station.code), "held": here}
    figured = bool(FIGURES & here)
    if figured:
        hands.read(one, who(request), timezone.now())
    return render(
        request,
        "tally/paper.html",
        {
            **mine,
            "paper": one,
            "state_label": STATE_LABELS[state],
            "passages": passages(one, figured),
            "intact": paper_queries.intact(one),
            "image_intact": scanning.intact(one) if one.image else None,
            "figures": figures(lines, known, state) if figured else [],
            "crops": [p.document for p in one.passages.filter(to=State.SECOND_VISA) if images.path(p.document)],
            "free": [(lines.label[line], shown_value(known.final, line)) for line in one.free] if figured else [],
            "findings": findings_of(one, known.final if figured else None),
            "acts": (acts := acts_for(one, here, who(request))),
            "before": before.of_steps(one, [State(to) for to, *_rest in acts], known.final if figured else None, language()),
            "pending": passing.pending(one) if figured else [],
            "sittings": quorum.open_for(one) if "results.commission" in here else [],
            "versions": versions(one, lines) if figured else [],
            "replacements": one.replacements.select_related("by"),
            "bags": one.bag_items.select_related("bag"),
            "copies": one.station.copies.order_by("pk") if {"results.review", "results.commission"} & here else [],
            "pages": scanning.pages_of(one) if shows_original(request.user, one) else [],
            "reasons": tally.INCIDENTS,
            "copy_status": copies.STATUS,
            "replaceable": one.state in (State.EXPECTED, State.MISSING, State.NO_VOTE, State.INCIDENT),
        },
    )


WORDLESS = frozenset({"results.receive", "results.scan"})
"""Desks that see no figure: their words hold none."""


def passages(one: Paper, figured: bool) -> list[tuple[Any, bool]]:
    """Every passage, and whether its words are shown: a reason may tell figures to who may not see any."""
    open_ = figured or State(one.state) in PUBLIC
    rows = one.passages.select_related("by", "other", "sitting")
    return [(p, open_ or p.right in WORDLESS) for p in rows]


def shown_value(sheet: Sheet | None, line: str) -> int | None:
    return lines_of(sheet).get(line) if sheet else None


OPEN_ENTRY = frozenset({State.FIRST_ENTRY, State.FIRST_ENTERED, State.SECOND_ENTRY, State.DIFFERENT, State.ARBITRATION})
"""States in which no figure is shown to anybody: a blind entry is still to come."""


def figures(lines: Lines, known: Any, state: State) -> list[tuple[int, str, int | None]]:
    if known.final is None or state in OPEN_ENTRY:
        return []
    values = lines_of(known.final)
    return [(lines.number[k], label, values.get(k)) for k, label, _e in lines.all]


def findings_of(one: Paper, sheet: Sheet | None) -> list[tuple[str, Any, list[str]]]:
    """(code, check, sentences with their figures) of what is open on a paper; sheet: None, no figure in any sentence."""
    said: dict[str, list[str]] = {}
    for found in sheet_findings.findings_on(one, sheet) if sheet else ():
        said.setdefault(found.code, []).append(found.message.text(language()))
    return [(c, BY_CODE.get(c), said.get(c, [])) for c in [*one.errors, *one.warnings]]


def versions(one: Paper, lines: Lines) -> list[tuple[Any, list[int | None]]]:
    """Every version that has counted, or ceased to, oldest first, line by line."""
    boxes = tally.boxes_of(one.contest)
    rows = one.station.reports.order_by("version")
    out = []
    for row in rows:
        values = lines_of(sheet_of(row.sheet, boxes))
        out.append((row, [values.get(k) for k, _label, _e in lines.all]))
    return out


def acts_for(one: Paper, mine: set[str], by: Any) -> list[tuple[str, str, list[str], str]]:
    """(state, its name, what must come with it, kind of form) of the steps that this person may take."""
    found, past = [], hands.past_of(one)
    for step in STEPS:
        kind = kind_of(step, bool(one.errors))
        part = STEP_PARTS.get((step.start, step.to))
        if step.start == one.state and step.right in mine and kind and not (part and clash(past, by.pk, part)):
            needs = [NEED_LABELS[n] for n in Need if n in step.needs]
            found.append((step.to.value, STATE_LABELS[step.to], needs, kind))
    return found


def kind_of(step: Step, errors: bool) -> str:
    """How the page shows a step that it offers; "" where a desk, the batch or the house does it."""
    way = way_of(step.start, step.to, errors)
    return "" if way is None or step.right in BY_DESK else SHOWN.get(way, "")


def act_on(request: HttpRequest, one: Paper) -> None:
    """Carry out what the page offered, on the paper that it showed: how a step is taken is not the page's to say."""
    sent = edge.posted(request, ActForm)
    to, by = State(sent.to), who(request)
    if rule := tally.TABLE.get((State(one.state), to)):  # before anything is kept
        require(by, rule.right, place=path_of(one.station.unit), contest=one.contest_id)
    sha = ""
    if way_of(State(one.state), to) is Way.SCAN:
        sha = images.received(sent.image, by=by)
        if not sha:
            raise images.BadImage(why=_t("aucun fichier"))
    way = tally.take_step(
        paper_id=one.pk, to=to, by=by, seen=sent.seen, reason=sent.reason, document=sent.document, image=sha,
        sitting_id=sent.sitting,
    )  # fmt: skip
    if way is Way.SECOND:
        messages.success(request, _t("Demande envoyée : une autre personne doit l’approuver."))
        return
    one.refresh_from_db()
    messages.success(request, f"{one.station.code} : {translate(STATE_LABELS[State(one.state)], language())}")


@login_required
def visas(request: HttpRequest, code: str) -> HttpResponse:
    """Values that nobody typed, waiting for a fourth person: each with its line, its value and its extract."""
    contest = contest_of(request, code, "results.visa")
    waiting = papers_of(who(request), contest, {"results.visa"}).filter(state=State.SECOND_VISA)
    waiting = hands.free_for(waiting, contest, who(request), Part.VISA)
    page = edge.paged(request, waiting.select_related("station__unit").order_by("since", "pk"), 20)
    lines, here = Lines(contest), list(page.object_list)
    values = paper_queries.settled(here, tally.boxes_of(contest))
    why = paper_queries.last_passages(here, State.SECOND_VISA)
    return render(
        request,
        "tally/visas.html",
        {
            **base(request, contest, _t("Double visa")),
            "page": page,
            "rows": [
                (
                    p,
                    [(lines.number[k], lines.label[k], values.get(p.pk, {}).get(k)) for k in p.free],
                    why[p.pk].document if p.pk in why and images.path(why[p.pk].document) else "",
                    why[p.pk].reason if p.pk in why else "",
                )
                for p in here
            ],
        },
    )


@login_required
def image(request: HttpRequest, code: str, pk: int, sha: str) -> FileResponse:
    """One image of a paper, for those who have it in reach or in hand."""
    contest = contest_of(request, code, *PAPERS)
    sha = original_for(request.user, contest, pk, sha)
    return answers.sent(reading.opened(sha256=sha, subject=f"paper:{pk}", by=request.user), sha[:16])


@login_required
def loose_image(request: HttpRequest, code: str, pk: int) -> FileResponse:
    """A page that no paper has yet, for the scanning desk."""
    contest: Contest = contest_of(request, code, "results.scan")
    sha = loose_scan_for(request.user, contest, pk).sha256
    return answers.sent(reading.opened(sha256=sha, subject=f"scan:{pk}", by=request.user), sha[:16])
