"""The search and the sheet of a record: what it rests on, what rests on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.chain import queries, registry
from kalata.chain.about import About
from kalata.chain.listings import SEARCH, SearchForm
from kalata.chain.queries import Sheet
from kalata.identifiers import NotAnIdentifier, looks_like, parsed
from kalata.ledger.services import read_of_personal_data
from kalata.ui import edge, searching


def search(request: HttpRequest) -> HttpResponse:
    """One box for all: an identifier opens its record, words find what this reader may open."""
    asked = edge.asked(request, SearchForm)
    text = asked.q.strip()
    wrong = ""
    if text:
        try:
            if one := queries.opened(request.user, parsed(text)):
                return redirect(one.at)
        except NotAnIdentifier as refusal:
            wrong = refusal.message.text(get_language() or "fr") if looks_like(text) else ""
    every = registry.every()
    genres = [(k, _t(every[k].label)) for k in queries.kinds_found(request.user, text) if k in every]
    found = SEARCH.read(
        request,
        lambda a: queries.found(request.user, text, a.genre if a.genre in every else ""),
        options={"genre": lambda: genres},
    )
    noted(request, {row.kind for row in found.page})
    context = {
        "section": "search", "list": found, "q": text, "wrong": wrong,
        "others": searching.found(request.user, text) if text else (), "crumbs": [("", _t("Recherche"))],
    }  # fmt: skip
    return render(request, "chain/search.html", context)


def opened(request: HttpRequest, identifier: str) -> Sheet:
    """The record of an address, or 404: what a person may not open does not exist for them."""
    try:
        one = queries.opened(request.user, parsed(identifier))
    except NotAnIdentifier:
        one = None
    if one is None:
        raise Http404(identifier)
    noted(request, [one.known.key])
    return one


def record(request: HttpRequest, identifier: str) -> HttpResponse:
    """One record: its identifier, its page, what it rests on, what rests on it."""
    one = opened(request, identifier)
    up, down = (queries.ways(request.user, one, up=way) for way in (True, False))
    noted(request, {way.kind.key for way in (*up, *down)} - {one.known.key})
    title = one.title.text(get_language() or "fr")
    crumbs = [(reverse("search:all"), _t("Recherche")), ("", one.identifier)]
    context = {"section": "search", "one": one, "title": title, "up": up, "down": down, "crumbs": crumbs}
    return render(request, "chain/record.html", context)


def way(request: HttpRequest, identifier: str, way: str) -> HttpResponse:
    """Every record of one link, page by page."""
    one = opened(request, identifier)
    both = [*queries.ways(request.user, one, up=True), *queries.ways(request.user, one, up=False)]
    found = next((w for w in both if w.word == way), None)
    if found is None:
        raise Http404(way)
    noted(request, {found.kind.key} - {one.known.key})
    page = edge.paged(request, found.rows, 50)
    context = {
        "section": "search", "one": one, "title": one.title.text(get_language() or "fr"), "way": found, "page": page,
        "sheets": [queries.sheet(found.kind, row) for row in page],
        "crumbs": [(reverse("search:all"), _t("Recherche")), (one.at, one.identifier), ("", _t(found.says))],
    }  # fmt: skip
    return render(request, "chain/way.html", context)


def noted(request: HttpRequest, kinds: Iterable[str]) -> None:
    """Keep in the ledger that personal data was looked at, once for each kind of act."""
    every = registry.every()
    abouts = [every[k].about for k in kinds if k in every]
    reads: set[Any] = {about.reads for about in abouts if isinstance(about, About) and about.reads}
    for kind in sorted(reads, key=lambda k: str(k.code)):
        read_of_personal_data(by=request.user, kind=kind, subject=f"persons?{request.path}"[:120])  # type: ignore[arg-type]
