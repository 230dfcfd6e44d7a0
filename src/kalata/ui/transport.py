"""What every request meets first: the methods the house answers, machines over TLS only where there is TLS,
and a line of the log for each request that was refused."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from kalata import address
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
MACHINES = "/api/"
REFUSED = frozenset({401, 403, 405, 413, 429})
log = logging.getLogger("kalata.refused")

Handler = Callable[[HttpRequest], HttpResponse]


class InClear(Refused):
    """A machine is not led to TLS: its key has just crossed the network unprotected, and somebody must learn it."""

    code = "EDG-301"
    says = _("Cette adresse ne répond qu’en HTTPS : la clé a été envoyée en clair.")
    remedy = _("Révoquez cette clé, créez-en une autre, et donnez à la machine l’adresse en https://.")
    status = 403


LOOPBACK = address.networks("127.0.0.0/8, ::1")


class ProxyMiddleware:
    """First of all: what a stranger says of his own connection is not heard. X-Forwarded-Proto is believed from
    this machine and from the proxies that the house names (KALATA_TRUSTED_PROXIES), as their address is."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        peer = address.parsed(request.META.get("REMOTE_ADDR", ""))
        if peer is not None and not address.trusted_in(peer, (*LOOPBACK, *settings.TRUSTED_PROXIES)):
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)
        return self.get_response(request)


class TransportMiddleware:
    """Stands behind SecurityMiddleware, whose redirection to HTTPS leaves the addresses of machines out."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.early(request) or self.get_response(request)
        if answer.status_code in REFUSED or (answer.status_code == 404 and signed_in(request)):
            tell(request, answer.status_code)
        return answer

    def early(self, request: HttpRequest) -> HttpResponse | None:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if settings.HTTPS and request.path.startswith(MACHINES) and not request.is_secure():
            problem = InClear()
            return JsonResponse(problem.record(), status=problem.status)
        return None


class HealthMiddleware:
    """The address of probes answers whatever name and scheme they use: a balancer asks a node by its own address, in clear.

    It stands before all that asks for the name, keeps a session or redirects; what it says is for everybody.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info != settings.HEALTH or request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        from kalata.ui.views import health

        answer = health(request)
        answer["Cache-Control"] = "no-store"
        return answer


def signed_in(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated


def tell(request: HttpRequest, status: int) -> None:
    """Who was refused what, from where. Never the parameters: they may hold names."""
    who = request.user.get_username() if signed_in(request) else "-"
    said = {"status": status, "method": request.method, "route": route_of(request)}
    if signed_in(request):
        said["person"] = request.user.pk
    log.warning(
        "%d %s %s by %s from %s", status, request.method, request.path, who, address.of(request) or "-", extra=said
    )


def route_of(request: HttpRequest) -> str:
    """The pattern of the address that was asked, which holds nobody's name; "-" where there is none."""
    match = request.resolver_match
    return str(match.route) if match else "-"
