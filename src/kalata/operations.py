"""`kalata serve`, `demo`, `manage`: running the house. Copies are in `backups`, checks in `checking`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import click

from kalata import rooms
from kalata.cli import setup_django
from kalata.processes import die_with, only_house


def call(*args: str) -> None:
    from django.core.management import call_command

    call_command(*args, verbosity=0)


def prepared() -> int:
    """A sound database with every migration, the static files gathered, and the lock of the folder, which is returned."""
    from django.conf import settings
    from django.db import connection

    from kalata import modes, storage

    held = only_house(settings.VAR)
    if connection.vendor == "sqlite":
        storage.must_be_sound(Path(str(settings.DATABASES["default"]["NAME"])))
    call("migrate")
    gather()
    modes.tighten()
    return held


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
    call("collectstatic", "--noinput")
    stamp.write_text(digest.hexdigest())


def free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


@click.command()
@click.option("--host", default="127.0.0.1")
@click.option("--port", default=8000)
@click.option("--workers", default=3, help="web processes, of 4 threads each")
def serve(host: str, port: int, workers: int) -> None:
    """Run web, worker and background loops under one supervisor that stops them together."""
    setup_django()
    sys.exit(supervise(host, port, workers, prepared()))


def parts(host: str, port: int, workers: int) -> Mapping[str, list[str]]:
    """The processes of a house: the web server, the worker of long jobs, the sequencer."""
    python = [sys.executable, "-m"]
    return {
        "web": [*python, "kalata.web", "--host", host, "--port", str(port), "--workers", str(workers)],
        "worker": [*python, "kalata", "manage", "worker", "--interval", "0.5"],
        "sequencer": [*python, "kalata", "manage", "sequencer"],
    }


def supervise(host: str, port: int, workers: int, held: int) -> int:
    """Start every process; when one ends, or on a signal, stop them all. Exit status 0 on a signal.

    Killed without warning, it takes them with it: each asked the kernel to die with its parent.
    """
    if not free(host, port):
        click.echo(
            f"Le port {port} est déjà pris : choisissez-en un autre avec --port. / Port {port} is taken.", err=True
        )
        return 2
    from django.db import connections

    from kalata.ledger import pulse

    pulse.beat(*pulse.MISSING)
    connections.close_all()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "kalata.settings.office"),
    }
    here = os.getpid()
    children = {
        name: subprocess.Popen(
            line, env=environment, start_new_session=True, pass_fds=[held], preexec_fn=lambda: die_with(here)
        )
        for name, line in parts(host, port, workers).items()
    }
    stopping = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    click.echo(f"Kalata : http://{host}:{port}/   (Ctrl+C pour arrêter)")
    ended = ""
    while not stopping and not ended:
        time.sleep(0.2)
        ended = next((name for name, child in children.items() if child.poll() is not None), "")
    stop_all(children)
    if ended:
        click.echo(
            f"« {ended} » s’est arrêté (code {children[ended].returncode}) : tout a été arrêté. / stopped with it.",
            err=True,
        )
        return 1
    return 0


def stop_all(children: Mapping[str, subprocess.Popen[bytes]]) -> None:
    """Ask each to finish what it does; after the time that takes, kill what is left."""
    for child in children.values():
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + 25
    for child in children.values():
        try:
            child.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


@click.command()
@click.option("--host", default="127.0.0.1")
@click.option("--port", default=8000)
@click.option("--load-only", is_flag=True, help="load the fictional election and stop")
@click.option("--stations", default=None, type=int, help="a smaller election (tests)")
def demo(host: str, port: int, load_only: bool, stations: int | None) -> None:
    """Load the fictional election (once) and serve it."""
    os.environ["KALATA_DEMO"] = "1"
    os.environ.setdefault("KALATA_VAR", str(Path.cwd() / "var" / "demo"))
    setup_django()
    held = prepared()
    for path in [room.demonstration.load for room in rooms.every() if room.demonstration.load]:
        start = time.monotonic()
        made = rooms.load(path)(stations=stations, say=lambda text: click.echo(text, err=True))
        click.echo(f"{made} ({time.monotonic() - start:.1f} s)", err=True)
    if not load_only:
        sys.exit(supervise(host, port, 2, held))


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []})
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def manage(args: tuple[str, ...]) -> None:
    """Any Django management command."""
    from kalata import modes

    modes.private()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kalata.settings.office")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["kalata manage", *args])
