"""`kalata training gain`: what a session taught, by both means."""

from __future__ import annotations

import click

from kalata.training.commands import inputs
from kalata.training.rules.statistics_gain import COLUMNS, gain_of


@click.command()
@click.argument("scores", metavar="SCORES.csv")
@click.option("--json", "as_json", is_flag=True)
def gain(scores: str, as_json: bool) -> None:
    """Mean of individual gains, gain of means, and who could gain nothing."""
    found = gain_of(inputs.table(scores, COLUMNS))
    if as_json:
        inputs.emit(found)
    else:
        for key, value in found.items():
            click.echo(f"{key:<16} {value}")
