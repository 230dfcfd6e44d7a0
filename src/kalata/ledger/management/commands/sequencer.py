"""The one process, of all machines, that seals acts into the chain, and tidies what has expired."""

from __future__ import annotations

import logging
import os
import signal
import time
from typing import Any

from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections, connection
from django.utils import timezone

from kalata import rooms, stopping
from kalata.ledger import machines, pulse
from kalata.ledger.services import seal_waiting
from kalata.processes import give_back
from kalata.stopping import Stopped, handlers_back
from kalata.storage import is_away

log = logging.getLogger("kalata.sequencer")


class Command(BaseCommand):
    help = "Seal waiting acts every few seconds until told to stop; wait while another machine does."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--every", type=float, default=5.0)
        parser.add_argument("--once", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        with handlers_back():
            self.loop(*args, **options)

    def loop(self, *args: Any, every: float, once: bool, **options: Any) -> None:
        going = True

        def stop(*_ignored: Any) -> None:
            nonlocal going
            going = False
            stopping.ask()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        parent = os.getppid()
        beater = pulse.Beater("sequencer", tells=machines.report)
        if once:
            if not beater.once():
                return
        else:
            beater.start()
        tidied = 0.0
        chores = [(rooms.load(one.what), one.seconds, one.what) for room in rooms.every() for one in room.chores]
        done = dict.fromkeys((name for *_rest, name in chores), 0.0)
        while going:
            if beater.sure():
                with beater.work():
                    tidied = self.round(chores, done, tidied, beater)
            if connection.vendor != "sqlite":
                close_old_connections()  # on SQLite one stays: no request is then the last to close the journal
            if once:
                while seal_waiting() is not None:  # what the chores of this round have written
                    pass
            if once or os.getppid() != parent:
                break
            waited = 0.0
            while going and waited < (every if beater.sure() else 0.5):
                time.sleep(0.2)
                waited += 0.2
        beater.leave()

    def round(
        self, chores: list[tuple[Any, int, str]], done: dict[str, float], tidied: float, beater: pulse.Beater
    ) -> float:
        """Seal what waits, tidy, do the chores whose turn it is. Returns when it last tidied."""
        try:
            while seal_waiting() is not None:
                pass
            if time.monotonic() - tidied > 600:
                Session.objects.filter(expire_date__lt=timezone.now()).delete()
                tidied = time.monotonic()
        except Error as fault:
            log.warning("sealing failed (%s); the next round tries again", " ".join(str(fault).split())[:200])
            connection.close()
            return tidied
        for chore, seconds, name in chores:
            if stopping.asked() or not beater.sure():  # the database was away for long: another machine may have the turn
                break
            if not done[name] or time.monotonic() - done[name] > seconds:
                done[name] = time.monotonic()
                try:
                    chore()
                    give_back()
                except Stopped:
                    log.info("told to stop during %s: the next start does it", name)
                    return tidied
                except Exception as fault:  # a broken chore must not stop the sealing of acts
                    if is_away(fault):
                        done[name] = 0.0
                        log.warning("the database went away during %s; the next round tries again", name)
                        connection.close()
                        return tidied
                    log.exception("chore %s failed; the next round tries again", name)
        return tidied
