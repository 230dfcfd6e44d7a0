"""What awaits a person in this room, and the mandates their front page recalls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.people import queries, services
from kalata.people.models import Person
from kalata.rooms import AtHome, Card, Line
from kalata.text import told

SHOWN = 5
"""Requests named one by one on the front page; the badge of the menu counts them all."""


def how_many(person: Any) -> int:
    """Requests that wait for a decision of this person."""
    return len(queries.waiting_approvals(person))


def waits(request: HttpRequest) -> Iterator[Line]:
    """Decisions to take; for who keeps the accounts, those never opened."""
    for one in queries.waiting_approvals(request.user)[:SHOWN]:
        asked = _t("demandé par %(who)s") % {"who": one.asked_by.username}
        yield Line(100, "lock", one.summary, reverse("people:approval", args=[one.pk]), asked)
    if sheets := len(queries.sheets_to_print(request.user)):  # type: ignore[arg-type]
        says = told(_t("%(n)d {n:feuille|feuilles} d’activation à imprimer"), get_language(), {"n": sheets})
        yield Line(110, "print", says, reverse("people:mandates"), _t("votre moitié ; l’autre est à qui a demandé"))
    if queries.may(request.user, "people.manage"):
        idle = Person.objects.filter(activated_at__isnull=True).count()
        if idle:
            says = told(_t("%(n)d {n:compte attend son|comptes attendent leur} activation"), get_language(), {"n": idle})
            yield Line(900, "people", says, f"{reverse('people:list')}?etat=waiting")


def home(request: HttpRequest) -> AtHome:
    if not request.user.is_authenticated:
        return AtHome()
    mine = queries.live_mandates(request.user)  # type: ignore[arg-type]
    return AtHome(cards=[Card(400, "people/_home.html", {"mine": mine, "roles": services.pack_roles()})])
