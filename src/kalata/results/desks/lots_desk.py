"""Lots: the ties that wait for a draw, the announcement, the opening, and for everybody what was drawn."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy

from kalata.country.models import Contest
from kalata.results import lots, printing
from kalata.results.access import contest_for
from kalata.results.desks.common import base, contest_of, language, who
from kalata.results.desks.papers_out import pdf
from kalata.results.models import LotAnnouncement
from kalata.text import gettext_noop as _
from kalata.text import translate
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
    announcement = fields.IdField(required=True)
    secret = fields.TextField(label=gettext_lazy("Secret, à la lettre près"), most=300, required=True)
    number = fields.TextField(label=gettext_lazy("Nombre tiré en public"), most=100, required=True)
    document = fields.TextField(label=gettext_lazy("Procès-verbal du tirage"), most=300, required=True)


class UndoForm(edge.Edge):
    act = "undo"
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
            announcement_id=made.pk, secret=sent.secret, number=sent.number, document=sent.document, by=by
        )  # fmt: skip
    else:
        lots.ask_undo(announcement_id=made.pk, reason=sent.reason, document=sent.document, by=by)
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
            "names": lots.names_of(contest),
            "crumbs": [(f"/resultats/{code}/", contest.name_fr), ("", _t("Tirages au sort"))],
        },
    )


def minutes(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The minutes of one draw, as a PDF to print and sign."""
    contest = contest_for(request.user, code)
    made = LotAnnouncement.objects.filter(contest=contest, number=number).select_related("lot", "undone").first()
    if made is None:
        raise Http404(str(number))
    return pdf(printing.compiled("minutes", minutes_data(contest, made)), f"{contest.code}-tirage-{number}")


def minutes_data(contest: Contest, made: LotAnnouncement) -> dict[str, Any]:
    lang = language()
    say = lambda text: translate(text, lang)  # noqa: E731
    when = lambda at: timezone.localtime(at).strftime("%d/%m/%Y %H:%M:%S")  # noqa: E731
    names, lot = lots.names_of(contest), getattr(made, "lot", None)
    acts = [[when(made.at), f"{say(_('Empreinte annoncée'))} : {made.promise} — {made.source}"]]
    if lot is not None:
        acts.append([when(lot.at), f"{say(_('Secret ouvert'))} : {lot.secret}"])
        acts.append([when(lot.at), f"{say(_('Nombre tiré en public'))} : {lot.public_number}"])
    if (undone := getattr(made, "undone", None)) is not None:
        acts.append([when(undone.at), f"{say(_('Tirage annulé'))} : {undone.document} — {undone.reason}"])
    order = lot.order if lot is not None else made.options
    rank = [str(i) if lot is not None else "–" for i in range(1, len(order) + 1)]
    return {
        "lang": "en" if lang == "en" else "fr",
        "title": f"{say(_('Procès-verbal de tirage au sort'))} n° {made.number}",
        "exercise": say(_("EXERCICE : sans valeur électorale")) if contest.election.exercise else "",
        "contest": printing.name_of(contest, lang),
        "place": made.place or say(_("national")),
        "code": f"{contest.code} · {made.number}",
        "paragraphs": [
            say(_("Places ou sièges à pourvoir entre les ex aequo : %(n)d.")).replace(")d", ")s") % {"n": made.seats},
            say(_("L’ordre est celui des empreintes SHA-256 de « secret|nombre|liste », liste étant son numéro sur le bulletin, la plus petite d’abord. Chacun peut la recalculer.")),
            *([f"{say(_('Acte'))} : {lot.document}"] if lot is not None else [say(_("Le secret n’est pas encore ouvert : rien n’est tiré."))]),
        ],
        "w_present": say(_("Résultat du tirage")),
        "heads": [say(_("Rang")), say(_("Candidature")), say(_("Circonscription")), say(_("Empreinte"))],
        "members": [
            [r, names.get(o, o), made.place or "–", lots.fingerprint(lot, o)[:16] if lot is not None else "–"]
            for r, o in zip(rank, order, strict=True)
        ],
        "reservations": [],
        "w_acts": say(_("Déroulement")),
        "acts": acts,
        "w_recap": "",
        "fheads": [],
        "figures": [],
    }  # fmt: skip
