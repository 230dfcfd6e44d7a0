"""The one command. Rooms bring their commands; nothing heavy is imported before it is needed.

Exit status: 0 done; 1 done and something is wrong; 2 bad arguments or unreadable input.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from kalata import __version__, processes, rooms
from kalata.ready import NotReady, lacks_tables
from kalata.ready import setup_django as setup_django
from kalata.refusals import Refused
from kalata.rooms import HOUSE, Command
from kalata.settings import written


def commands() -> dict[str, Command]:
    """Every command by its word: the house's own, then those of the rooms."""
    return {one.name: one for one in (*(c for room in rooms.every() for c in room.commands), *HOUSE)}


def command(name: str) -> Command | None:
    """The command of that word. The room called so is asked first: the others need not be read to count votes.

    Where a room comes from outside all are read, for two that claim the same word stop the house (ROO-102).
    """
    if not rooms.outside() and f"kalata.{name}" in rooms.inside():
        own = [one for one in rooms.declared(f"kalata.{name}").commands if one.name == name]
        if own:
            return own[0]
    return commands().get(name)


def as_refusal(fault: Exception) -> Refused | None:
    """What a person is told instead of a traceback; None for what nobody foresaw."""
    if isinstance(fault, Refused):
        return fault
    if lacks_tables(fault):
        return NotReady()
    from kalata.storage import fault_of

    return fault_of(fault)


def tell(refused: Refused) -> None:
    """The code, the sentence and the remedy in both languages; as JSON too where JSON was asked for."""
    if "--json" in sys.argv:
        click.echo(json.dumps({"error": refused.record()}, ensure_ascii=False))
    click.echo(f"{refused.code}  {refused.message.text('fr')}\n        {refused.how.text('fr')}", err=True)
    if refused.message.text("en") != refused.message.text("fr"):
        click.echo(f"        {refused.message.text('en')}\n        {refused.how.text('en')}", err=True)
    for problem in getattr(refused, "problems", [])[:20]:
        click.echo(
            f"  row {problem.row}, {problem.field}: {problem.code} {problem.message.text('fr')} {problem.remedy.text('fr')}",
            err=True,
        )


class Lazy(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(commands())

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        found = command(name)
        return rooms.load(found.what) if found else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(one.name, one.says) for _name, one in sorted(commands().items())])

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        try:
            if sys.argv[1:2] != ["demo"]:  # the file is of the house of this machine
                written.load(must=False)
            return super().make_context(*args, **kwargs)
        except Refused as refused:  # the help itself lists what the rooms bring
            tell(refused)
            sys.exit(2)

    def invoke(self, ctx: click.Context) -> object:
        processes.die_if_asked()
        try:
            return super().invoke(ctx)
        except Exception as fault:
            refused = as_refusal(fault)
            if refused is None:
                raise
            tell(refused)
            ctx.exit(2)


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kalata")
def main() -> None:
    """Kalata: an election, from the law to the proclaimed result."""


def language(asked: str | None) -> str:
    """The language of what a command prints: the one asked, English where LANG says so, else French."""
    import os

    return asked or ("en" if os.environ.get("LC_ALL", os.environ.get("LANG", "")).startswith("en") else "fr")
