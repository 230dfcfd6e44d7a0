"""The draw of reporting judges: its commitment for everybody, its lines for the Court, both files once the seed is out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.country.models import Contest
from kalata.disputes.forms import bench as forms
from kalata.disputes.queries import drawing
from kalata.disputes.rules.steps import PRESIDE
from kalata.disputes.services import assigning
from kalata.disputes.views.bench import STAFF, offer
from kalata.people.guard import require
from kalata.people.queries import may
from kalata.results.views.shared import who
from kalata.text import told
from kalata.ui import edge


def contest_of(person: Any, code: str) -> Contest:
    """The contest, for the Court's staff; for others it does not exist here."""
    found = drawing.contest(code)
    if found is None or not any(may(person, r, contest=found.pk) for r in STAFF):
        raise Http404(code)
    return found


def public(request: HttpRequest) -> HttpResponse:
    """Each commitment, and each seed that is out, for everybody."""
    return render(request, "disputes/draws.html", {"section": "bench", "rows": drawing.draws()})


@login_required
def page(request: HttpRequest, code: str) -> HttpResponse:
    """The draw of a contest: engage the seed before filing, draw the cases of the roll, publish at the end."""
    contest = contest_of(request.user, code)
    if request.method == "POST":
        acted(request, contest)
        return redirect("disputes:draw", code)
    made = drawing.draw(contest)
    presides = may(request.user, PRESIDE, contest=contest.pk)
    acts = []
    if presides and made is None:
        acts = [
            offer(forms.CommitForm, _t("Engager la graine, avant l’ouverture du dépôt"), _t("Demander l’engagement"))
        ]
    elif presides and made and made.seed is None:
        acts = [
            offer(forms.DrawForm, _t("Tirer les rapporteurs"), _t("Tirer toutes les affaires qui attendent")),
            offer(forms.PublishForm, _t("Publier la graine et la liste"), _t("Publier : plus rien n’en sera tiré")),
        ]
    return render(request, "disputes/draw.html", {
        "section": "bench", "contest": contest, "draw": made, "lines": drawing.lines(contest), "acts": acts,
        "waiting": assigning.waiting(contest), "crumbs": [(reverse("disputes:bench"), _t("Siège")), ("", _t("Tirage"))],
    })  # fmt: skip


def acted(request: HttpRequest, contest: Contest) -> None:
    by = who(request)
    edge.button(request, "commit", "draw", "publish")
    require(by, PRESIDE, contest=contest.pk)
    form = edge.acted(request, forms.CommitForm, forms.DrawForm, forms.PublishForm)
    v = form.v
    if isinstance(form, forms.CommitForm):
        assigning.ask_commit(
            contest=contest, commit=v.commit, tolerance=1 if v.tolerance is None else v.tolerance,
            per_stations=v.per_stations or 0, reason=v.reason, by=by,
        )  # fmt: skip
        messages.success(request, _t("Demandé : une seconde personne, au greffe, l’approuve."))
    elif isinstance(form, forms.DrawForm):
        lines = assigning.draw_all(contest=contest, seed=v.first + v.second, by=by)
        messages.success(request, told(_t("%(n)d {n:affaire tirée|affaires tirées}."), get_language(), {"n": len(lines)}))
    else:
        assigning.publish_draw(contest=contest, seed=v.first + v.second, by=by)
        messages.success(request, _t("Graine et liste publiées."))


def file(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """The roll or the list of members as they are replayed: the Court's until the seed is out, then everybody's."""
    contest = drawing.contest(code)
    made = drawing.draw(contest) if contest else None
    if contest is None or made is None or what not in ("role", "membres"):
        raise Http404(code)
    if made.seed is None:
        contest_of(request.user, code)
    text = drawing.roll_csv(contest) if what == "role" else drawing.bench_csv(contest)
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="tirage-{contest.code}-{what}.csv"'
    return answer
