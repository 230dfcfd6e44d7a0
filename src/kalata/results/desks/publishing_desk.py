"""Batches and recalls, for those who publish; copies of agents, for those who give and those who answer."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t

from kalata import plain
from kalata.country.models import Contest
from kalata.results import announcing, copies, images, publishing
from kalata.results.access import contest_for, copies_of, public_copies
from kalata.results.desks.common import Lines, base, contest_of, reach, who
from kalata.results.models import Batch, Copy
from kalata.results.rules.rights import COPIES


@login_required
def batches(request: HttpRequest, code: str) -> HttpResponse:
    """Batches published so far, what waits, and the request for the next one."""
    rights = ("results.publish", "results.read", "results.recall")
    contest = contest_of(request, code, *rights)
    if request.method == "POST" and "stage" in request.POST:
        upload = request.FILES.get("document")
        announcing.ask_declaration(
            contest=contest, stage=request.POST["stage"], content=upload.read(images.LARGEST + 1) if upload else b"",
            act=request.POST.get("act", ""), by=who(request),
        )  # fmt: skip
        messages.success(request, _t("Demande envoyée : une autre personne doit l’approuver."))
        return redirect("results:batches", code)
    if request.method == "POST":
        publishing.ask_batch(
            contest=contest,
            document=request.POST.get("document", ""),
            note=request.POST.get("note", ""),
            by=who(request),
        )
        messages.success(request, _t("Demande envoyée : une autre personne doit l’approuver."))
        return redirect("results:batches", code)
    rows = Batch.objects.filter(contest=contest).select_related("asked_by", "approved_by")
    return render(
        request,
        "results/batches.html",
        {
            **base(request, contest, _t("Lots publiés")),
            "page": Paginator(rows, 50).get_page(request.GET.get("page")),
            "ready": publishing.count_ready(contest, reach(request, contest, *rights), who(request)),
            "recalls": contest.recalls.select_related("station")[:50],
            "may_ask": "results.publish" in base(request, contest)["held"],
        },
    )


def public_batches(request: HttpRequest, code: str) -> HttpResponse:
    """For everybody: the batches with their digest, and every notice of recall."""
    contest = contest_for(request.user, code)
    return render(
        request,
        "results/public_batches.html",
        {
            "section": "results",
            "contest": contest,
            "exercise": contest.election.exercise,
            "page": Paginator(contest.batches.all(), 50).get_page(request.GET.get("page")),
            "recalls": contest.recalls.select_related("station"),
            "copies": copies.counts(public_copies(contest)),
            "answers": copies.ANSWERS,
            "status": copies.STATUS,
            "crumbs": [(f"/resultats/{code}/", contest.name_fr), ("", _t("Lots et rappels"))],
        },
    )


def batch_csv(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The lines of a batch exactly as digested: code, version, figures in paper order."""
    contest = contest_for(request.user, code)
    batch = Batch.objects.filter(contest=contest, number=number).first()
    if batch is None:
        raise Http404(str(number))
    from kalata.results.store import unpacked

    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["station", "version", *contest.boxes, *(o.code for o in contest.options.all())])
    for line in batch.lines.select_related("station").order_by("station__code"):
        values = ["" if v < 0 else v for v in unpacked(line.sheet)]
        writer.writerow([line.station.code, line.version, *values])
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{contest.code}-lot-{number}.csv"'
    return response


@login_required
def copies_desk(request: HttpRequest, code: str) -> HttpResponse:
    """An agent gives a copy, or a table of them; a reviewer answers those that differ."""
    contest = contest_of(request, code, "results.copy", "results.review", "results.commission", "results.read")
    context = base(request, contest, _t("Copies des délégués"))
    lines = Lines(contest)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        if request.POST.get("act") == "answer":
            named = int(request.POST["copy"]) if request.POST.get("copy", "").isdigit() else 0
            copies.answer(
                copy_id=copies_of(who(request), contest).get(pk=named).pk,
                what=request.POST.get("what", ""), note=request.POST.get("note", ""), by=who(request),
            )  # fmt: skip
            messages.success(request, _t("Réponse enregistrée."))
            return redirect("results:copies", code)
        if request.POST.get("act") == "import":
            n = copies.import_copies(
                contest=contest, rows=table_of(request), source=request.POST.get("source", ""), by=who(request),
                lines=list(lines.label),
            )  # fmt: skip
            messages.success(request, _t("%(n)d copies enregistrées.") % {"n": n})
            return redirect("results:copies", code)
        wrong = given(request, contest, lines)
        if not wrong:
            return redirect("results:copies", code)
    review = bool(context["held"].intersection(COPIES))
    here = reach(request, contest, *COPIES)
    mine = Copy.objects.filter(contest=contest, by=who(request)).select_related("station").order_by("-pk")
    return render(
        request,
        "results/copies.html",
        {
            **context,
            "review": review,
            "may_answer": "results.review" in context["held"],
            "page": Paginator(copies.queue(contest, here), 30).get_page(request.GET.get("page")) if review else None,
            "mine": mine[:50],
            "told": set(public_copies(contest).filter(pk__in=[c.pk for c in mine[:50]]).values_list("pk", flat=True)),
            "counts": copies.counts(copies_of(who(request), contest)) if review else None,
            "status": copies.STATUS,
            "answers": copies.ANSWERS,
            "label": {**lines.label, "stations": _t("bureaux")},
            "groups": [
                (n, [(lines.number[k], k, label, request.POST.get(k, ""), wrong.get(k, "")) for k, label, _e in rows])
                for n, rows in lines.groups[:2]
            ],
            "wrong": [(k, lines.label.get(k, k), v) for k, v in wrong.items()],
            "posted": request.POST,
        },
        status=422 if wrong else 200,
    )


def given(request: HttpRequest, contest: Contest, lines: Lines) -> dict[str, str]:
    """Keep one copy; returns the lines that cannot be read."""
    copies.own_stations(contest, who(request))
    sheet, wrong = lines.read(request.POST)
    if sheet is None:
        return wrong
    copy = copies.hand_in(
        contest=contest, station=request.POST.get("station", ""), source=request.POST.get("source", ""), sheet=sheet,
        image=images.received(request.FILES.get("image")), legible="illegible" not in request.POST, by=who(request),
    )  # fmt: skip
    messages.success(request, _t("Copie du bureau %(code)s enregistrée.") % {"code": copy.station.code})
    return {}


def table_of(request: HttpRequest) -> list[dict[str, Any]]:
    upload = request.FILES.get("file")
    if upload is None or (upload.size or 0) > images.LARGEST:
        raise copies.BadCopy(row=0, field="file", why=_t("aucun fichier, ou trop lourd"))
    return plain.rows_of(upload.read(), file=str(upload.name)[:80], most=images.LARGEST, needed=("station",))
