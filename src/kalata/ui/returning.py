"""Where a small act leads back to: the page it was done on."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from kalata.ui import edge, fields


class Back(edge.Edge):
    """Where the reader came from."""

    suite = fields.TextField(most=2_000)


def back(request: HttpRequest, asked: str) -> str:
    """An address of this house; the front page for any other, and for what is no address at all."""
    to = asked or request.headers.get("referer", "/")
    own = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return to if own and to.startswith(("/", "http")) and not fields.hidden(to) else "/"
