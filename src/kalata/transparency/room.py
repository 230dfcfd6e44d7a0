"""The public log and its site at the doorway."""

from __future__ import annotations

from kalata.rooms import Body, Check, Chore, Command, Entry, Kind, Right, Room, Urls
from kalata.text import gettext_noop as _

ROOM = Room(
    package="kalata.transparency",
    title=_("Journal public"),
    order=400,
    urls=(
        Urls("preuves/", "kalata.transparency.log_urls"),
        Urls("publication/", "kalata.transparency.site_urls"),
    ),
    bodies=(Body(r"/preuves/[^/]+/usb", 5, ("log.keys",)),),
    rights=(
        Right(key="log.keys", label=_("garder la clé du journal public et la liste des témoins")),
    ),
    doors="kalata.transparency.doors.PAGES",
    menu=(
        Entry(place=300, section="log", label=_("Journal public"), url="log:index", public=True, aside=True),
    ),
    home="kalata.transparency.home.shown",
    first_day="kalata.transparency.first_day.steps",
    commands=(
        Command("log", "kalata.transparency.log_commands.log", "the public log: key ceremony, verify, prove, check-proof"),
        Command(
            "witness", "kalata.transparency.witness_commands.witness",
            "cosign a public log after checking it (pure)",
        ),
        Command("publish", "kalata.transparency.site.commands.publish", "write the static public site"),
    ),
    chores=(
        Chore("kalata.transparency.site.house.refresh", 60),
        Chore("kalata.transparency.publiclog.sequence_all", 60),
    ),
    checks=(Check(500, "log", "kalata.transparency.checking.public_log", _("public")),),
    kinds=(
        Kind("public log", _("journal public"), "transparency.PublicLog", mark="JPU", about="kalata.transparency.chained.LOG"),
        Kind("log_entry", _("inscription au journal public"), "transparency.LogEntry", mark="INS", about="kalata.transparency.chained.ENTRY"),
    ),
    refusals=(
        "kalata.transparency.ceremony",
        "kalata.transparency.log_commands",
        "kalata.transparency.site.builder",
        "kalata.transparency.site.commands",
    ),
)  # fmt: skip
