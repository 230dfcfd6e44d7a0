"""Is the whole house at work? Each background process says so every few seconds; silence is an alarm on screen."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from kalata.ledger.models import Pulse
from kalata.text import Message
from kalata.text import gettext_noop as _

log = logging.getLogger("kalata.pulse")
EVERY = 10
SILENCE = 45
"""Seconds without a sign after which a process is missing: said on screen within a minute."""
STALLED = 1800
"""Seconds that one piece of work may take before its process is taken for stuck."""
LOW_DISK = 512 * 2**20
MISSING = {
    "sequencer": _(
        "Le séquenceur ne répond plus depuis %(n)d secondes : rien n’est scellé ni publié. Prévenez l’exploitation (« kalata serve »)."
    ),
    "worker": _(
        "Les travaux de fond ne répondent plus depuis %(n)d secondes : imports et lectures d’images attendent. Prévenez l’exploitation."
    ),
}
FULL = _("Il reste %(n)d Mio sur le disque de la maison : bientôt plus rien ne pourra être enregistré.")
_seen: list[Any] = [0.0, []]
SOURCES: dict[str, Callable[[], Iterable[tuple[str, Message]]]] = {}
"""What else of the house sounds an alarm: a shared part adds itself when it is loaded."""


def beat(*names: str) -> None:
    now = timezone.now()
    for name in names:
        if not Pulse.objects.filter(name=name).update(at=now):
            Pulse.objects.create(name=name, at=now)


def alarms() -> list[tuple[str, Message]]:
    """(name, sentence) of what is missing now. Nothing before the house was first started as a whole."""
    now, found = timezone.now(), []
    for name, at in Pulse.objects.values_list("name", "at"):
        silent = abs((now - at).total_seconds())  # a clock set back is not a sign of life
        if silent > SILENCE and name in MISSING:
            found.append((name, Message(MISSING[name], {"n": int(silent)})))
    free = shutil.disk_usage(settings.VAR).free if settings.VAR.exists() else LOW_DISK
    if free < LOW_DISK:
        found.append(("disk", Message(FULL, {"n": free // 2**20})))
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
    """A thread that says that its process works, unless one piece of work has lasted STALLED seconds."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.since: float | None = None

    @contextmanager
    def work(self) -> Iterator[None]:
        self.since = time.monotonic()
        try:
            yield
        finally:
            self.since = None

    def start(self) -> None:
        threading.Thread(target=self.forever, name=f"pulse-{self.name}", daemon=True).start()

    def forever(self) -> None:
        while True:
            if self.since is None or time.monotonic() - self.since < STALLED:
                try:
                    beat(self.name)
                except DatabaseError:
                    log.exception("the pulse of %s could not be written", self.name)
                    connection.close()
            time.sleep(EVERY)
