"""The Court's own count: where it stands and what differs, for the bench and the registry; one record to read, for its clerks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.country.models import Contest
from kalata.country.queries import contest_by_code
from kalata.disputes.forms import count as forms
from kalata.disputes.queries import count as queries
from kalata.disputes.rules.count import NothingToCount, Reading
from kalata.disputes.rules.steps import BENCH, COUNT, PRESIDE, REGISTRY
from kalata.disputes.services import count, proclaiming
from kalata.disputes.views.docket import who
from kalata.people.queries import may
from kalata.results import shown
from kalata.results.rules.boxes import LABELS, Box, Sheet
from kalata.ui import edge

ACTS = (forms.OpenForm, forms.DrawForm, forms.ExplainForm, forms.ProclaimForm)


def contest_of(request: HttpRequest, code: str, *rights: str) -> Contest:
    """The contest, for who holds one of these rights over it; 404 for anybody else."""
    found = contest_by_code(code, unpublished=True)
    if not any(may(request.user, right, contest=found.pk) for right in rights):
        raise Http404(code)
    return found


@login_required
def page(request: HttpRequest, code: str) -> HttpResponse:
    """Progress, then each difference with the records in force, and what remains before the proclamation."""
    contest = contest_of(request, code, PRESIDE, BENCH, REGISTRY)
    if request.method == "POST":
        return acted(request, contest)
    held = queries.count_of(contest)
    done = queries.progress(held) if held else {}
    total = sum(done.values())
    differences = queries.apart(held) if (held and may(request.user, REGISTRY, contest=contest.pk)) or (held and done.get(Reading.AGREED) == total) else []  # fmt: skip
    names = {b.value: LABELS[b] for b in queries.boxes_of(contest)}
    names |= {f"c{o.rank}": o.name for o in contest.options.all()}
    context = {
        "section": "docket", "contest": contest, "count": held, "done": done.get(Reading.AGREED, 0), "total": total,
        "differences": differences, "apart": len(differences), "stations": contest.stations.count(), "silent": sum(not d.words for d in differences), "names": names,
        "presides": may(request.user, PRESIDE, contest=contest.pk), "keeps": may(request.user, REGISTRY, contest=contest.pk),
        "proclaims": may(request.user, "results.proclaim", contest=contest.pk), "seen": shown.of_contest(contest),
        "proclaimed": queries.proclaimed(contest),
        "crumbs": [(reverse("disputes:docket"), _t("Rôle des requêtes")), ("", _t("Recensement de la Cour"))],
    }  # fmt: skip
    return render(request, "disputes/count.html", context)


def acted(request: HttpRequest, contest: Contest) -> HttpResponse:
    form: Any = edge.acted(request, *ACTS)
    sent, by = form.v, who(request)
    if isinstance(form, forms.OpenForm):
        count.open_count(contest=contest, by=by, size=sent.size or 0, commitment=sent.commitment)
    elif isinstance(form, forms.DrawForm):
        count.draw(contest=contest, seed=sent.seed, by=by)
    elif isinstance(form, forms.ExplainForm):
        count.explain(sheet_id=queries.sheet_of_contest(contest, sent.sheet).pk, on=sent.on, words=sent.words, by=by)
    else:
        proclaiming.ask(contest=contest, number=sent.number, by=by, seen=sent.seen)
        messages.success(request, _t("Demande enregistrée : une autre personne doit l’approuver."))
        return redirect("people:approvals")
    messages.success(request, _t("C’est fait."))
    return redirect("disputes:count", contest.code)


@login_required
def reading(request: HttpRequest, code: str) -> HttpResponse:
    """The next record of this clerk, without any figure of anybody else."""
    contest = contest_of(request, code, COUNT)
    held = queries.count_of(contest)
    lines = queries.line_names(contest)
    form = edge.form_of(request, forms.ReadForm, lines=lines)
    if request.method == "POST" and form.is_valid():
        sent = form.v
        boxes = queries.boxes_of(contest)
        values = [getattr(sent, key) for key in lines]
        sheet = Sheet(dict(zip(boxes, values, strict=False)), tuple(values[len(boxes) :]))
        count.read(sheet_id=queries.sheet_of_contest(contest, sent.sheet).pk, sheet=sheet, by=who(request))
        messages.success(request, _t("Lecture enregistrée."))
        return redirect("disputes:count_reading", code)
    one = queries.waiting(held, who(request)) if held else None
    labels = [LABELS[Box(b)] for b in contest.boxes] + [f"{o.rank}. {o.name}" for o in contest.options.order_by("rank")]
    context = {
        "section": "docket", "contest": contest, "one": one, "refused": None if one else NothingToCount(),
        "rows": list(zip(lines, labels, strict=True)), "wrong": form.errors if request.method == "POST" else {},
        "crumbs": [("", _t("Recensement de la Cour"))],
    }  # fmt: skip
    return render(request, "disputes/count_reading.html", context, status=422 if form.errors else 200)
