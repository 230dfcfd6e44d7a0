"""The acts of this room that the ledger keeps."""

from __future__ import annotations

from kalata.ledger.rules.kinds import declare
from kalata.text import gettext_noop as _

CALENDAR_OPENED = declare("calendar.opened", _("Calendrier ouvert"), "calendar", "family rounds polling_day")
CALENDAR_TEXTS = declare("calendar.texts", _("Date des textes du calendrier changée"), "calendar", "law_date moved")
CALENDAR_PUBLISHED = declare("calendar.published", _("Calendrier publié"), "calendar", public=True)
CALENDAR_RECALLED = declare("calendar.recalled", _("Calendrier retiré de la publication"), "calendar", public=True)
EVENT = "event round day at standing document sha256 fact moved"
EVENT_PLANNED = declare("event.planned", _("Événement prévu"), "calendar", EVENT, public=True)
EVENT_ACTUAL = declare("event.actual", _("Événement constaté"), "calendar", EVENT, public=True)
EVENTS = {"planned": EVENT_PLANNED, "actual": EVENT_ACTUAL}
EVENT_CORRECTED = declare("event.corrected", _("Événement corrigé"), "calendar", EVENT, public=True)
EVENT_WITHDRAWN = declare("event.withdrawn", _("Événement retiré"), "calendar", public=True)
ASSUMPTION_MADE = declare("assumption.made", _("Hypothèse posée"), "calendar", "start end least most")
ASSUMPTION_DROPPED = declare("assumption.dropped", _("Hypothèse retirée"), "calendar")
DEADLINE_BREACHED = declare("deadline.breached", _("Délai dépassé"), "calendar", "line law article days", public=True)
DEADLINE_DEROGATED = declare(
    "deadline.derogated", _("Dérogation appliquée"), "calendar", "override norm kind moved", public=True
)
DEADLINE_DEROGATION_ENDED = declare("deadline.derogation_ended", _("Dérogation terminée"), "calendar", public=True)
