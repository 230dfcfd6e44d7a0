"""What a router of the API leans on: the key and who it acts for, the strict reading of a body, the refusals in JSON.

`kalata.api` puts the routers of every room (`Room.api`) behind one description; a room imports from here.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser
from ninja.security import HttpBearer

from kalata import plain
from kalata.people import tokens
from kalata.people.models import ApiToken, Person
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

MOST_BODY = 2 * 2**20


class NotOfTheShape(Refused):
    code = "API-422"
    says = _("Champ « %(field)s » : ce qui est envoyé n’est pas ce que la description demande (%(why)s).")
    remedy = _(
        "Voyez /api/openapi.json : les nombres sont entiers, sans guillemets ni virgule ; chaque champ figure une fois."
    )
    status = 422


class Unknown(Refused):
    code = "API-404"
    says = _("Rien de tel ici pour cette clé.")
    remedy = _("Vérifiez l’adresse, le code et le territoire du mandat.")
    status = 404


class StrictParser(Parser):
    """JSON within bounds, each key once, no NaN. EDG-106."""

    def parse_body(self, request: HttpRequest) -> Any:
        return plain.json_of(request.body, file="JSON", most=MOST_BODY)


class Key(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> ApiToken:
        return tokens.holder(token)


def acting(request: HttpRequest, right: str) -> Person:
    """The person a key acts for, where it carries the right. PEO-312."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    person = tokens.require_scope(token, right)
    request.user = person
    return person
