"""Processes of the house made by forking one that has read all of it: they share its memory and start at once.

Python counts who holds each object beside the object, so that a page of memory which is only read is written all the
same and stops being shared; what stands before the fork is therefore taken out of the collector's sight (`shared`), and
of the rest most is never touched by an idle process.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import time
from collections.abc import Callable

from kalata.processes import called, die_with

log = logging.getLogger("kalata.house")


class Child:
    """A forked process, as its parent sees it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit status, negative where a signal ended it; None while it runs."""
        if self.returncode is None:
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:
                pid, status = self.pid, 0
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, seconds: float = 3600.0) -> int:
        """The same once it ended. TimeoutError: it still runs."""
        until = time.monotonic() + seconds
        while (code := self.poll()) is None:
            if time.monotonic() > until:
                raise TimeoutError
            time.sleep(0.02)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


def shared() -> None:
    """Read what every process needs, close what none may inherit, and let no collection walk over it again."""
    from django.contrib.contenttypes.models import ContentType
    from django.core.management import load_command_class
    from django.db import connections
    from django.urls import get_resolver
    from django.utils.translation import trans_real

    get_resolver().url_patterns  # noqa: B018  every room
    for language in ("fr", "en"):
        trans_real.translation(language)
    for name in ("worker", "sequencer"):
        load_command_class("kalata.ledger", name)
    from kalata.web import server  # noqa: F401
    from kalata.wsgi import application  # noqa: F401

    ContentType.objects.clear_cache()
    connections.close_all()
    gc.collect()
    gc.freeze()


def start(name: str, work: Callable[[], int]) -> Child:
    """Fork a process that does `work` in a session of its own, dies with this one, and is called kalata-NAME by `ps -e`."""
    here = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return Child(pid)
    status = 1
    try:
        os.setsid()
        die_with(here)
        called(f"kalata-{name}")
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        status = work()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        log.exception("the process %s ends", name)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def apart(work: Callable[[], object], meanwhile: Callable[[], object] = bool) -> int:
    """Do `work` in a fork: what it read and opened goes with it. Its exit status; a refusal is told (2).

    meanwhile: done here at the same time, on the other processor.
    """
    from django.db import connections

    from kalata.cli import as_refusal, tell

    def told() -> int:
        try:
            work()
        except Exception as fault:
            refused = as_refusal(fault)
            if refused is None:
                raise
            tell(refused)
            return 2
        return 0

    connections.close_all()
    child = start("prepare", told)
    try:
        meanwhile()
        return child.wait()
    except KeyboardInterrupt:
        child.send_signal(signal.SIGTERM)
        child.wait()
        return 130
