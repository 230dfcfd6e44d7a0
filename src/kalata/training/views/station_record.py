"""The record of a station: who sat and counted, how each came there, by whom trained, with which pages; on screen and on paper."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.results.views.shared import language
from kalata.training.papers import station_record as papers
from kalata.training.queries import posts as queries
from kalata.training.queries import posts_day as day
from kalata.training.queries import station_record
from kalata.training.rules.manuals.words import role_in
from kalata.training.rules.posts_day import ROUTES
from kalata.training.views.classes_files import PDF, sent
from kalata.ui import edge, fields


class Asked(edge.Edge):
    sortie = fields.ChoiceField([("pdf", "PDF")])


@login_required
def record(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    contest = queries.contest_for(request.user, code)
    one = day.station_for(request.user, contest, pk)
    rows = station_record.record_of(request.user, one)
    titles = {s.post.pk: queries.title_of(s.post, language()) for s in rows}
    replaced = list(day.replacements(one))
    if edge.asked(request, Asked).sortie == "pdf":
        made = papers.record(one, rows, replaced, titles, language())
        return sent(made, f"fiche-{one.code}.pdf", PDF)
    shown = {
        "section": "posts", "crumbs": [(reverse("posts:board", args=[code]), _t("Postes")), (reverse("posts:station", args=[code, pk]), one.code), ("", _t("Qui a compté"))],
        "contest": contest, "station": one, "titles": titles, "replaced": replaced, "routes": ROUTES, "keeps": station_record.keeps_training(request.user),
        "rows": [(s, role_in(s.taught.certificate.role, language()) if s.taught else "") for s in rows], "counted": sum(s.counted for s in rows),
        "trained": sum(s.counted and s.taught is not None for s in rows),
    }  # fmt: skip
    return render(request, "posts/record.html", shown)
