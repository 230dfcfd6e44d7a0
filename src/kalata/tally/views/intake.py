"""Reception and scanning: a paper arrives, its images follow."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST

from kalata.refusals import Refused
from kalata.tally.access import loose_scan_for, papers_of, scan_batches_of
from kalata.tally.forms import FilesForm, PictureForm, ReceiveForm, SettleForm
from kalata.tally.models import Passage
from kalata.tally.queries import papers as paper_queries
from kalata.tally.rules.lifecycle import State
from kalata.tally.services import reports as tally
from kalata.tally.services import scanning
from kalata.tally.tasks import read_scans
from kalata.tally.views.common import base, contest_of, language, reach, who
from kalata.ui import edge


@login_required
def reception(request: HttpRequest, code: str) -> HttpResponse:
    """Scan or type the code of a form: one field, Enter, the next. A refusal is said beside the field."""
    contest = contest_of(request, code, "results.receive")
    refused: Refused | None = None
    text = ""
    if request.method == "POST":
        try:
            sent = edge.posted(request, ReceiveForm)
            text = sent.code
            paper = tally.receive(contest=contest, station=text, by=who(request), reason=sent.reason)
        except Refused as problem:
            refused = problem
        else:
            messages.success(request, _t("Reçu : bureau %(code)s.") % {"code": paper.station.code})
            return redirect("tally:reception", code)
    last = (
        Passage.objects.filter(paper__contest=contest, to=State.RECEIVED, by=who(request))
        .select_related("paper__station")
        .order_by("-pk")[:12]
    )
    return render(
        request,
        "tally/reception.html",
        {
            **base(request, contest, _t("Réception")),
            "last": last,
            "progress": paper_queries.progress(contest, reach(request, contest, "results.receive")),
            "refused": refused,
            "says": refused.message.text(language()) if refused else "",
            "how": refused.how.text(language()) if refused else "",
            "text": text if refused else "",
            "incidents": papers_of(who(request), contest, {"results.receive"})
            .filter(state=State.INCIDENT)
            .select_related("station")
            .order_by("since")[:20],
        },
        status=refused.status if refused else 200,
    )


@login_required
def scanning_desk(request: HttpRequest, code: str) -> HttpResponse:
    """Give files of images; see what became of each page; say by hand what a waiting page shows."""
    contest = contest_of(request, code, "results.scan")
    if request.method == "POST":
        if edge.sent(request, "scan"):
            sent = edge.posted(request, SettleForm)
            loose = loose_scan_for(who(request), contest, sent.scan)
            paper = scanning.by_hand(scan_id=loose.pk, code=sent.code, by=who(request))
            messages.success(request, _t("Page rattachée au bureau %(code)s.") % {"code": paper.station.code})
        else:
            for upload in edge.posted(request, FilesForm).files:
                batch = scanning.give(
                    contest=contest, name=upload.name or "image", content=upload.read(), by=who(request)
                )
                if batch.state == "waiting":
                    read_scans.enqueue(batch.pk)
        return redirect("tally:scanning", code)
    mine = reach(request, contest, "results.scan")
    batches = scan_batches_of(who(request), contest).select_related("by")
    return render(
        request,
        "tally/scanning.html",
        {
            **base(request, contest, _t("Numérisation")),
            "page": edge.paged(request, batches, 20),
            "waiting": scanning.waiting(contest, mine),
            "outcomes": scanning.OUTCOMES,
            "progress": paper_queries.progress(contest, mine),
        },
    )


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
