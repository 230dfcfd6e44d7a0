"""`kalata training` and `kalata posts`: each command is imported when it is called, so that it starts at once, without settings or database."""

from __future__ import annotations

import click

from kalata import rooms

TRAINING: dict[str, str] = {
    "badge": "kalata.training.commands.badge.badge",
    "cascade": "kalata.training.commands.cascade.cascade",
    "check": "kalata.training.commands.check.check",
    "dilution": "kalata.training.commands.dilution.dilution",
    "errors": "kalata.training.commands.errors.errors",
    "gain": "kalata.training.commands.gain.gain",
    "impact": "kalata.training.commands.impact.impact",
    "items": "kalata.training.commands.items.items",
    "manual": "kalata.training.commands.manual.manual",
    "quiz": "kalata.training.commands.quiz.quiz",
}
"""`kalata training`: the word of each command, and where its click command is: one line each, in order of the word."""

POSTS: dict[str, str] = {
    "conflicts": "kalata.training.commands.conflicts.conflicts",
    "readiness": "kalata.training.commands.readiness.readiness",
}
"""`kalata posts`: the same."""


class Subcommands(click.Group):
    """A group that knows its commands by name and loads the one that is asked."""

    words: dict[str, str] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self.words)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        where = self.words.get(name)
        return rooms.load(where) if where else None


class TrainingCommands(Subcommands):
    words = TRAINING


class PostsCommands(Subcommands):
    words = POSTS


@click.group(cls=TrainingCommands)
def training() -> None:
    """Training: each command reads files or - and stores nothing."""


@click.group(cls=PostsCommands)
def posts() -> None:
    """Posts: who holds which, and what is not covered. Each command reads files or - and stores nothing."""
