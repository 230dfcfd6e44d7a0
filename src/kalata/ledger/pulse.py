"""Is the whole house at work? Each background process says so every few seconds; silence is an alarm on screen."""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import Error, connection

from kalata.ledger import machines, watching
from kalata.ledger.models import Pulse
from kalata.ledger.turns import Turn, clock
from kalata.text import Message
from kalata.text import gettext_noop as _

log = logging.getLogger("kalata.pulse")
EVERY = 10
SILENCE = 35
"""Seconds without a sign after which a process is missing: said on screen within a minute."""
STALLED = 1800
"""Seconds that one piece of work may take before its process is taken for stuck."""
LOW_DISK = 512 * 2**20
MISSING = {
    "sequencer": _(
        "Le séquenceur ne répond plus depuis %(n)d {n:seconde|secondes} : rien n’est scellé ni publié. Prévenez l’exploitation (« kalata serve »)."
    ),
    "worker": _(
        "Les travaux de fond ne répondent plus depuis %(n)d {n:seconde|secondes} : imports et lectures d’images attendent. Prévenez l’exploitation."
    ),
}
FULL = _("Il reste %(n)d Mio sur le disque de la maison : bientôt plus rien ne pourra être enregistré.")
_seen: list[Any] = [0.0, []]
SOURCES: dict[str, Callable[[], Iterable[tuple[str, Message]]]] = {}
"""What else of the house sounds an alarm: a shared part adds itself when it is loaded."""


def beat(*names: str) -> None:
    """Say that these loops work, whoever runs them."""
    now = clock()
    for name in names:
        if not Pulse.objects.filter(name=name).update(at=now):
            Pulse.objects.create(name=name, at=now)


def begin(here: str) -> None:
    """A house starts: its loops are expected from now on. Those of another machine keep the sign they last gave."""
    now = clock()
    for name in MISSING:
        _row, fresh = Pulse.objects.get_or_create(name=name, defaults={"at": now})
        if not fresh and connection.vendor == "sqlite":
            Pulse.objects.filter(name=name).update(at=now)
        elif not fresh:
            Pulse.objects.filter(name=name, holder__in=("", here)).update(at=now)


def alarms() -> list[tuple[str, Message]]:
    """(name, sentence) of what is missing now. Nothing before the house was first started as a whole."""
    now, found = clock(), []
    for name, at in Pulse.objects.values_list("name", "at"):
        silent = abs((now - at).total_seconds())  # a clock set back is not a sign of life
        if silent > SILENCE and name in MISSING:
            found.append((name, Message(MISSING[name], {"n": int(silent)})))
    free = shutil.disk_usage(settings.VAR).free if settings.VAR.exists() else LOW_DISK
    if free < LOW_DISK:
        found.append(("disk", Message(FULL, {"n": free // 2**20})))
    found += machines.alarms(SILENCE, LOW_DISK)
    found += watching.alarms()
    for source in SOURCES.values():
        found += source()
    return found


def alarms_lately(seconds: float = 5.0) -> list[tuple[str, Message]]:
    """The same, asked at most every few seconds by each process: for every staff page."""
    now = time.monotonic()
    if now - _seen[0] > seconds:
        _seen[:] = [now, alarms()]
    return _seen[1]


def forget() -> None:
    _seen[:] = [0.0, []]


class Beater:
    """A thread that says that its process works, unless one piece of work has lasted STALLED seconds.

    It holds the turn of the loop: while another machine has it, this process waits. Where the turn is lost in the
    middle of a piece of work (the database was away longer than a turn lasts), the process ends rather than go on
    beside another; its supervisor starts it again. What it says of the machine: `tells`.
    """

    def __init__(self, name: str, tells: Callable[[], object] | None = None, *, busy: bool = False) -> None:
        """busy: the loop never rests, so losing the turn always ends it."""
        self.name = name
        self.busy = busy
        self.turn = Turn(name)
        self.tells = tells
        self.since: float | None = None
        self.lock = threading.Lock()
        self.ended = False

    @contextmanager
    def work(self) -> Iterator[None]:
        self.since = time.monotonic()
        try:
            yield
        finally:
            self.since = None

    def sure(self) -> bool:
        """Is the turn ours, beyond doubt? Asked before each piece of work."""
        return self.turn.sure()

    def once(self) -> bool:
        """Take the turn or keep it, in this thread. True where it is ours."""
        with self.lock:
            return not self.ended and self.turn.take()

    def leave(self) -> None:
        """The end of the loop, in order: the next machine need not wait."""
        with self.lock:
            self.ended = True
            try:
                self.turn.leave()
            except Error:
                log.warning("the turn of %s could not be given up; it falls free by itself", self.name)

    def start(self) -> None:
        threading.Thread(target=self.forever, name=f"pulse-{self.name}", daemon=True).start()

    def forever(self) -> None:
        while not self.ended:
            self.beat()
            time.sleep(EVERY if self.turn.mine else EVERY / 2)

    def beat(self, end: Callable[[int], object] = os._exit) -> None:
        """One sign of life; `end` is called where the turn was lost in the middle of work."""
        had = self.turn.mine
        try:
            if self.since is None or time.monotonic() - self.since < STALLED:
                lost = not self.once() and had and not self.ended
                if lost and (self.busy or self.since is not None):
                    log.error("another machine has taken the turn of %s: this process ends", self.name)
                    end(75)
            if self.tells is not None:
                self.tells()
        except Error:
            log.warning("the pulse of %s could not be written; it is tried again", self.name)
            connection.close()
        except Exception:  # a thread that ends would silence the loop for good
            log.exception("the pulse of %s", self.name)
