"""Lots: the ties that wait for a draw, the announcement, the opening, and for everybody what was drawn."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy

from kalata.country.models import Contest
from kalata.results import lots_paper
from kalata.results.access import contest_for
from kalata.results.models import LotAnnouncement
from kalata.results.queries import lots_told
from kalata.results.rules.rights import SITTINGS
from kalata.results.services import lots
from kalata.tally.views.common import base, contest_of, language, reach, who
from kalata.tally.views.papers_out import pdf
from kalata.ui import edge, fields


class AnnounceForm(edge.Edge):
    """The tie, the promise, and where the public number will come from."""

    act = "announce"
    place = fields.TextField(most=120)
    promise = fields.TextField(label=gettext_lazy("Empreinte SHA-256 du secret"), most=80, required=True)
    source = fields.TextField(label=gettext_lazy("D’où viendra le nombre public"), most=300, required=True)


class OpenForm(edge.Edge):
    """The secret, the number thrown in public, the minutes."""

    act = "open"
    seen = fields.TextField(most=64)
    announcement = fields.IdField(required=True)
    secret = fields.TextField(label=gettext_lazy("Secret, à la lettre près"), most=300, required=True)
    number = fields.TextField(label=gettext_lazy("Nombre tiré en public"), most=100, required=True)
    document = fields.TextField(label=gettext_lazy("Procès-verbal du tirage"), most=300, required=True)


class UndoForm(edge.Edge):
    act = "undo"
    seen = fields.TextField(most=64)
    announcement = fields.IdField(required=True)
    document = fields.TextField(label=gettext_lazy("Acte qui annule le tirage"), most=300, required=True)
    reason = fields.TextField(label=gettext_lazy("Motif"), most=400, required=True)


def acted(contest: Contest, form: edge.Edge, by: Any) -> str:
    """Do one act; the sentence that says what happened."""
    sent = form.v
    if isinstance(form, AnnounceForm):
        lots.announce(contest=contest, place=sent.place, promise=sent.promise, source=sent.source, by=by)
        return _t("L’empreinte est annoncée. Tirez maintenant le nombre en public, puis ouvrez le secret.")
    mine = LotAnnouncement.objects.filter(contest=contest)
    made = get_object_or_404(mine, pk=sent.announcement)
    if isinstance(form, OpenForm):
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
        messages.success(request, acted(contest, edge.acted(request, AnnounceForm, OpenForm, UndoForm), who(request)))
        return redirect("results:lots_desk", code)
    return render(
        request,
        "results/lots_desk.html",
        {
            **base(request, contest, _t("Tirages au sort")),
            "ties": lots.ties(contest),
            "rows": lots.history(contest),
            "marks": {made.pk: lots.page_mark(made) for made in lots.history(contest)},
            "entries": lots_told.entries_of(contest),
            "names": lots.names_of(contest),
            "forms": {kind.act: kind() for kind in (AnnounceForm, OpenForm, UndoForm)},
        },
    )


def shown(request: HttpRequest, code: str) -> HttpResponse:
    """For everybody: each promise, what was opened, the order, how to redo it."""
    contest = contest_for(request.user, code)
    return render(
        request,
        "results/lots.html",
        {
            "section": "results",
            "contest": contest,
            "exercise": contest.election.exercise,
            "rows": lots.history(contest),
            "entries": lots_told.entries_of(contest),
            "names": lots.names_of(contest),
            "crumbs": [(f"/resultats/{code}/", contest.name_fr), ("", _t("Tirages au sort"))],
        },
    )


def minutes(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The minutes of one draw, as a PDF to print and sign. Who sits in the commission reads the names."""
    contest = contest_for(request.user, code)
    made = LotAnnouncement.objects.filter(contest=contest, number=number).select_related(*lots_paper.PARTS).first()
    if made is None:
        raise Http404(str(number))
    named = reach(request, contest, *SITTINGS).tops != ()
    return pdf(lots_paper.printed(contest, made, language(), named=named), f"{contest.code}-tirage-{number}")
