"""The ledger of acts at the doorway."""

from __future__ import annotations

from kalata.rooms import Check, Command, Entry, Kind, Right, Room, Urls
from kalata.text import gettext_noop as _

READS = frozenset({"ledger.read"})

ROOM = Room(
    package="kalata.ledger",
    title=_("Journal des actes"),
    order=50,
    urls=(Urls("journal/", "kalata.ledger.urls", personal=True),),
    rights=(Right(key="ledger.read", label=_("lire et exporter le journal")),),
    doors="kalata.ledger.doors.PAGES",
    first_day="kalata.ledger.first_day.steps",
    menu=(Entry(place=1_100, section="ledger", label=_("Journal"), url="ledger:list", rights=READS),),
    commands=(
        Command("ledger", "kalata.ledger.commands.ledger", "the audit trail: verify, export"),
        Command("machines", "kalata.ledger.commands.machines", "the machines of the house, and who runs its loops"),
    ),
    checks=(
        Check(100, "pulse", "kalata.ledger.checking.pulse", _("processus")),
        Check(110, "machines", "kalata.ledger.checking.machines", _("machines")),
        Check(120, "clock", "kalata.ledger.checking.clock", _("horloge")),
        Check(130, "queue", "kalata.ledger.checking.queue", _("travaux")),
        Check(140, "backup", "kalata.ledger.checking.backup", _("copies")),
        Check(200, "ledger", "kalata.ledger.checking.chain", _("journal")),
        Check(250, "told", "kalata.ledger.checking.told", _("actes")),
        Check(300, "guards", "kalata.ledger.checking.guards", _("verrous")),
    ),
    refusals=("kalata.ledger.machines",),
    kinds=(Kind("ledger", _("journal des actes"), "ledger.Act", mark="ACT", about="kalata.ledger.chained.ACT"),),
)
