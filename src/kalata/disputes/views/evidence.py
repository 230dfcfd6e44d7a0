"""The evidence of a case: the matrix of grounds, stations and pieces; three papers of a station; copies read by two persons."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.deadlines.rules.moments import zone
from kalata.disputes.forms import evidence as forms
from kalata.disputes.models import Petition
from kalata.disputes.queries import docket, instruct
from kalata.disputes.queries import evidence as queries
from kalata.disputes.queries.instruction import case_for_reading
from kalata.disputes.queries.texts import zone_of
from kalata.disputes.rules.evidence import LISTED, OFFICERS, NoSuchPlace
from kalata.disputes.rules.threeway import AGREEMENTS, HOWS, SOURCES
from kalata.disputes.services import drawing_pieces, evidencing
from kalata.disputes.views.case import place_of
from kalata.disputes.views.docket import who
from kalata.ui import edge

ACTS = (forms.LinkForm, forms.UnlinkForm, forms.OfficerForm, forms.UnofficerForm)
ROWS = 60


@login_required
def matrix(request: HttpRequest, number: str) -> HttpResponse:
    """Ground by station, the pieces that bear on each, and those without any; officers replaced on the day."""
    petition, place = instruct.opened(who(request), number)
    if request.method == "POST":
        acted(request, petition)
        return redirect("disputes:evidence", number)
    asked = edge.asked(request, forms.MatrixFilter)
    aims = instruct.aims(petition)
    cells, total, without = queries.table(petition, aims, bare=asked.pieces == "sans", key=asked.moyen)
    context = {
        "section": "docket", "p": petition, "place": place, "aims": [(queries.name_of(petition, a), a) for a in aims],
        "page": edge.paged(request, cells, ROWS), "total": total, "without": without, "asked": asked,
        "exhibits": queries.exhibits(petition), "officers": queries.officers(petition), "roles": OFFICERS, "listed": LISTED, "zone": place_of(zone_of(petition.contest)),
        "pks": {s.code: s.pk for s in queries.stations_of(petition)}, "crumbs": crumbs(petition, _t("Preuves, bureau par bureau")),
    }  # fmt: skip
    return render(request, "disputes/evidence.html", context)


def acted(request: HttpRequest, petition: Petition) -> None:
    form: Any = edge.acted(request, *ACTS)
    v, by = form.v, who(request)
    match form:
        case forms.LinkForm():
            codes = [w for part in v.codes.replace(",", "\n").splitlines() if (w := part.strip())]
            evidencing.link(petition=petition, piece=v.piece, ground_id=ground_pk(petition, v.ground), codes=codes, note=v.note, by=by)  # fmt: skip
        case forms.UnlinkForm():
            evidencing.unlink(petition=petition, link_id=v.link, by=by)
        case forms.UnofficerForm():
            evidencing.unreplaced(petition=petition, pk=v.officer, by=by)
        case _:
            at = datetime.combine(v.day, v.hour, zone(zone_of(petition.contest)))
            evidencing.replaced(
                petition=petition, code=v.code, role=v.role, happened_at=at, decided_by=v.decided_by, basis=v.basis,
                listed=v.listed, piece=v.piece, by=by,
            )  # fmt: skip
    messages.success(request, _t("Enregistré."))


def ground_pk(petition: Petition, name: str) -> int:
    """The number of a ground of this case or of one joined to it, by the name that the page gives it."""
    found = queries.ground_named(petition, name)
    if found is None:
        raise NoSuchPlace(what=name)
    return found


@login_required
def comparison(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Three papers of a station, line by line, with their images; before and after by key."""
    petition, place = instruct.opened(who(request), number)
    station = queries.station_of(petition, pk)
    found = queries.three(petition, station)
    copy = next((p for p in found.papers if p.exhibit), None)
    answered = queries.answered_of(petition, station)
    before, after = queries.beside(petition, station)
    context = {
        "section": "docket", "p": petition, "place": place, "station": station, "found": found, "sources": SOURCES,
        "labels": queries.line_labels(petition.contest), "agreements": AGREEMENTS, "hows": HOWS, "before": before, "after": after,
        "copy": copy, "scan": queries.scan_of(who(request), station), "answered": answered,
        "pieces": queries.copies_for(petition, station)[:12], "crumbs": crumbs(petition, station.code, evidence=True),
    }  # fmt: skip
    return render(request, "disputes/comparison.html", context)


@login_required
def copies(request: HttpRequest, number: str) -> HttpResponse:
    """Read a copy from its page, without any figure of anybody else: a first person, then a second."""
    petition = docket.case_of(who(request), number)
    evidencing.reads_copies(petition, who(request))
    labels = queries.line_labels(petition.contest)
    form = edge.form_of(request, forms.CopyForm, lines=list(labels))
    if request.method == "POST" and edge.button(request, "copy") and form.is_valid():
        v = form.v
        lines = {line: getattr(v, f"l_{line}") for line in labels}
        made = evidencing.read_copy(
            petition=petition, piece=v.piece, page=v.page, code=v.code, lines=lines, by=who(request)
        )
        said = {"agrees": _t("Les deux lectures concordent : la copie est établie."), "differs": _t("Les deux lectures diffèrent : rien n’est établi.")}  # fmt: skip
        messages.success(request, said.get(made.verdict or "", _t("Première lecture enregistrée : une autre personne la refait.")))  # fmt: skip
        return redirect("disputes:copies", number)
    typed = request.method == "POST"
    at: Any = form.v if typed else edge.asked(request, forms.CopyAt)
    context = {
        "section": "docket", "p": petition, "labels": labels.items(), "at": at, "pieces": queries.copies_for(petition, None),
        "waiting": queries.readings_of(petition), "wrong": form.wrong() if typed else [],
        "code": at.code if typed else queries.code_of(petition, at.bureau), "crumbs": crumbs(petition, _t("Lire une copie")),
    }  # fmt: skip
    return render(request, "disputes/copies.html", context, status=422 if typed else 200)


@login_required
def piece_page(request: HttpRequest, number: str, n: int, page: int) -> HttpResponse:
    """One page of a piece drawn as an image by this house, for whoever may open the piece; a sealed one is noted as read."""
    found = drawing_pieces.page(petition=case_for_reading(number), number=n, page=page, by=who(request))
    answer = HttpResponse(found, content_type="image/jpeg")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def crumbs(petition: Petition, last: str, *, evidence: bool = False) -> list[tuple[str, str]]:
    number = str(petition.number)
    middle = [(reverse("disputes:evidence", args=[number]), _t("Preuves, bureau par bureau"))] if evidence else []
    return [(reverse("disputes:docket"), _t("Rôle des requêtes")), (reverse("disputes:case", args=[number]), number), *middle, ("", last)]  # fmt: skip
