"""`kalata plan`: each command is imported when it is called, so that it starts at once, without settings or database."""

from __future__ import annotations

import click

from kalata import rooms

COMMANDS: dict[str, str] = {
    "budget": "kalata.planning.commands.budget.command",
    "convert": "kalata.planning.commands.convert.convert",
    "level": "kalata.planning.commands.level.command",
    "odds": "kalata.planning.commands.odds.odds",
    "print": "kalata.planning.commands.printing.print_",
    "quality": "kalata.planning.commands.quality.quality",
    "schedule": "kalata.planning.commands.schedule.schedule",
    "simulate": "kalata.planning.commands.simulate.simulate",
}
"""The word of each command, and where its click command is: one line each, in order of the word."""


class Subcommands(click.Group):
    """A group that knows its commands by name and loads the one that is asked."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        where = COMMANDS.get(name)
        return rooms.load(where) if where else None


@click.group(cls=Subcommands)
def plan() -> None:
    """The operational plan: each command reads a file or - and stores nothing."""
