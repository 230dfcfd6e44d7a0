"""Remember, for the time of a request, where it comes from."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from kalata import address
from kalata.ledger.services import HERE


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = HERE.set(address.of(request))
        try:
            return self.get_response(request)
        finally:
            HERE.reset(token)
