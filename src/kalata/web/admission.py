"""May the sender of these headers send a large body here? Asked of the database, in a thread, before reading it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie

log = logging.getLogger("kalata.web")


def admitted(headers: Mapping[str, str], rights: tuple[str, ...]) -> bool:
    """True for a signed-in person, or a key, that holds one of these rights somewhere. The page checks where."""
    from django.db import close_old_connections

    try:
        key = headers.get("AUTHORIZATION", "").removeprefix("Bearer ").strip()
        return key_holds(key, rights) if key else session_holds(headers.get("COOKIE", ""), rights)
    except Exception:  # whatever the reason, nobody is admitted who could not be asked about
        log.exception("the sender of a large body could not be checked")
        return False
    finally:
        close_old_connections()


def may_carry(headers: Mapping[str, str]) -> bool:
    """Do these headers bear anything that could be asked about? Cheap: no database."""
    from django.conf import settings

    return "AUTHORIZATION" in headers or f"{settings.SESSION_COOKIE_NAME}=" in headers.get("COOKIE", "")


def key_holds(key: str, rights: tuple[str, ...]) -> bool:
    from kalata.people import queries, tokens
    from kalata.refusals import Refused

    try:
        token = tokens.holder(key)
    except Refused:
        return False
    return any(r in token.scopes and queries.may_somewhere(token.person, r) for r in rights)


def session_holds(cookie: str, rights: tuple[str, ...]) -> bool:
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import get_user
    from django.http import HttpRequest

    from kalata.people import queries

    try:
        held = SimpleCookie(cookie).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return False
    if held is None:
        return False
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(held.value)
    person = get_user(request)
    return person.is_authenticated and bool(queries.rights_of(person) & set(rights))
