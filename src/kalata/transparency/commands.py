"""`kalata ledger`."""

from __future__ import annotations

import json
import sys

import click

from kalata.cli import setup_django


@click.group()
def ledger() -> None:
    """The audit trail."""


@ledger.command()
@click.option("--json", "as_json", is_flag=True)
def verify(as_json: bool) -> None:
    """Recompute every seal; exit status 1 where the chain does not hold."""
    setup_django()
    from kalata.transparency import queries

    broken = [{"seal": b.seal, "got": b.got, "want": b.want} for b in queries.breaks()]
    last = queries.last_seal()
    record = {
        "whole": not broken,
        "breaks": broken,
        "unsealed": queries.unsealed(),
        "last": last.hash if last else None,
    }
    click.echo(
        json.dumps(record)
        if as_json
        else ("chain whole, last " + str(record["last"]) if not broken else f"BROKEN at {broken}")
    )
    sys.exit(1 if broken else 0)


@ledger.command()
def export() -> None:
    """Every act as one canonical JSON line."""
    setup_django()
    from kalata.transparency.models import Act
    from kalata.transparency.rules.chain import line

    for act in Act.objects.order_by("pk").iterator():
        click.echo(line(act.line()))
