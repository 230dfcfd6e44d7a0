"""The notification centre at the doorway."""

from __future__ import annotations

from kalata.rooms import Check, Chore, Entry, Kind, Room, Urls
from kalata.text import gettext_noop as _

ROOM = Room(
    package="kalata.notices",
    title=_("Avis"),
    order=240,
    urls=(Urls("avis/", "kalata.notices.urls", personal=True),),
    doors="kalata.notices.doors.PAGES",
    menu=(
        Entry(
            place=1_000, section="notices", label=_("Avis"), url="notices:list",
            badge="kalata.notices.queries.unread_count",
        ),
    ),
    chores=(Chore("kalata.notices.services.turn", 60), Chore("kalata.notices.mail.send", 60)),
    checks=(Check(560, "mail", "kalata.notices.watching.mail", _("courriel")),),
    kinds=(Kind("notice", _("avis"), "notices.Notice", mark="AVI", about="kalata.notices.chained.NOTICE"),),
    refusals=("kalata.notices.rules.refusals",),
)  # fmt: skip
