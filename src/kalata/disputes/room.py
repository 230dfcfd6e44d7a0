"""Disputes at the doorway: all that the house must know of this room. docs/en/new-room.md says what each line gives."""

from kalata.rooms import Command, Room
from kalata.text import gettext_noop as _

ROOM = Room(
    package="kalata.disputes",
    title=_("Contentieux"),
    order=600,
    commands=(
        Command(
            "disputes", "kalata.disputes.commands.disputes", "petitions, decisions and what they change (pure parts)"
        ),
    ),
)
