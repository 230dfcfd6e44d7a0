"""`kalata serve`, `demo`, `manage`: running the house. Copies are in `backups`, checks in `checking`."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from kalata import forks, rooms
from kalata.cli import setup_django
from kalata.processes import only_house
from kalata.refusals import Refused
from kalata.supervising import reached, supervise
from kalata.text import gettext_noop as _

FEWEST = 10
"""Stations with which every room still has what it shows."""


class TooSmall(Refused):
    code = "CLI-105"
    says = _("Une démonstration de %(asked)s {asked:bureau|bureaux} est trop petite : il en faut au moins %(fewest)s.")
    remedy = _("Donnez --stations %(fewest)s ou plus, ou rien. Rien n’a été écrit.")
    status = 422


def call(*args: str) -> None:
    from django.core.management import call_command

    call_command(*args, verbosity=0)


def held() -> int:
    """The lock of this house's folder."""
    from django.conf import settings

    return only_house(settings.VAR)


def prepared() -> None:
    """A sound database with every migration, and the static files gathered. The caller holds the lock of the folder."""
    from django.conf import settings
    from django.db import connection

    from kalata import modes, storage

    if connection.vendor == "sqlite":
        storage.must_be_sound(Path(str(settings.DATABASES["default"]["NAME"])))
    reached()
    with one_at_a_time():
        call("migrate")
    gather()
    modes.tighten()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Of several machines that start together one changes the tables, the others wait for it.

    The lock is of a transaction on a connection of its own, so that it holds through PgBouncer too.
    """
    from django.db import connection

    if connection.vendor == "sqlite":
        yield
        return
    apart = connection.copy("kalata-migrate")
    try:
        apart.set_autocommit(False)
        with apart.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtext('kalata migrate'))")
        yield
    finally:
        apart.close()


def gather() -> None:
    """Collect and compress the static files, unless those gathered last time are still the ones there are."""
    import hashlib

    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, store in finder.list([]):
            found = os.stat(store.path(name))
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    stamp = Path(settings.VAR) / "static.stamp"
    if stamp.exists() and stamp.read_text() == digest.hexdigest() and Path(settings.STATIC_ROOT).is_dir():
        return
    call("collectstatic", "--noinput", "--clear")  # an older build put back has older files, which are not skipped
    stamp.write_text(digest.hexdigest())


@click.command()
@click.option("--host", default="127.0.0.1")
@click.option("--port", default=8000)
@click.option("--workers", default=3, help="web processes, of 4 threads each")
def serve(host: str, port: int, workers: int) -> None:
    """Run web, worker and background loops under one supervisor that stops them together."""
    setup_django()
    held()
    sys.exit(supervise(host, port, workers, prepared))


@click.command()
@click.option("--host", default="127.0.0.1")
@click.option("--port", default=8000)
@click.option("--load-only", is_flag=True, help="load the fictional election and stop")
@click.option("--stations", default=None, type=int, help="a smaller election, of at least 10 stations")
def demo(host: str, port: int, load_only: bool, stations: int | None) -> None:
    """Load the fictional election (once) and serve it."""
    if stations is not None and stations < FEWEST:
        raise TooSmall(asked=stations, fewest=FEWEST)
    os.environ["KALATA_DEMO"] = "1"
    os.environ.setdefault("KALATA_VAR", str(Path.cwd() / "var" / "demo"))
    setup_django()
    held()
    loads = [room.demonstration.load for room in rooms.every() if room.demonstration.load]

    def loaded() -> None:
        prepared()
        for path in loads:
            start = time.monotonic()
            made = rooms.load(path)(stations=stations, say=lambda text: click.echo(text, err=True))
            click.echo(f"{made} ({time.monotonic() - start:.1f} s)", err=True)

    if load_only:
        return loaded()
    # papers are drawn by threads that no fork inherits: who loads is never who starts the parts of the house
    if status := forks.apart(loaded):
        sys.exit(status)
    sys.exit(supervise(host, port, 2, bool))


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []})
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def manage(args: tuple[str, ...]) -> None:
    """Any Django management command."""
    from kalata import modes

    modes.private()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kalata.settings.office")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["kalata manage", *args])
