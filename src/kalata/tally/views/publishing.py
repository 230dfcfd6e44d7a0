"""Batches and recalls, for those who publish; copies of agents, for those who give and those who answer."""

from __future__ import annotations

import csv
import io

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata import plain
from kalata.country.models import Contest
from kalata.inert import safe
from kalata.results import images
from kalata.results import shown as marks
from kalata.results.access import contest_for
from kalata.results.models import Batch
from kalata.results.queries import published
from kalata.results.queries.store import unpacked
from kalata.results.services import announcing
from kalata.tally.access import copies_of, public_copies
from kalata.tally.forms import AnswerForm, BatchForm, CopiesForm, CopyForm, DeclarationForm
from kalata.tally.queries.kept import batches_of, copies_given_by
from kalata.tally.queries.pictures import effect_of_batch
from kalata.tally.rules.rights import COPIES
from kalata.tally.services import batches as publishing
from kalata.tally.services import copies
from kalata.tally.views.common import Lines, base, contest_of, reach, who
from kalata.text import told
from kalata.ui import edge, kept


@login_required
def batches(request: HttpRequest, code: str) -> HttpResponse:
    """Batches published so far, what waits, and the request for the next one."""
    rights = ("results.publish", "results.read", "results.recall")
    contest = contest_of(request, code, *rights)
    if request.method == "POST" and edge.sent(request, "stage"):
        sent = edge.posted(request, DeclarationForm)
        content = sent.document.read() if sent.document else b""
        announcing.ask_declaration(
            contest=contest,
            stage=sent.stage,
            content=content,
            act=sent.act,
            by=who(request),
            seen=sent.seen,
            name=str(sent.document.name) if sent.document else "",
        )
        messages.success(request, _t("Demande envoyée : une autre personne doit l’approuver."))
        return redirect("tally:batches", code)
    if request.method == "POST":
        sent = edge.posted(request, BatchForm)
        publishing.ask_batch(contest=contest, document=sent.document, note=sent.note, by=who(request), seen=sent.seen)
        messages.success(request, _t("Demande envoyée : une autre personne doit l’approuver."))
        return redirect("tally:batches", code)
    rows = batches_of(contest)
    may_ask = "results.publish" in base(request, contest)["held"]
    next_batch = publishing.ready(contest, None, who(request)) if may_ask else []
    return render(
        request,
        "tally/batches.html",
        {
            **base(request, contest, _t("Lots publiés")),
            "page": edge.paged(request, rows, 50),
            "ready": publishing.count_ready(contest, reach(request, contest, *rights), who(request)),
            "recalls": published.notices(contest, most=50),
            "may_ask": may_ask,
            "seen": publishing.page_mark(contest, next_batch) if may_ask else "",
            "effect": effect_of_batch(contest, next_batch)
            if next_batch and reach(request, contest, "results.publish").whole
            else None,
            "places": publishing.places(next_batch),
            "asked": publishing.pending(contest) if may_ask else [],
            "seen_public": marks.of_contest(contest),
        },
    )


def public_batches(request: HttpRequest, code: str) -> HttpResponse:
    """For everybody: the batches with their digest, and every notice of recall."""
    contest = contest_for(request.user, code)
    return render(
        request,
        "tally/public_batches.html",
        {
            "section": "results",
            "contest": contest,
            "exercise": contest.election.exercise,
            "page": edge.paged(request, contest.batches.all(), 50),
            "recalls": published.notices(contest),
            "copies": copies.counts(public_copies(contest)),
            "answers": copies.ANSWERS,
            "status": copies.STATUS,
            "crumbs": [(reverse("results:contest", args=[code]), contest.name_fr), ("", _t("Lots et rappels"))],
        },
    )


def batch_csv(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The lines of a batch exactly as digested: code, version, figures in paper order."""
    contest = contest_for(request.user, code)
    batch = batches_of(contest).filter(number=number).first()
    if batch is None:
        raise Http404(str(number))
    what = kept.Made(
        "lot.csv", (contest.code, number), (batch.digest, contest.boxes, [o.code for o in contest.options.all()])
    )
    name = f"{contest.code}-lot-{number}.csv"
    return kept.served(
        request, what, lambda out: out.write(lines_csv(batch).encode()), kind="text/csv; charset=utf-8", filename=name
    )


def lines_csv(batch: Batch) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["station", "version", *batch.contest.boxes, *(safe(o.code) for o in batch.contest.options.all())])
    for line in batch.lines.select_related("station").order_by("station__code"):
        values = ["" if v < 0 else v for v in unpacked(line.sheet)]
        writer.writerow([safe(line.station.code), line.version, *values])
    return out.getvalue()


@login_required
def copies_desk(request: HttpRequest, code: str) -> HttpResponse:
    """An agent gives a copy, or a table of them; a reviewer answers those that differ."""
    contest = contest_of(request, code, "results.copy", "results.review", "results.commission", "results.read")
    context = base(request, contest, _t("Copies des délégués"))
    lines = Lines(contest)
    wrong: dict[str, str] = {}
    posted: dict[str, str] = {}
    if request.method == "POST":
        form = edge.acted(request, CopyForm, AnswerForm, CopiesForm, given={CopyForm: {"lines": lines.label}})
        sent = form.v
        if isinstance(form, AnswerForm):
            named = copies_of(who(request), contest).get(pk=sent.copy).pk
            copies.answer(copy_id=named, what=sent.what, note=sent.note, by=who(request), seen=sent.seen)
            messages.success(request, _t("Réponse enregistrée."))
            return redirect("tally:copies", code)
        if isinstance(form, CopiesForm):
            name = str(sent.file.name)[:80]
            rows = plain.rows_of(sent.file.read(), file=name, most=images.LARGEST, needed=("station",))
            n = copies.import_copies(
                contest=contest, rows=rows, source=sent.source, by=who(request), lines=list(lines.label)
            )
            messages.success(request, told(_t("%(n)d {n:copie enregistrée|copies enregistrées}."), get_language(), {"n": n}))
            return redirect("tally:copies", code)
        posted, wrong = form.texts, given(request, contest, lines, form)
        if not wrong:
            return redirect("tally:copies", code)
    review = bool(context["held"].intersection(COPIES))
    here = reach(request, contest, *COPIES)
    page = edge.paged(request, copies.queue(contest, here), 30) if review else None
    mine = copies_given_by(contest, who(request))
    return render(
        request,
        "tally/copies.html",
        {
            **context,
            "review": review,
            "may_answer": "results.review" in context["held"],
            "page": page,
            "marks": {c.pk: copies.page_mark(c) for c in page} if page else {},
            "mine": mine[:50],
            "told": set(public_copies(contest).filter(pk__in=[c.pk for c in mine[:50]]).values_list("pk", flat=True)),
            "counts": copies.counts(copies_of(who(request), contest)) if review else None,
            "status": copies.STATUS,
            "answers": copies.ANSWERS,
            "label": {**lines.label, "stations": _t("bureaux")},
            "groups": [
                (n, [(lines.number[k], k, label, posted.get(k, ""), wrong.get(k, "")) for k, label, _e in rows])
                for n, rows in lines.groups[:2]
            ],
            "wrong": [(k, lines.label.get(k, k), v) for k, v in wrong.items()],
            "posted": posted,
        },
        status=422 if wrong else 200,
    )


def given(request: HttpRequest, contest: Contest, lines: Lines, form: CopyForm) -> dict[str, str]:
    """Keep one copy; returns the lines that cannot be read."""
    copies.own_stations(contest, who(request))
    sheet, wrong = lines.read(form.figures)
    if sheet is None:
        return wrong
    sent = form.v
    copy = copies.hand_in(
        contest=contest, station=sent.station, source=sent.source, sheet=sheet, image=images.received(sent.image, by=who(request)),
        legible=not sent.illegible, by=who(request),
    )  # fmt: skip
    messages.success(request, _t("Copie du bureau %(code)s enregistrée.") % {"code": copy.station.code})
    return {}
