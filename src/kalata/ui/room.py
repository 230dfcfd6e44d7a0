"""The house itself: its front page, and the pages every house has."""

from __future__ import annotations

from kalata.rooms import Entry, Kind, Room, Urls
from kalata.text import gettext_noop as _

ROOM = Room(
    package="kalata.ui",
    title=_("La maison"),
    order=0,
    urls=(Urls("", "kalata.ui.urls"),),
    doors="kalata.ui.doors.PAGES",
    menu=(Entry(place=0, section="home", label=_("Accueil"), url="home", public=True),),
    kinds=(Kind("house", _("la maison")),),
)
