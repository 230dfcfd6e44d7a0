"""Public pages for a crowd: the same page asked again within seconds is drawn once, where its room says so (`Urls.crowd`).

What is kept is what somebody who is not signed in reads, for `MICRO_CACHE` seconds at most and only while the room gives
the same mark of what it tells: figures are never older than the database's. Who asks for a page while it is drawn waits
for it. Each answer has an ETag; the token of a form is the reader's own.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from kalata import rooms
from kalata.ui import cookies

TASTES = ("theme", "contrast", "keys")
"""Cookies that change how a page looks and say nothing of who reads it."""
TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}(?=")')
MARK = b"\x00kalata reader\x00"
MOST, LARGEST, PATIENCE = 400, 200_000, 5.0


@dataclass(frozen=True, slots=True)
class Kept:
    """A drawn page, without the token of who asked first."""

    until: float
    stamp: Any
    body: bytes
    headers: tuple[tuple[str, str], ...]
    digest: str


_kept: OrderedDict[Any, Kept] = OrderedDict()
_drawing: dict[Any, Lock] = {}
_lock = Lock()


def forget() -> None:
    with _lock:
        _kept.clear()
        _drawing.clear()


class CrowdMiddleware:
    """Stands behind the token of forms and the language, before everything that asks who is there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.groups = rooms.addresses()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.MICRO_CACHE or not (mark := for_everybody(request, self.groups)):
            return self.get_response(request)
        key = key_of(request)
        try:
            stamp = rooms.load(mark)()
        except DatabaseError:  # the page says of the fault what there is to say
            return self.get_response(request)
        if (found := held(key, stamp)) is not None:
            return answer(request, found)
        with _lock:
            mine = _drawing.setdefault(key, Lock())
        got = mine.acquire(timeout=PATIENCE)
        try:
            if (found := held(key, stamp)) is not None:
                return answer(request, found)
            drawn = self.get_response(request)
            made = kept(drawn, stamp)
            if made is None:
                return drawn
            keep(key, made)
            return answer(request, made)
        finally:
            if got:
                mine.release()
            with _lock:
                if _drawing.get(key) is mine and not mine.locked():
                    del _drawing[key]


def for_everybody(request: HttpRequest, groups: Iterable[rooms.Urls]) -> str:
    """The function that marks what a page tells, where a reader asks for it of whom nothing is known but tastes; or ""."""
    mark = next((one.crowd for one in groups if request.path.startswith(f"/{one.prefix}")), "")
    known = {settings.LANGUAGE_COOKIE_NAME, settings.CSRF_COOKIE_NAME, *map(cookies.name, TASTES)}
    plain = request.path.endswith("/") and request.COOKIES.keys() <= known and "Authorization" not in request.headers
    return mark if plain and request.method in ("GET", "HEAD") else ""


def key_of(request: HttpRequest) -> tuple[Any, ...]:
    """What the drawing of a page depends on, and nothing of who asks."""
    return (
        request.scheme, request.get_host(), request.get_full_path(), get_language(), request.headers.get("HX-Request"),
        *(cookies.read(request, taste) for taste in TASTES),
    )  # fmt: skip


def held(key: Any, stamp: Any) -> Kept | None:
    with _lock:
        found = _kept.get(key)
    return found if found is not None and found.stamp == stamp and found.until > time.monotonic() else None


def kept(drawn: HttpResponse, stamp: Any) -> Kept | None:
    """The answer as it may be given to others. None: it is not a whole page, or says something to this reader alone."""
    whole = drawn.status_code == 200 and not drawn.streaming and not drawn.cookies
    if not whole or not drawn.get("Content-Type", "").startswith("text/html") or drawn.has_header("Cache-Control"):
        return None
    body = TOKEN.sub(rb"\1" + MARK, drawn.content)
    if len(body) > LARGEST:
        return None
    return Kept(
        time.monotonic() + settings.MICRO_CACHE, stamp, body, tuple(drawn.items()), hashlib.sha256(body).hexdigest()
    )


def keep(key: Any, made: Kept) -> None:
    with _lock:
        _kept[key] = made
        _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)


def answer(request: HttpRequest, found: Kept) -> HttpResponse:
    """A kept page for this reader: 304 where he has it, else its bytes with a token of his own."""
    own = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    tag = f'W/"{hashlib.sha256(f"{found.digest} {own}".encode()).hexdigest()[:32]}"'
    if own and tag in request.headers.get("If-None-Match", ""):
        made = HttpResponse(status=304)
    else:
        body = found.body
        if MARK in body:
            body = body.replace(MARK, get_token(request).encode())
        made = HttpResponse(body, headers=dict(found.headers))
    made["ETag"], made["Cache-Control"] = tag, "private, no-cache"
    patch_vary_headers(made, ("Cookie",))
    return made
