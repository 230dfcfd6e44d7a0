"""Two guards of a session: it ends when left alone, and critical roles need a second factor."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import quote

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from kalata.country.rules.rights import CRITICAL
from kalata.people import queries

Handler = Callable[[HttpRequest], HttpResponse]
OPEN = ("/compte/", "/static/", "/langue/", "/apparence/", "/sante")


class IdleMiddleware:
    """End the session of a privileged person after KALATA_IDLE_MINUTES without a request."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            last = request.session.get("seen", now)
            if now - last > settings.IDLE_MINUTES * 60 and queries.rights_of(request.user) & CRITICAL:
                logout(request)
                messages.info(
                    request,
                    _("Votre session a été fermée après %(n)d minutes sans activité.") % {"n": settings.IDLE_MINUTES},
                )
                return redirect(f"{reverse(settings.LOGIN_URL)}?next={quote(request.path)}")
            if now - last > 30 or "seen" not in request.session:
                request.session["seen"] = now
        return self.get_response(request)


class SecondFactorMiddleware:
    """A person whose rights are critical sets up a second factor before anything else.

    In demonstration mode the accounts are public and the data fictional: the guard rests.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if (
            user.is_authenticated
            and not settings.DEMO
            and not request.path.startswith(OPEN)
            and queries.rights_of(user) & CRITICAL
            and not is_mfa_enabled(user)
        ):
            messages.warning(
                request,
                _("Votre rôle exige un second facteur : ajoutez une application de codes ou une clé de sécurité."),
            )
            return redirect("mfa_index")
        return self.get_response(request)
