"""The store of kept files at the doorway: no page of its own, a loop that reads them again."""

from __future__ import annotations

from kalata.rooms import Check, Chore, Command, Kind, Room
from kalata.text import gettext_noop as _

ROOM = Room(
    package="kalata.evidence",
    title=_("Pièces gardées"),
    order=250,
    commands=(
        Command(
            "store", "kalata.evidence.commands.store", "kept files: say where they are, bring them to a shared store"
        ),
    ),
    chores=(Chore("kalata.evidence.rehash.turn", 60),),
    checks=(Check(550, "evidence", "kalata.evidence.checking.kept", _("pièces")),),
    kinds=(Kind("piece", _("pièce gardée"), "evidence.Content", mark="GDE", about="kalata.evidence.chained.PIECE"),),
    refusals=(
        "kalata.evidence.rules.access",
        "kalata.evidence.decoding",
        "kalata.evidence.store",
        "kalata.evidence.s3",
        "kalata.evidence.commands",
    ),
)
