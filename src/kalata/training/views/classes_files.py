"""Papers of a class: the sheet to sign, the answer sheets, the file to fill in without a network; the codes of the day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST

from kalata.evidence import answers as answers_of
from kalata.evidence import reading as evidence
from kalata.people.queries import may_somewhere
from kalata.refusals import Forbidden
from kalata.results.views.shared import language
from kalata.tables.lists import csv_of
from kalata.training.papers import classes as papers
from kalata.training.queries import classes as queries
from kalata.training.rules import class_page
from kalata.training.rules.class_entries import ENTRIES
from kalata.training.rules.manuals.words import role_in
from kalata.training.rules.rights import PLAN
from kalata.training.views.classes import found
from kalata.ui import edge, fields

PDF = "application/pdf"


def sent(body: bytes, name: str, media: str) -> HttpResponse:
    response = HttpResponse(body, content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A CSV that a spreadsheet opens; a cell that would be a formula there is text."""
    return b"".join(csv_of(head, rows))


@login_required
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The attendance sheet: each place with its name, boxes for the signature and the code of the day."""
    one = found(request, pk)
    return sent(papers.attendance(one, list(queries.seats(one)), language()), f"{one.code}-feuille.pdf", PDF)


class FormAsked(edge.Edge):
    epreuve = fields.CodeField(most=20)


@login_required
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer sheets of a paper, one a place, each with its square."""
    one = found(request, pk)
    asked: Any = edge.asked(request, FormAsked)
    form = queries.forms_open().filter(mark=asked.epreuve).first()
    if form is None:
        raise Http404
    return sent(
        papers.answer_sheets(one, form, list(queries.seats(one)), language()),
        f"{one.code}-{form.letter}-reponses.pdf",
        PDF,
    )


@login_required
def entries(request: HttpRequest, pk: int) -> HttpResponse:
    from kalata.training.services.classes_held import blank_entries

    one = found(request, pk)
    return sent(table(ENTRIES, blank_entries(one)), f"{one.code}-saisie.csv", "text/csv; charset=utf-8")


@login_required
def offline(request: HttpRequest, pk: int) -> HttpResponse:
    """One file that holds the class on a telephone without a network; what it gives is the file of entries."""
    from kalata.training.services.classes_held import blank_entries

    one = found(request, pk)
    posts = queries.titles(one, queries.seats(one), language())
    seats = [[*line, posts.get(line[1], "")] for line in blank_entries(one)]
    tests = [(f.mark, f"{role_in(f.role, language())}, {f.letter}", len(f.rows)) for f in queries.forms_open()]
    title = f"{one.code}, {one.unit.name if one.unit else one.area}, {one.first:%d/%m/%Y}"
    made = class_page.page(one.code, title, seats, tests, language())
    return sent(made.encode(), f"{one.code}.html", "text/html; charset=utf-8")


@login_required
def image(request: HttpRequest, pk: int, reading: int) -> HttpResponseBase:
    one = found(request, pk)
    seen = queries.reading_of(one, reading)
    if seen is None:
        raise Http404
    return answers_of.sent(
        evidence.opened(sha256=seen.image, subject=f"training_class:{one.pk}", by=request.user), f"{one.code}-{seen.pk}"
    )


@login_required
@require_POST
def codes(request: HttpRequest) -> HttpResponse:
    """The codes of today, for the gateway that sends to each person their own; trainers get none."""
    if not may_somewhere(request.user, PLAN):
        raise Forbidden(right=PLAN)
    day = queries.today()
    rows = [
        (due.of.code, due.of.area, due.of.venue, due.seat, due.agent.code, due.agent.phone, due.code)
        for due in queries.codes_due(request.user, day)
    ]
    return sent(
        table(("class", "area", "venue", "seat", "agent", "phone", "code"), rows),
        f"codes-{day.isoformat()}.csv",
        "text/csv; charset=utf-8",
    )
