"""Country packs and geographies at the doorway."""

from __future__ import annotations

from kalata.rooms import Body, Check, Command, Entry, Kind, Right, Room, Urls
from kalata.text import gettext_noop as _

ROOM = Room(
    package="kalata.country",
    title=_("Pays et textes"),
    order=100,
    urls=(Urls("pays/", "kalata.country.urls"),),
    bodies=(Body(r"/pays/decoupages/([^/]+/)?", 60, ("pack.manage",)),),
    rights=(Right(key="pack.manage", label=_("charger une version du pack et des découpages")),),
    doors="kalata.country.doors.PAGES",
    menu=(
        Entry(place=500, section="country", label=_("Pays et textes"), url="country:index", public=True, aside=True),
    ),
    home="kalata.country.home.shown",
    first_day="kalata.country.first_day.steps",
    commands=(
        Command("pack", "kalata.country.commands.pack", "country packs: check, diff, load"),
        Command("geography", "kalata.country.commands.geography", "import a geography or a crosswalk from CSV"),
    ),
    checks=(Check(600, "packs", "kalata.country.checking.packs", _("packs")),),
    kinds=(
        Kind("geography", _("découpage"), "country.Geography", mark="DCP", about="kalata.country.chained.GEOGRAPHY"),
        Kind("text", _("texte de loi"), mark="TXT", about="kalata.country.chained.TEXT"),
        Kind("article", _("article"), mark="ART", about="kalata.country.chained.ARTICLES"),
        Kind("norm", _("règle de délai"), mark="NRM", about="kalata.country.chained.NORM"),
        Kind("pack", _("pack"), "country.PackVersion", mark="PAK", about="kalata.country.chained.PACK"),
    ),
    refusals=("kalata.country.outlines",),
)
