"""What this room shows on the front page, and what waits there."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from PACKAGE import queries

from kalata.rooms import AtHome, Line, lines


def waits(request: HttpRequest) -> list[Line]:
    mine = queries.records(request.user, state="open")[:5]
    return [Line(PLACE, "doc", one.title, f"{reverse('toy:list')}#r{one.pk}") for one in mine]


def shown(request: HttpRequest) -> AtHome:
    found = waits(request)
    return AtHome(cards=[lines(PLACE, _("Toy"), found)] if found else [])
