"""`kalata disputes`: each command is imported when it is called, so that the pure ones start at once, without settings."""

from __future__ import annotations

import click

from kalata import rooms

COMMANDS: dict[str, str] = {
    "archive": "kalata.disputes.commands.keeping.archive",
    "counter": "kalata.disputes.commands.counter.counter",
    "admissible": "kalata.disputes.commands.admitting.command",
    "authority": "kalata.disputes.commands.authority.authority",
    "draw": "kalata.disputes.commands.drawing.draw",
    "gate": "kalata.disputes.commands.gating.command",
    "keygen": "kalata.disputes.commands.sealing.keygen",
    "list": "kalata.disputes.commands.keeping.list_",
    "materiality": "kalata.disputes.commands.weighing.materiality",
    "recheck": "kalata.disputes.commands.keeping.recheck",
    "recompute": "kalata.disputes.commands.recomputing.recompute",
    "seal": "kalata.disputes.commands.sealing.seal",
    "sealed": "kalata.disputes.commands.keeping.sealed",
    "unseal": "kalata.disputes.commands.sealing.unseal",
    "verify": "kalata.disputes.commands.verifying.verify",
}
"""The word of each command, and where its click command is."""


class Subcommands(click.Group):
    """A group that knows its commands by name and loads the one that is asked."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        where = COMMANDS.get(name)
        return rooms.load(where) if where else None


@click.group(cls=Subcommands)
def disputes() -> None:
    """Petitions, decisions and what they change: materiality, recompute, gate, admissible, verify, sealing (pure); list, archive, sealed, recheck (database)."""
