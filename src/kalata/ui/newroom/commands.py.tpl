"""`kalata toy`: what the page shows, for scripts."""

import json

import click

from kalata.cli import setup_django


@click.command()
def toy() -> None:
    """The records of toy, as JSON."""
    setup_django()
    from PACKAGE.models import Record

    click.echo(json.dumps([{"id": one.pk, "title": one.title, "state": one.state} for one in Record.objects.all()]))
