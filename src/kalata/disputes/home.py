"""What this room shows on the front page, and what waits there."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kalata.disputes.queries.cases import cases
from kalata.disputes.rules.steps import RECEIVE, REGISTRY, State
from kalata.people.queries import rights_of
from kalata.rooms import AtHome, Line, lines


def waits(request: HttpRequest) -> list[Line]:
    """For the registry: what is received and not docketed yet, and what waits to be cured."""
    if REGISTRY not in rights_of(request.user):
        return []
    mine, out = cases(request.user), []
    if n := mine.filter(state=State.RECEIVED).count():
        says = ngettext("%(n)d requête à enrôler", "%(n)d requêtes à enrôler", n) % {"n": n}
        out.append(Line(620, "doc", says, reverse("disputes:registry")))
    return out


def shown(request: HttpRequest) -> AtHome:
    """The card of the Court, for who receives or keeps the registry."""
    if not rights_of(request.user) & {RECEIVE, REGISTRY}:
        return AtHome()
    mine = cases(request.user).exclude(state=State.DRAFT)
    n = mine.count()
    says = ngettext("%(n)d requête reçue", "%(n)d requêtes reçues", n) % {"n": n}
    found = [Line(620, "doc", says, reverse("disputes:registry"))]
    return AtHome(cards=[lines(620, _("Contentieux"), found)])
