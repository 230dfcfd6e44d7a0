"""The processes of a house under one supervisor: it starts them, starts again what ends, and stops them together.

What the house is made of is read once, before the first of them: each is a fork, and shares those pages of memory.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import click

from kalata import forks

HASTY_S = 10.0
"""A part that ends sooner than this did not start."""
PAUSES_S = (0.0, 1.0, 2.0, 5.0, 10.0, 15.0)
"""How long before a part is started again, the more often it ended in haste."""
GIVES_UP = {"web": 5}
"""Hasty ends in a row after which the whole house stops: without its pages it serves nobody, and systemd must know."""
UNREACHED_S = 120.0
"""How long a house that starts waits for its database."""


def free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def parts(host: str, port: int, workers: int) -> Mapping[str, Callable[[], int]]:
    """What each process of a house does: the web server, the worker of long jobs, the sequencer."""

    def web() -> int:
        from kalata.web.__main__ import serving

        return serving(host, port, workers)

    def loop(name: str, **named: Any) -> Callable[[], int]:
        def run() -> int:
            from django.core.management import call_command

            call_command(name, **named)
            return 0

        return run

    return {"web": web, "worker": loop("worker", interval=0.5), "sequencer": loop("sequencer")}


class Part:
    """One process of the house, started again when it ends."""

    def __init__(self, name: str, work: Callable[[], int], start: Callable[[str, Callable[[], int]], Any]) -> None:
        self.name, self.work, self.start = name, work, start
        self.hasty = 0
        self.again_at = 0.0
        self.begin()

    def begin(self) -> None:
        self.child = self.start(self.name, self.work)
        self.begun = time.monotonic()
        self.again_at = 0.0

    def look(self, now: float) -> bool:
        """Start it again where it ended and its pause is over. False where it is given up."""
        code = self.child.poll()
        if code is None:
            return True
        if not self.again_at:
            self.hasty = self.hasty + 1 if now - self.begun < HASTY_S else 0
            if self.hasty >= GIVES_UP.get(self.name, sys.maxsize):
                return False
            self.again_at = now + PAUSES_S[min(self.hasty, len(PAUSES_S) - 1)]
            click.echo(
                f"« {self.name} » s’est arrêté (code {code}) ; il est relancé. / ended, and is started again.", err=True
            )
        if now >= self.again_at:
            self.begin()
        return True


def reached(wait_s: float = UNREACHED_S) -> None:
    """Wait until the database answers; what it raised is raised again where it does not in this time."""
    from django.db import Error, connection

    from kalata.storage import is_away

    until, told = time.monotonic() + wait_s, False
    while True:
        try:
            connection.ensure_connection()
            return
        except Error as fault:
            connection.close()
            if not is_away(fault) or time.monotonic() > until:
                raise
            if not told:
                click.echo("La base ne répond pas encore : on attend. / The database does not answer yet.", err=True)
                told = True
            time.sleep(1)


def supervise(host: str, port: int, workers: int, prepared: Callable[[], object]) -> int:
    """Start every process and start again those that end; on a signal, stop them all. Exit status 0 on a signal.

    prepared: done first, in a process of its own, while this one reads the rooms. The caller holds the lock of the folder; the processes hold it too.
    Killed without warning, this one takes them with it: each asked the kernel to die with its parent.
    """
    if not free(host, port):
        click.echo(
            f"Le port {port} est déjà pris : choisissez-en un autre avec --port. / Port {port} is taken.", err=True
        )
        return 2

    def ready() -> None:
        prepared()
        arrive()

    if status := forks.apart(ready, forks.shared):
        return status
    running = {name: Part(name, work, forks.start) for name, work in parts(host, port, workers).items()}
    stopping = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    click.echo(f"Kalata : http://{host}:{port}/   (Ctrl+C pour arrêter / to stop)")
    ended = ""
    while not stopping and not ended:
        time.sleep(0.2)
        ended = next((name for name, one in running.items() if not one.look(time.monotonic())), "")
    stop_all({name: one.child for name, one in running.items()})
    if ended:
        click.echo(
            f"« {ended} » s’arrête sans cesse (code {running[ended].child.returncode}) : tout a été arrêté. / stopped with it.",
            err=True,
        )
        return 1
    leave()
    return 0


def arrive() -> None:
    """Say that this machine is at work. OPS-130: its secrets are not the house's."""
    from django.db import connections

    from kalata.ledger import machines, pulse

    machines.arrive()
    pulse.begin(machines.here())
    connections.close_all()


def leave() -> None:
    """Tell the other machines that this one stopped in order; not where the database is away."""
    from django.db import Error

    from kalata.ledger import machines

    try:
        machines.report(stopped=True)
    except Error:
        click.echo("La base ne répond pas : les autres machines ne savent pas cet arrêt. / The database does not answer: the other machines do not know of this stop.", err=True)


def stop_all(children: Mapping[str, forks.Child]) -> None:
    """Ask each to finish what it does; after the time that takes, kill what is left."""
    for child in children.values():
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + 25
    for child in children.values():
        try:
            child.wait(max(deadline - time.monotonic(), 0.1))
        except TimeoutError:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
