"""The review desk: by finding, one paper after the other, its original at the boxes concerned, reasons used again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _t

from kalata.country.models import Contest
from kalata.refusals import Refused
from kalata.results.access import as_seen_by
from kalata.results.queries import board as boards
from kalata.results.rules.checks import BY_CODE, Level
from kalata.tally.access import papers_of
from kalata.tally.desk_forms import AnswerFindingForm, BulkFindingForm, Findings
from kalata.tally.models import Paper
from kalata.tally.queries import findings as finding_queries
from kalata.tally.queries import papers as paper_queries
from kalata.tally.queries import placing
from kalata.tally.rules.hands import Part
from kalata.tally.rules.lifecycle import State, Way
from kalata.tally.rules.rights import REVIEWS
from kalata.tally.services import hands, passing, scanning
from kalata.tally.services import reports as tally
from kalata.tally.views.common import Lines, base, contest_of, language, who
from kalata.tally.views.papers import findings_of
from kalata.text import told
from kalata.ui import edge

OVER_ALL = ("W02", "W03", "W05", "W07", "W08")
"""Checks that compare stations with each other: they need the others, so they are read on what counts."""


def over_all(contest: Contest) -> list[tuple[str, Any, int]]:
    """(code, check, stations) of the comparisons between stations, on the reports that count for these eyes."""
    if not contest.revision:
        return []
    flags = boards.board(contest).flags
    return [(c, BY_CODE[c], int(flags[c].sum())) for c in OVER_ALL if c in flags and flags[c].any()]


def queue(request: HttpRequest, contest: Contest) -> QuerySet[Paper]:
    waiting = papers_of(who(request), contest, REVIEWS).filter(state=State.UNDER_REVIEW)
    return hands.free_for(waiting, contest, who(request), Part.REVIEW)


def in_turn(waiting: QuerySet[Paper]) -> list[tuple[int, frozenset[str], str]]:
    """(paper, codes of its findings, the warning it bears alone or "") of a queue, the oldest first."""
    rows = waiting.order_by("since", "pk").values_list("pk", "errors", "warnings")
    return [(pk, frozenset([*e, *w]), w[0] if not e and len(w) == 1 else "") for pk, e, w in rows]


def papers_in(waiting: QuerySet[Paper], pks: Sequence[int]) -> list[Paper]:
    """These papers of the queue, in this order."""
    known = waiting.select_related("station__unit").in_bulk(list(pks))
    return [known[pk] for pk in pks if pk in known]


def error(code: str) -> bool:
    return code not in BY_CODE or BY_CODE[code].level is Level.ERROR


@login_required
def review(request: HttpRequest, code: str) -> HttpResponse:
    """The review queue by finding, and one of its papers with what it takes to answer: then the next one."""
    contest = contest_of(request, code, *REVIEWS)
    if request.method == "POST":
        return answered(request, contest)
    asked = edge.asked(request, Findings)
    return page(request, contest, asked.constat, asked.pv)


def page(
    request: HttpRequest,
    contest: Contest,
    chosen: str,
    at: int | None,
    refused: Refused | None = None,
    reason: str = "",
) -> HttpResponse:
    waiting = queue(request, contest)
    rows = in_turn(waiting)
    counts: Counter[str] = Counter(code for _pk, codes, _one in rows for code in codes)
    found = [pk for pk, codes, _one in rows if not chosen or chosen in codes]
    shown = edge.paged(request, found, 50)
    shown.object_list = papers_in(waiting, list(shown.object_list))
    alone = [pk for pk, _codes, one in rows if chosen and one == chosen][:AT_ONCE]
    return render(
        request,
        "tally/review.html",
        {
            **base(request, contest, _t("Contrôle")),
            "counts": [
                (c, n, BY_CODE.get(c), error(c))
                for c, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
            ],
            "chosen": chosen,
            "over_all": over_all(as_seen_by(request.user, contest)),
            "page": shown,
            "together": papers_in(waiting, alone),
            "reasons": finding_queries.reasons(contest, chosen),
            "refused": refused,
            "says": f"{refused.message.text(language())} {refused.how.text(language())}" if refused else "",
            "reason": reason,
            **opened(request, contest, found, at),
        },
        status=refused.status if refused else 200,
    )


AT_ONCE = 100
"""Papers answered together at most: a list that a person can still read."""


def opened(request: HttpRequest, contest: Contest, found: list[int], at: int | None) -> dict[str, Any]:
    """One paper of the queue: its findings in words, its figures, its original with the boxes concerned framed."""
    place = found.index(at) if at in found else None
    if place is None or at is None:
        return {"one": None}
    paper = tally.locked_free(at)
    hands.read(paper, who(request), timezone.now())
    lines, pages = Lines(contest), scanning.pages_of(paper)
    known = tally.record_of(paper)
    concerned = finding_queries.lines_of_codes([*paper.errors, *paper.warnings], lines.all)
    frames = placing.frames(paper, pages, {k: lines.number[k] for k in concerned})
    values = paper_queries.settled([paper], tally.boxes_of(contest)).get(paper.pk, {})
    return {
        "one": paper,
        "place": place + 1,
        "of": len(found),
        "before": found[place - 1] if place else None,
        "after": found[place + 1] if place + 1 < len(found) else None,
        "findings": findings_of(paper, known.final),
        "figures": [(lines.number[k], label, values.get(k), k in concerned) for k, label, _e in lines.all],
        "scans": [(sha, [f[1:] for f in frames.values() if f[0] == i]) for i, sha in enumerate(pages)],
        "pending": passing.pending(paper),
        "two": bool(paper.errors),
    }


def answered(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Answer one paper, or several whose only finding is one warning; then the next of the same finding."""
    if edge.button(request, "", "together") == "together":
        return together(request, contest)
    sent = edge.posted(request, AnswerFindingForm)
    one = papers_of(who(request), contest, REVIEWS).select_related("station").get(pk=sent.paper)
    rows = in_turn(queue(request, contest))
    found = [pk for pk, codes, _one in rows if not sent.constat or sent.constat in codes]
    after = next(iter(found[found.index(one.pk) + 1 :]), None) if one.pk in found else None
    try:
        way = tally.take_step(
            paper_id=one.pk,
            to=State(sent.to),
            by=who(request),
            seen=sent.seen,
            reason=sent.reason,
            document=sent.document,
        )
    except Refused as refused:
        if refused.status == 403:
            raise
        return page(request, contest, sent.constat, one.pk, refused, sent.reason)
    if way is Way.SECOND:
        says = _t("%(code)s : demande envoyée, une autre personne doit l’approuver.")
    elif sent.to == State.CHECKED:
        says = _t("%(code)s : constats répondus, la commission peut valider.")
    else:
        says = _t("%(code)s : renvoyé à deux nouvelles saisies.")
    messages.success(request, says % {"code": one.station.code})
    address = reverse("tally:review", args=[contest.code])
    return redirect(f"{address}?constat={sent.constat}" + (f"&pv={after}" if after else ""))


def together(request: HttpRequest, contest: Contest) -> HttpResponse:
    """One reason for papers that bear one and the same warning: each passes by itself, in its own chain."""
    sent = edge.posted(request, BulkFindingForm)
    done = passing.answer_together(papers=dict(sent.paper), finding=sent.constat, reason=sent.reason, by=who(request))
    messages.success(
        request,
        ngettext("%(n)d procès-verbal répondu.", "%(n)d procès-verbaux répondus.", done) % {"n": done},
    )
    if left := len(sent.paper) - done:
        messages.warning(request, told(_t("%(n)d {n:laissé : changé depuis, ou déjà tenu|laissés : changés depuis, ou déjà tenus} par vous."), get_language(), {"n": left}))
    return redirect(f"{reverse('tally:review', args=[contest.code])}?constat={sent.constat}")
