"""`kalata training check SOURCE`: what keeps a source of manuals from being printed, without printing it. Pure."""

from __future__ import annotations

import sys

import click

from kalata.training.commands import sourced


@click.command()
@sourced.asked
@click.option("--json", "as_json", is_flag=True)
def check(folder: str, roles: tuple[str, ...], langs: str, draft: bool, as_json: bool) -> None:
    """What is wrong in a source of manuals. Exit status 1 where something is."""
    asked = sourced.ask(folder, roles, langs, draft=draft)
    sourced.tell(asked, as_json=as_json)
    sys.exit(1 if asked.wrong else 0)
