"""Names of cookies. Over TLS they begin with __Host-: a browser then takes them from this very host alone, over TLS, for the whole site."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage import cookie, fallback, session
from django.http import HttpRequest

HOST = "__Host-"


def name(base: str) -> str:
    return f"{HOST}{base}" if settings.HTTPS else base


def read(request: HttpRequest, base: str) -> str:
    return request.COOKIES.get(name(base), "")


class MessageCookie(cookie.CookieStorage):
    """What a page says once, under a name of the house."""

    @property
    def cookie_name(self) -> str:  # type: ignore[override]
        return name("messages")


class Messages(fallback.FallbackStorage):
    storage_classes = (MessageCookie, session.SessionStorage)
