"""Whose turn is it? Of all machines on one database, one runs each background loop; when it falls silent another takes over.

A turn is a row of `Pulse`: the machine that has it, and when it last said so, by the clock of the database, so that
machines whose clocks differ agree. On one machine the folder's own lock is enough to take it at once: a process that
was killed leaves nothing to wait for. No session of the database holds anything: this works through PgBouncer.
"""

from __future__ import annotations

import fcntl
import os
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F, Q
from django.utils import timezone

from kalata.ledger.models import Pulse
from kalata.processes import machine

LEASE = 30
"""Seconds without a sign after which another machine takes the turn: less than the silence that is an alarm."""


def clock() -> datetime:
    """Now, by the clock that all machines share: the database's."""
    if connection.vendor == "sqlite":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
        return found


class Turn:
    """The turn of one loop, as this process sees it. `take` takes it or keeps it; `sure` tells whether to act on it."""

    def __init__(self, name: str, here: str = "") -> None:
        self.name = name
        self.folder = Path(settings.VAR)
        self.here = here or machine(self.folder)
        self.term = 0
        self.mine = False
        self.confirmed = 0.0
        self.held: int | None = None

    def take(self) -> bool:
        """True where the turn is this process's after the call. Called again, it says that the process lives."""
        if not self.alone():
            return False
        now, asked = clock(), time.monotonic()
        rows = Pulse.objects.filter(name=self.name)
        if self.mine:
            self.mine = bool(rows.filter(holder=self.here, term=self.term).update(at=now))
        else:
            self.mine = self.taken(rows, now)
        if self.mine:
            self.confirmed = asked
        return self.mine

    def taken(self, rows: Any, now: datetime) -> bool:
        free = Q(holder__in=("", self.here))
        if connection.vendor == "sqlite":
            free = Q()  # one machine alone can open the file, and its folder's lock is ours
        else:
            free |= Q(at__lt=now - timedelta(seconds=LEASE)) | Q(at__gt=now + timedelta(seconds=LEASE))
        if not rows.exists():
            Pulse.objects.bulk_create([Pulse(name=self.name, at=now)], ignore_conflicts=True)
        if not rows.filter(free).update(at=now, holder=self.here, term=F("term") + 1):
            return False
        self.term = rows.get().term
        return True

    def sure(self) -> bool:
        """Whether nobody else can have it: said by the database less than LEASE seconds ago, whatever happened since."""
        return self.mine and time.monotonic() - self.confirmed < LEASE

    def leave(self) -> None:
        """Give it up in order: the next one need not wait."""
        if self.mine:
            Pulse.objects.filter(name=self.name, holder=self.here, term=self.term).update(holder="")
        self.mine = False
        if self.held is not None:
            os.close(self.held)
            self.held = None

    def alone(self) -> bool:
        """No other process of this machine runs the loop: the lock of a file, which a killed process cannot keep."""
        if self.held is not None:
            return True
        self.folder.mkdir(parents=True, exist_ok=True)
        held = os.open(self.folder / f"{self.name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(held)
            return False
        self.held = held
        return True
