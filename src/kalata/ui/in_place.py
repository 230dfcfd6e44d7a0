"""A refused act comes back on the page that it was done from, with the refusal at its form and all that was typed in it.

The page is drawn anew by its own view, as the same person would open it now: it tells nothing that they may not read, and
what moved meanwhile is seen, and is not written over by what was typed before. Only the form that was sent is touched. A file cannot be put back: the page says so. Where the page
can no longer be drawn, or holds no such form, the refusal has a page of its own (`ui.middleware.refused`).
"""

from __future__ import annotations

import logging
from urllib.parse import urljoin, urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from kalata.people.middleware import OPEN
from kalata.refusals import Refused
from kalata.ui import edge
from kalata.ui.retyped import Sent, retyped

log = logging.getLogger("kalata.ui")
FORM = "csrfmiddlewaretoken"
"""What every form of a page sends, and no program."""
IN_PLACE = frozenset({400, 409, 422})
"""Refusals of what was done; who may not do it, or a house that cannot, gets the page of the refusal alone."""


def came_from(request: HttpRequest) -> tuple[str, str]:
    """Path and parameters of the page of this house that held the form; two empty words for any other."""
    to = request.headers.get("referer", "")
    if not to or not url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure()):
        return "", ""
    parts = urlsplit(to)
    return parts.path, parts.query


def drawn(request: HttpRequest, path: str, query: str) -> HttpResponse | None:
    """That page as it is now; None where it is not one, or is refused."""
    try:
        match = resolve(path)
        again = edge.reopened(request, path, query)
        again.resolver_match = match
        answer: HttpResponseBase = match.func(again, *match.args, **match.kwargs)
        if callable(draw := getattr(answer, "render", None)):
            draw()
    except (Resolver404, Http404, Refused):
        return None
    except Exception:
        log.exception("page %s not drawn again after a refusal", path)
        return None
    html = isinstance(answer, HttpResponse) and answer.get("Content-Type", "").startswith("text/html")
    return answer if html and answer.status_code == 200 else None  # type: ignore[return-value]


def in_place(request: HttpRequest, problem: Refused) -> HttpResponse | None:
    """The page of the act with its refusal and what was typed; None where there is none to come back to."""
    if request.method != "POST" or problem.status not in IN_PLACE or request.headers.get("HX-Request"):
        return None
    path, query = came_from(request)
    values, files = edge.typed_in(request)
    if path != request.path and request.path.startswith(OPEN):  # open before a second factor: it opens no other page
        return None
    if not path or FORM not in values or (page := drawn(request, path, query)) is None:
        return None
    lang = getattr(request, "LANGUAGE_CODE", "fr")
    context = {
        "refused": problem, "says": problem.message.text(lang), "how": problem.how.text(lang),
        "problems": getattr(problem, "problems", [])[:20], "wrong": getattr(problem, "wrong", []), "files": files,
    }  # fmt: skip

    def says(moved: bool) -> str:
        return render_to_string("ui/_refused_here.html", {**context, "moved": moved}, request=request)

    here = f"{path}?{query}" if query else path
    sent = Sent(urljoin(here, request.path), values, here, moved=problem.status == 409)
    text = retyped(page.content.decode(page.charset or "utf-8"), sent, says)
    if text is None:
        return None
    page.content = text.encode(page.charset or "utf-8")
    page.status_code = problem.status
    return page
