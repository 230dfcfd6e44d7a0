"""Search, identifiers and links at the doorway: a box on every page, the sheet of each record."""

from __future__ import annotations

from kalata.rooms import Check, Chore, Kind, Room, Urls
from kalata.text import gettext_noop as _

ROOM = Room(
    package="kalata.chain",
    title=_("Recherche et liens"),
    order=60,
    urls=(
        Urls("recherche/", "kalata.chain.urls", personal=True),
        Urls("fiches/", "kalata.chain.urls_sheets", personal=True),
    ),
    doors="kalata.chain.doors.PAGES",
    chores=(Chore("kalata.chain.services.gather", 60), Chore("kalata.chain.services.reread", 86_400)),
    checks=(Check(570, "index", "kalata.chain.checking.indexed", _("recherche")),),
    kinds=(Kind("record", _("fiche d’un enregistrement")),),
    refusals=("kalata.identifiers",),
)
