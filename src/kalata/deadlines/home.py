"""What this room shows on the front page: what is due within seven days and what is late."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from kalata.deadlines import alerts, queries
from kalata.rooms import AtHome, Card, Stage

SHOWN = 6


def shown(request: HttpRequest) -> AtHome:
    """Calendars one may see, what is due within seven days and what is late, nearest first."""
    now = timezone.now()
    calendars = list(queries.calendars(request.user)[:8])
    soon: list[alerts.Due] = []
    overdue: list[alerts.Due] = []
    for calendar in calendars:
        legal = queries.legal(calendar)
        soon += alerts.coming(calendar, legal, now)
        overdue += alerts.late(calendar, legal, now)
    soon.sort(key=lambda d: d.at)
    overdue.sort(key=lambda d: d.at, reverse=True)
    detail = ngettext("%(n)d échéance dans sept jours", "%(n)d échéances dans sept jours", len(soon)) % {"n": len(soon)}
    card = Card(200, "deadlines/_home.html", {"soon": soon[:SHOWN], "overdue": overdue[:SHOWN]})
    return AtHome([Stage("planning", detail, reverse("deadlines:index"), "now" if calendars else "")], [card] if calendars else [])
