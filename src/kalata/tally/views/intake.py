"""Reception and scanning: a paper arrives, its images follow."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kalata.country.models import Contest
from kalata.refusals import Refused
from kalata.tally.access import loose_scan_for, paper_for, papers_of, scan_batches_of
from kalata.tally.desk_forms import DiscardForm, RestoreForm, TurnForm, UndoReceptionForm
from kalata.tally.forms import FilesForm, PictureForm, ReceiveForm, SettleForm
from kalata.tally.models import Paper
from kalata.tally.queries import papers as paper_queries
from kalata.tally.rules.lifecycle import State
from kalata.tally.rules.stops import Lacks
from kalata.tally.services import junk, scanning
from kalata.tally.services import reports as tally
from kalata.tally.tasks import read_scans
from kalata.tally.views.common import base, contest_of, language, reach, who
from kalata.ui import edge


@login_required
def reception(request: HttpRequest, code: str) -> HttpResponse:
    """Scan or type the code of a form: one field, Enter, the next. A refusal is said beside the field."""
    contest = contest_of(request, code, "results.receive")
    refused: Refused | None = None
    text, reason = "", ""
    if request.method == "POST":
        try:
            if edge.button(request, "", "undo") == "undo":
                undone = edge.posted(request, UndoReceptionForm)
                pk = paper_for(who(request), contest, undone.paper, {"results.receive"}).pk
                paper = tally.undo_reception(paper_id=pk, by=who(request))
                says = _t("Réception annulée : le bureau %(code)s est de nouveau attendu.")
            else:
                sent = edge.posted(request, ReceiveForm)
                text, reason = sent.code, sent.reason
                paper = tally.receive(contest=contest, station=text, by=who(request), reason=reason)
                says = _t("Reçu : bureau %(code)s, %(name)s.")
        except Refused as problem:
            refused = problem
        else:
            messages.success(request, says % {"code": paper.station.code, "name": named_place(paper)})
            return redirect("tally:reception", code)
    return render(
        request,
        "tally/reception.html",
        {
            **base(request, contest, _t("Réception")),
            **received(request, contest),
            "refused": refused,
            "says": refused.message.text(language()) if refused else "",
            "how": refused.how.text(language()) if refused else "",
            "text": text if refused else "",
            "reason": reason if refused else "",
            "at_reason": isinstance(refused, Lacks),
        },
        status=refused.status if refused else 200,
    )


def named_place(paper: Paper) -> str:
    station = paper.station
    return (
        station.centre
        or (station.name if station.name != station.code else "")
        or (station.unit.name if station.unit else "–")
    )


def received(request: HttpRequest, contest: Contest) -> dict[str, Any]:
    """What the desk has before it: its last receptions, those it may undo, the incidents, what waits for its images."""
    here = papers_of(who(request), contest, {"results.receive"}).select_related("station")
    return {
        "last": paper_queries.receptions(contest, who(request)),
        "progress": paper_queries.progress(contest, reach(request, contest, "results.receive")),
        "incidents": here.filter(state=State.INCIDENT).order_by("since")[:20],
        "unscanned": here.filter(state=State.RECEIVED).order_by("since", "pk")[:12],
    }


@login_required
def scanning_desk(request: HttpRequest, code: str) -> HttpResponse:
    """Give files of images; see what became of each page; say by hand what a waiting page shows, or what it is not."""
    contest = contest_of(request, code, "results.scan")
    refused: Refused | None = None
    at, text = 0, ""
    if request.method == "POST":
        act = edge.button(request, "", "discard", "restore", "turn")
        if act or edge.sent(request, "scan"):
            sent = edge.posted(request, PAGE_FORMS[act])
            loose = loose_scan_for(who(request), contest, sent.scan)
            at, text = loose.pk, str(getattr(sent, "code", "") or getattr(sent, "reason", ""))
            try:
                messages.success(request, settled(act, loose.pk, sent, who(request)))
                return redirect("tally:scanning", code)
            except Refused as problem:
                refused = problem
        else:
            take_files(request, contest)
            return redirect("tally:scanning", code)
    mine = reach(request, contest, "results.scan")
    batches = scan_batches_of(who(request), contest).select_related("by")
    unscanned = papers_of(who(request), contest, {"results.scan"}).filter(state=State.RECEIVED)
    return render(
        request,
        "tally/scanning.html",
        {
            **base(request, contest, _t("Numérisation")),
            "page": edge.paged(request, batches, 20),
            "waiting": scanning.waiting(contest, mine),
            "discarded": junk.discarded(contest, mine)[:12],
            "outcomes": scanning.OUTCOMES,
            "counted": scanning.COUNTED,
            "progress": paper_queries.progress(contest, mine),
            "unscanned": unscanned.select_related("station").order_by("since", "pk")[:12],
            "reasons": junk.REASONS,
            "refused": refused,
            "says": f"{refused.message.text(language())} {refused.how.text(language())}" if refused else "",
            "at": at,
            "text": text,
        },
        status=refused.status if refused else 200,
    )


PAGE_FORMS: dict[str, type[edge.Edge]] = {
    "": SettleForm, "discard": DiscardForm, "restore": RestoreForm, "turn": TurnForm,
}  # fmt: skip


def take_files(request: HttpRequest, contest: Contest) -> None:
    for upload in edge.posted(request, FilesForm).files:
        batch = scanning.give(contest=contest, name=upload.name or "image", content=upload.read(), by=who(request))
        if batch.state == "waiting":
            read_scans.enqueue(batch.pk)
        messages.success(request, ngettext(
            "%(name)s : %(n)d page reçue.", "%(name)s : %(n)d pages reçues.", batch.count
        ) % {"name": batch.name, "n": batch.count})  # fmt: skip


def settled(act: str, scan: int, sent: Any, by: Any) -> str:
    """Do what was asked of a waiting page; what became of it, in a sentence."""
    if act == "discard":
        junk.discard(scan_id=scan, reason=sent.reason, by=by)
        return _t("Page écartée ; elle reste gardée et peut être reprise.")
    if act == "restore":
        junk.restore(scan_id=scan, by=by)
        return _t("Page reprise : elle attend de nouveau son procès-verbal.")
    if act == "turn":
        found = junk.turn(scan_id=scan, degrees=sent.degrees, by=by)
        if found is None:
            return _t("Page tournée ; son carré n’est toujours pas lu : rattachez-la à la main.")
        return _t("Page tournée et lue : rattachée au bureau %(code)s.") % {"code": found.station.code}
    paper = scanning.by_hand(scan_id=scan, code=sent.code, by=by)
    return _t("Page rattachée au bureau %(code)s.") % {"code": paper.station.code}


@login_required
@require_POST
def read_code(request: HttpRequest, code: str) -> JsonResponse:
    """The text of the form's QR in a picture taken by a camera; "" where none is seen."""
    contest_of(request, code, "results.receive")
    try:
        upload = edge.posted(request, PictureForm).picture
        page = next(iter(scanning.pages_in(upload.read(), str(upload.name)[:80])))
    except Refused as problem:
        return JsonResponse({"code": "", "says": problem.message.text(language())}, status=problem.status)
    return JsonResponse({"code": page.code})
