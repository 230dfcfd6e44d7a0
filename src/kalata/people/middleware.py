"""Guards of a session: it ends when left alone or after a day's work, critical roles need a second factor,
a device becomes known by a whole sign-in, and nothing personal stays in a cache."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kalata import rooms
from kalata.country.rules.rights import CRITICAL
from kalata.people import devices, factors, queries
from kalata.text import told
from kalata.ui import cookies

Handler = Callable[[HttpRequest], HttpResponse]
OPEN = ("/compte/", "/static/", "/langue/", "/apparence/", "/sante")
PERSONAL = ("/api/", *(f"/{one.prefix}" for room in rooms.every() for one in room.urls if one.personal))
"""Pages that tell of persons or of unpublished work even where nobody is signed in any more."""
ALONE = "kalata_alone"
"""Cookie of a page that reloads by itself: such a request is not a sign that somebody is there."""


class NoStoreMiddleware:
    """Nothing shown to a signed-in person, and no personal page or answer to a key, stays in any cache."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        user = getattr(request, "user", None)
        mine = request.path.startswith(PERSONAL) or (user is not None and user.is_authenticated)
        if mine and "no-store" not in answer.get("Cache-Control", ""):
            answer["Cache-Control"] = "no-store"
        if getattr(request, "signed_out", False):
            answer["Clear-Site-Data"] = '"cache", "storage"'
        return answer


class DeviceMiddleware:
    """After a whole sign-in the account knows this browser: wrong tries made elsewhere never slow it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        person = getattr(request, "signed_in", None)
        if person is not None and request.user.is_authenticated:
            devices.remember(request, answer, person)
        return answer


class IdleMiddleware:
    """End a session left alone: after KALATA_IDLE_MINUTES where rights are critical, after an hour for everybody else,
    and any session after 12 hours."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            last = request.session.get("seen", now)
            began = request.session.setdefault("began", now)
            if now - last > settings.IDLE_MINUTES * 60:
                critical = queries.rights_of(request.user) & CRITICAL
                minutes = (
                    settings.IDLE_MINUTES if critical else max(settings.IDLE_MINUTES, settings.IDLE_MINUTES_OTHERS)
                )
                if now - last > minutes * 60:
                    said = told(_("Votre session a été fermée après %(n)d {n:minute|minutes} sans activité."), get_language(), {"n": minutes})
                    return ended(request, said)
            if now - began > settings.SESSION_COOKIE_AGE:
                return ended(request, _("Votre session a été fermée après douze heures : connectez-vous de nouveau."))
            if "seen" not in request.session or (now - last > 30 and cookies.read(request, ALONE) != "1"):
                request.session["seen"] = now
        return self.get_response(request)


def ended(request: HttpRequest, said: str) -> HttpResponse:
    logout(request)
    messages.info(request, said)
    return redirect(f"{reverse(settings.LOGIN_URL)}?next={quote(request.path)}")


class SecondFactorMiddleware:
    """A person whose rights are critical sets up a second factor before anything else.

    In demonstration mode the accounts are public and the data fictional: the guard rests.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and not request.path.startswith(OPEN) and factors.lacks_factor(user):
            messages.warning(
                request,
                _("Votre rôle exige un second facteur : ajoutez une application de codes ou une clé de sécurité."),
            )
            return redirect("mfa_index")
        return self.get_response(request)
