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
    """Recompute every seal, look at every guard; exit status 1 where the chain or a guard does not hold."""
    setup_django()
    from kalata.ledger import locks, queries

    broken = [{"seal": b.seal, "got": b.got, "want": b.want} for b in queries.breaks()]
    unguarded = [{"table": f.table, "guard": f.guard, "what": f.what} for f in locks.faults()]
    last = queries.last_seal()
    record = {
        "whole": not broken,
        "breaks": broken,
        "guarded": not unguarded,
        "guards": unguarded,
        "unsealed": queries.unsealed(),
        "last": last.hash if last else None,
    }
    if as_json:
        click.echo(json.dumps(record))
    else:
        click.echo(f"BROKEN at {broken}" if broken else f"chain whole, last {record['last']}")
        for one in unguarded:
            click.echo(f"UNGUARDED {one['table']}: {one['guard']} {one['what']}")
    sys.exit(1 if broken or unguarded else 0)


@ledger.command()
def export() -> None:
    """Every act as one canonical JSON line."""
    setup_django()
    from kalata.ledger.models import Act
    from kalata.ledger.rules.chain import line

    for act in Act.objects.order_by("pk").iterator():
        click.echo(line(act.line()))
