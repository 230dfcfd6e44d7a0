"""`kalata prepare` and `kalata part`: the house as units of systemd, each of its parts started, stopped and watched by itself.

`kalata serve` is the same in one process that supervises; the two never run together on a folder (OPS-101).
"""

from __future__ import annotations

import sys

import click

from kalata.cli import setup_django
from kalata.processes import release, share

PARTS = ("web", "worker", "sequencer")


@click.command()
def prepare() -> None:
    """Bring the tables up to this build and gather the static files: once, before the parts. Refused while one runs."""
    from kalata import operations, supervising

    setup_django()
    held = operations.held()
    operations.prepared()
    release(held)
    supervising.arrive()


@click.command()
@click.argument("name", type=click.Choice(PARTS))
@click.option("--host", default="127.0.0.1", help="web: where it listens")
@click.option("--port", default=8000, help="web: its port")
@click.option("--workers", default=3, help="web: processes, of 4 threads each")
def part(name: str, host: str, port: int, workers: int) -> None:
    """Run one part of the house in the foreground, until told to stop: web, worker or sequencer (`kalata prepare` first)."""
    setup_django()
    from django.conf import settings

    from kalata.ready import NotReady, is_empty, lacks_migrations

    held = share(settings.VAR, name)
    if is_empty() or lacks_migrations():
        raise NotReady
    if name == "web":
        from kalata.web.__main__ import serving

        sys.exit(serving(host, port, workers))
    from django.core.management import call_command

    call_command(name, **({"interval": 0.5} if name == "worker" else {}))
    release(held)
