"""The ledger's viewer and export. Reading it is itself kept."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from kalata.ledger import kinds, queries
from kalata.ledger.rules.chain import line
from kalata.ledger.rules.kinds import ANY, KINDS, SUBJECTS, titled
from kalata.ledger.services import read_of_personal_data
from kalata.people.queries import may
from kalata.refusals import Forbidden
from kalata.text import translate
from kalata.ui import edge, fields


def allowed(request: HttpRequest) -> Any:
    if not may(request.user, "ledger.read"):  # the ledger is the nation's: no territory has its own
        raise Forbidden(right="ledger.read")
    return cast(Any, request.user)


class Narrow(edge.Edge):
    """What the reader of the ledger asks for."""

    q = fields.TextField()
    genre = fields.TextField(most=60)
    objet = fields.TextField(most=60)
    qui = fields.TextField(most=60)
    du = fields.DateField()
    au = fields.DateField()
    perso = fields.FlagField()


def narrowed(asked: Any) -> Any:
    return queries.acts(
        text=asked.q, kind=asked.genre, about=asked.objet, person=asked.qui, since=asked.du, until=asked.au,
        personal=asked.perso,
    )  # fmt: skip


@login_required
def acts(request: HttpRequest) -> HttpResponse:
    by = allowed(request)
    asked = edge.asked(request, Narrow)
    page = edge.paged(request, narrowed(asked), 50)
    read_of_personal_data(by=by, kind=kinds.READ_LEDGER, subject=f"ledger?{edge.address(request)}"[:120])
    lang = get_language() or "fr"
    for act in page:
        act.title = KINDS[act.kind].words(lang) if act.kind in KINDS else ""
    return render(
        request,
        "ledger/acts.html",
        {
            "section": "ledger",
            "page": page,
            "kinds": titled(queries.kinds(), lang),
            "subjects": sorted(
                ((k, translate(v, lang)) for k, v in SUBJECTS.items() if k != ANY), key=lambda pair: pair[1].casefold()
            ),
            "seal": queries.last_seal(),
            "unsealed": queries.unsealed(),
            "get": asked,
            "address": edge.address(request),
        },
    )


@login_required
def export(request: HttpRequest, kind: str) -> HttpResponse | StreamingHttpResponse:
    """csv for people, jsonl for whoever wants to recompute the seals."""
    by = allowed(request)
    if kind not in ("csv", "jsonl"):
        raise Http404(kind)
    read_of_personal_data(by=by, kind=kinds.READ_LEDGER_EXPORT, subject=f"ledger.{kind}?{edge.address(request)}"[:120])
    found = narrowed(edge.asked(request, Narrow, strict=True)).order_by("pk")

    def as_lines() -> Iterator[bytes]:
        for act in found.iterator(chunk_size=2_000):
            yield line(act.line()).encode() + b"\n"

    def as_csv() -> Iterator[bytes]:
        columns = [
            "id",
            "at",
            "actor",
            "kind",
            "subject",
            "territory",
            "before",
            "after",
            "reason",
            "address",
            "personal",
        ]
        yield ("\ufeff" + ",".join(columns) + "\r\n").encode()
        for act in found.iterator(chunk_size=2_000):
            out = io.StringIO()
            values = act.line()
            cells = [str(values[c]) if values[c] is not None else "" for c in columns]
            csv.writer(out).writerow([f"'{c}" if c.startswith(("=", "+", "-", "@", "\t", "\r")) else c for c in cells])
            yield out.getvalue().encode()

    response = StreamingHttpResponse(
        as_csv() if kind == "csv" else as_lines(),
        content_type="text/csv; charset=utf-8" if kind == "csv" else "application/x-ndjson",
    )
    response["Content-Disposition"] = f'attachment; filename="journal.{kind}"'
    return response
