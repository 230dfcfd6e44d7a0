"""The desk of lots: the ties that wait for a draw, the announcement, the opening."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _t

from kalata.country.models import Contest
from kalata.results.queries import lots_told
from kalata.results.queries.lots_told import announced
from kalata.results.services import lots
from kalata.tally.forms import AnnounceForm, DrawForm, UndoForm
from kalata.tally.views.common import base, contest_of, who
from kalata.ui import edge


def acted(contest: Contest, form: edge.Edge, by: Any) -> str:
    """Do one act; the sentence that says what happened."""
    sent = form.v
    if isinstance(form, AnnounceForm):
        lots.announce(contest=contest, place=sent.place, promise=sent.promise, source=sent.source, by=by)
        return _t("L’empreinte est annoncée. Tirez maintenant le nombre en public, puis ouvrez le secret.")
    made = get_object_or_404(announced(contest), pk=sent.announcement)
    if isinstance(form, DrawForm):
        lots.ask_draw(
            announcement_id=made.pk, secret=sent.secret, number=sent.number, document=sent.document, by=by,
            seen=sent.seen,
        )  # fmt: skip
    else:
        lots.ask_undo(announcement_id=made.pk, reason=sent.reason, document=sent.document, by=by, seen=sent.seen)
    return _t("Demande envoyée : une autre personne doit l’approuver.")


@login_required
def desk(request: HttpRequest, code: str) -> HttpResponse:
    """Announce, open, undo: what the commission does; another person approves the last two."""
    contest = contest_of(request, code, "results.commission")
    if request.method == "POST":
        messages.success(request, acted(contest, edge.acted(request, AnnounceForm, DrawForm, UndoForm), who(request)))
        return redirect("tally:lots_desk", code)
    return render(
        request,
        "tally/lots_desk.html",
        {
            **base(request, contest, _t("Tirages au sort")),
            "ties": lots.ties(contest),
            "rows": lots.history(contest),
            "marks": {made.pk: lots.page_mark(made) for made in lots.history(contest)},
            "entries": lots_told.entries_of(contest),
            "names": lots.names_of(contest),
            "forms": {kind.act: kind() for kind in (AnnounceForm, DrawForm, UndoForm)},
        },
    )
