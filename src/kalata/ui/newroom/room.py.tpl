"""Toy at the doorway: all that the house must know of this room. docs/en/new-room.md says what each line gives."""

from kalata.rooms import Chore, Command, Document, Entry, Kind, Right, Room, Urls
from kalata.text import gettext_noop as _

KEEP = "toy.keep"
ROOM = Room(
    package="PACKAGE",
    title=_("Toy"),
    order=ORDER,
    urls=(Urls("toy/", "PACKAGE.urls"),),
    rights=(Right(key=KEEP, label=_("tenir les fiches de Toy"), critical=False, machine=True),),
    doors="PACKAGE.doors.PAGES",
    menu=(Entry(place=PLACE, section="toy", label=_("Toy"), url="toy:list", rights=frozenset({KEEP})),),
    home="PACKAGE.home.shown",
    waits="PACKAGE.home.waits",
    api="PACKAGE.api.router",
    commands=(Command("toy", "PACKAGE.commands.toy", "the records of toy, as JSON"),),
    chores=(Chore("PACKAGE.services.close_forgotten", 3_600),),
    kinds=(Kind("toy", _("fiche de Toy"), "toy.Record", mark="MARK", about="PACKAGE.chained.TOY"),),
    documents=(Document("toy-closing", _("clôture d’une fiche de Toy"), made_from="toy"),),
)
