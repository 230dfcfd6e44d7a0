"""What this room shows on the front page: what is due within seven days and what is late."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _t

from kalata.deadlines import alerts, queries
from kalata.rooms import AtHome, Card, Line, Stage
from kalata.text import Message

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
    stages = [Stage("planning", detail, reverse("deadlines:index"), "now" if calendars else "")]
    if not request.user.is_authenticated:
        return AtHome(stages, [card] if calendars else [])
    several = len({calendar.election_id for calendar in calendars}) > 1
    return AtHome(stages, late=[told(d, "late", several) for d in overdue], soon=[told(d, "clock", several) for d in soon])


def told(due: alerts.Due, icon: str, several: bool) -> Line:
    """A limit as a line: what is due, when, how far that is; of which vote, where the reader follows several."""
    lang, limit = get_language() or "fr", due.line.limit
    days = abs(due.distance).days
    far = ngettext("%(n)d jour de retard", "%(n)d jours de retard", days) if due.late else ngettext("dans %(n)d jour", "dans %(n)d jours", days)  # fmt: skip
    what = Message("%(what)s", {"what": due.line.norm.what}).text(lang)
    detail = limit.sentence().text(lang) if limit else ""
    if due.line.unverified:
        detail = f"{detail} · {_t('non vérifié')}"
    if several:
        vote = due.calendar.election
        name = (vote.name_en if lang == "en" else "") or vote.name_fr
        detail = f"{name} · {detail}" if detail else name
    href = reverse("deadlines:rule", args=[due.calendar.code, due.line.key])
    far = far % {"n": days}
    return Line(500, icon, what[:1].upper() + what[1:], href, detail, far, election=due.calendar.election_id)
