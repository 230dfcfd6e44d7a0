"""Legal calendars at the doorway."""

from __future__ import annotations

from kalata.rooms import Body, Chore, Command, Document, Entry, Kind, Right, Room, Urls
from kalata.text import gettext_noop as _

ROOM = Room(
    package="kalata.deadlines",
    title=_("Calendrier légal"),
    order=300,
    ties="kalata.deadlines.ties.shown",
    urls=(Urls("echeances/", "kalata.deadlines.urls"),),
    bodies=(
        Body(
            r"/echeances/[^/]+/(evenements|derogations)/([^/]+/)?", 30,
            ("deadlines.record", "deadlines.derogate"),
        ),
    ),
    rights=(
        Right(key="deadlines.record", label=_("ouvrir un calendrier légal et constater les événements")),
        Right(key="deadlines.derogate", label=_("demander ou approuver une dérogation à un délai")),
    ),
    doors="kalata.deadlines.doors.PAGES",
    menu=(
        Entry(place=200, section="deadlines", label=_("Calendrier légal"), url="deadlines:index", public=True, aside=True),
    ),
    home="kalata.deadlines.home.shown",
    commands=(
        Command(
            "deadlines", "kalata.deadlines.commands.deadlines",
            "legal time: compute, feasibility, calendar, explain (pure)",
        ),
    ),
    chores=(Chore("kalata.deadlines.alerts.refresh", 60),),
    documents=(Document("poster", _("affiche du calendrier"), "typst/poster.typ"),),
    kinds=(
        Kind("calendar", _("calendrier"), "deadlines.Calendar", mark="CAL", about="kalata.deadlines.chained.CALENDAR"),
        Kind("deadline", _("échéance"), mark="ECH", about="kalata.deadlines.chained.DEADLINE"),
        Kind("derogation", _("dérogation"), "deadlines.Override", mark="DRG", about="kalata.deadlines.chained.DEROGATION"),
        Kind("event", _("événement et sa pièce"), "deadlines.Fact", mark="EVN", about="kalata.deadlines.chained.EVENT"),
    ),
    refusals=("kalata.deadlines.commands",),
)  # fmt: skip
