"""What screens share: who asks, in which language, where he holds a right, a PDF as an answer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from kalata.country.models import Contest
from kalata.results.access import reach_of
from kalata.results.territory import Reach


def who(request: HttpRequest) -> Any:
    return request.user


def language() -> str:
    return get_language() or "fr"


def reach(request: HttpRequest, contest: Contest, *rights: str) -> Reach:
    """Where in a contest this person holds one of these rights: what a page may show of it."""
    return reach_of(request.user, rights, contest.pk)


def pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
