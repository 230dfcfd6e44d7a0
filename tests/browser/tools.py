"""What browser tests share: axe, the width of a page, a session without the sign-in page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
"""Debian's Chromium without its windows where it is there: the same pages for half the processor's time."""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium(*flags: str) -> Iterator[object]:
    """A browser that is closed whatever happens."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])
        yield started
        started.close()


def axe(page):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in found]


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def open_session(page, live_server, person):
    import time

    from allauth.mfa.models import Authenticator
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    Authenticator.objects.get_or_create(user_id=person.pk, type="totp", defaults={"data": {"secret": "x"}})
    store = SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY], store[HASH_SESSION_KEY] = (
        str(person.pk),
        "allauth.account.auth_backends.AuthenticationBackend",
        person.get_session_auth_hash(),
    )
    store["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
    store["account_authentication_methods_user"] = str(person.pk)
    store.save()
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": store.session_key, "url": live_server.url}]
    )
