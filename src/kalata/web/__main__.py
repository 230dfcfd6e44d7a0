"""`python -m kalata.web`: one socket, several processes that serve it, and a parent that replaces those that end."""

from __future__ import annotations

import argparse
import logging
import os
import resource
import signal
import socket
import sqlite3
import sys
import time
from contextlib import suppress
from typing import Any

from kalata import forks
from kalata.processes import called, die_with
from kalata.ready import setup_django

log = logging.getLogger("kalata.web")
HASTY = 5.0
"""A process that ends sooner than this did not start; so many in a row and the parent gives up."""
GIVES_UP = 5
SECONDS = float(os.environ.get("KALATA_REQUEST_SECONDS", "60"))
"""After which a request is ended."""


def listening(host: str, port: int) -> socket.socket:
    one = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.bind((host, port))
    one.listen(1024)
    one.setblocking(False)
    return one


def kept_open() -> sqlite3.Connection | None:
    """A connection that stays: SQLite then keeps its journal's index, which it could not make anew on a full disk."""
    from django.conf import settings
    from django.db import connection

    if connection.vendor != "sqlite":
        return None
    link = sqlite3.connect(str(settings.DATABASES["default"]["NAME"]), check_same_thread=False)
    link.execute("select count(*) from sqlite_master").fetchone()
    return link


def serve_here(door: socket.socket, threads: int, seconds: float) -> int:
    """One web process: the application, its threads, its watch."""
    from django.db.backends.signals import connection_created
    from django.urls import get_resolver

    from kalata.web.server import create
    from kalata.web.watch import Watch
    from kalata.wsgi import application

    get_resolver().url_patterns  # noqa: B018  the rooms are imported before the first request, not within its time
    watch = Watch(seconds, renew=lambda: server.stop())
    connection_created.connect(watch.connected, weak=False)
    server = create(watch.wrap(application), door, threads)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_ignored: server.stop())
    watch.start()
    kept = kept_open()
    server.serve()
    if kept is not None:
        kept.close()
    return 0


class Parent:
    """Keeps `workers` processes alive until it is told to stop."""

    def __init__(self, door: socket.socket, workers: int, threads: int, seconds: float) -> None:
        self.door, self.workers, self.threads, self.seconds = door, workers, threads, seconds
        self.children: dict[int, float] = {}
        self.stopping = False
        self.hasty = 0

    def fork(self) -> None:
        parent = os.getpid()
        child = os.fork()
        if child:
            self.children[child] = time.monotonic()
            return
        status = 1
        try:
            die_with(parent)
            called("kalata-serves")
            status = serve_here(self.door, self.threads, self.seconds)
        except BaseException:
            logging.exception("a web process ends")
        finally:
            sys.stderr.flush()
            os._exit(status)

    def stop(self, *_ignored: Any) -> None:
        self.stopping = True

    def run(self) -> int:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        signal.signal(signal.SIGCHLD, lambda *_ignored: None)  # wakes the sleep
        while not self.stopping and self.hasty < GIVES_UP:
            while len(self.children) < self.workers:
                self.fork()
            self.reap()
            time.sleep(0.2)
        for child in self.children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGTERM)
        until = time.monotonic() + 20
        while self.children and time.monotonic() < until:
            self.reap()
            time.sleep(0.05)
        for child in self.children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        return 0 if self.stopping else 1

    def reap(self) -> None:
        while self.children:
            try:
                child, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                self.children.clear()
                return
            if not child:
                return
            lived = time.monotonic() - self.children.pop(child, 0.0)
            if not self.stopping:
                self.hasty = self.hasty + 1 if lived < HASTY and status else 0
                log.warning("a web process ended (status %d) and is replaced", status)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m kalata.web", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    given = parser.parse_args()
    return serving(given.host, given.port, given.workers, given.threads, given.seconds)


def serving(host: str, port: int, workers: int, threads: int = 4, seconds: float | None = None) -> int:
    """Serve until told to stop; the exit status."""
    setup_django()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 4096), hard), hard))
    door = listening(host, port)
    forks.shared()
    return Parent(door, workers, threads, SECONDS if seconds is None else seconds).run()


if __name__ == "__main__":
    sys.exit(main())
