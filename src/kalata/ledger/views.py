"""The ledger's viewer and export. Reading it is itself kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from kalata.ledger import kinds, queries
from kalata.ledger.listings import ACTS, Narrow
from kalata.ledger.rules.chain import line
from kalata.ledger.services import read_of_personal_data
from kalata.people.queries import may
from kalata.refusals import Forbidden
from kalata.tables.lists import csv_of, filed
from kalata.ui import edge


def allowed(request: HttpRequest) -> Any:
    if not may(request.user, "ledger.read"):  # the ledger is the nation's: no territory has its own
        raise Forbidden(right="ledger.read")
    return cast(Any, request.user)


def narrowed(asked: Any) -> Any:
    return queries.acts(
        text=asked.q, kind=asked.genre, about=asked.objet, person=asked.qui, since=asked.du, until=asked.au,
        personal=asked.perso,
    )  # fmt: skip


@login_required
def acts(request: HttpRequest) -> HttpResponseBase:
    by = allowed(request)
    found = ACTS.read(request, narrowed)
    if found.form:
        taken = f"ledger.{found.form}?{edge.address(request)}"[:120]
        read_of_personal_data(by=by, kind=kinds.READ_LEDGER_EXPORT, subject=taken)
        return found.file()
    read_of_personal_data(by=by, kind=kinds.READ_LEDGER, subject=f"ledger?{edge.address(request)}"[:120])
    return render(
        request,
        "ledger/acts.html",
        {
            "section": "ledger",
            "list": found,
            "seal": queries.last_seal(),
            "unsealed": queries.unsealed(),
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
        columns = [c.key for c in filed(ACTS.columns)]
        lines = (act.line() for act in found.iterator(chunk_size=2_000))
        return csv_of(columns, ([str(v[c]) if v[c] is not None else "" for c in columns] for v in lines))

    response = StreamingHttpResponse(
        as_csv() if kind == "csv" else as_lines(),
        content_type="text/csv; charset=utf-8" if kind == "csv" else "application/x-ndjson",
    )
    response["Content-Disposition"] = f'attachment; filename="journal.{kind}"'
    return response
