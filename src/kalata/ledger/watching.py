"""What can be measured of a house: its loops, machines, long jobs, unsealed acts, backups. Rooms add theirs to `SOURCES`.

A gauge is read from the database at the moment it is asked: every process of every machine gives the same answer, and
nothing is counted in memory. `kalata.metrics` writes them out; `kalata check` and the alarms use the same numbers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error

from kalata.ledger import queries
from kalata.ledger.machines import here
from kalata.ledger.models import Backup, Machine, Pulse
from kalata.ledger.turns import clock
from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _

WAITS_S = 900
"""Seconds that a long job may wait before it is an alarm."""
BACKUP_H = 26
"""Hours after which the last good backup is too old, where backups are made at all."""
WAITING = _(
    "%(n)d travaux de fond attendent, le premier depuis %(minutes)d minutes : imports et lectures d’images tardent."
)
OLD = _("La dernière sauvegarde bonne a %(hours)d heures : faites-en une (« kalata backup »).")
BAD = _("La dernière sauvegarde n’a pas pu être écrite ou relue : %(fault)s.")


@dataclass(frozen=True, slots=True)
class Gauge:
    """One number of the house. name: without its prefix; labels: what tells two of the same name apart, never a person."""

    name: str
    says: str
    value: float
    labels: dict[str, str] = field(default_factory=dict)


SOURCES: dict[str, Callable[[], Iterable[Gauge]]] = {}


def age(now: datetime, at: datetime | None) -> float:
    return (now - at).total_seconds() if at else 0.0


def every() -> list[Gauge]:
    """Every gauge of the house, now."""
    found = [*loops(), *machines(), *jobs(), *acts(), *backups()]
    for source in SOURCES.values():
        found += source()
    return found


def loops() -> Iterable[Gauge]:
    now = clock()
    for one in Pulse.objects.all():
        yield Gauge(
            "loop_silence_seconds",
            "Since a background loop last said that it works",
            age(now, one.at),
            {"loop": one.name},
        )
        yield Gauge("loop_term", "How often a loop has changed hands", one.term, {"loop": one.name})


def machines() -> Iterable[Gauge]:
    now = clock()
    for one in Machine.objects.filter(stopped=False):
        at = {"machine": one.name}
        yield Gauge("machine_silence_seconds", "Since a machine last gave a sign", age(now, one.at), at)
        for name, says in (("free", "Bytes free on the disk of a machine"), ("size", "Bytes of that disk")):
            if name in one.state:
                yield Gauge(f"disk_{name}_bytes", says, one.state[name], at)
        yield Gauge("clock_drift_seconds", "A machine's clock against the database's", one.state.get("drift", 0.0), at)


def queue() -> dict[str, Any]:
    """Long jobs: how many wait, run, failed within a day; since when the first waits."""
    from django_tasks_db.models import DBTaskResult

    now = clock()
    rows = DBTaskResult.objects
    first = (
        rows.filter(status="READY", run_after__lte=now)
        .order_by("enqueued_at")
        .values_list("enqueued_at", flat=True)
        .first()
    )
    return {
        "waiting": rows.filter(status="READY").count(), "running": rows.filter(status="RUNNING").count(),
        "failed": rows.filter(status="FAILED", finished_at__gt=now - timedelta(days=1)).count(), "oldest": age(now, first),
    }  # fmt: skip


def jobs() -> Iterable[Gauge]:
    found = queue()
    for state in ("waiting", "running", "failed"):
        yield Gauge("jobs", "Long jobs, those that failed within a day", found[state], {"state": state})
    yield Gauge("jobs_oldest_seconds", "How long the first long job has waited", found["oldest"])


def acts() -> Iterable[Gauge]:
    yield Gauge("acts_unsealed", "Acts that no seal covers yet", queries.unsealed())


def last_backup(*, good: bool) -> Backup | None:
    rows = Backup.objects.exclude(kind=Backup.Kind.DRILL)
    return (rows.filter(fault="") if good else rows).order_by("-at").first()


@contextmanager
def noted(kind: str, place: Path) -> Iterator[Callable[[Path, str], None]]:
    """Keep that a backup was written or put back on trial, and what was wrong with it; the block says where and what.

    Where the database cannot take the note the backup counts all the same.
    """
    begun = time.monotonic()
    said: list[Any] = [place, ""]

    def note(path: Path, fault: str) -> None:
        said[:] = [path, fault]

    try:
        yield note
    except Refused as problem:
        said[1] = f"{problem.code} {problem}"
        raise
    finally:
        path, fault = Path(said[0]), str(said[1])
        size = path.stat().st_size if not fault and path.exists() else 0
        with suppress(Error):
            Backup.objects.create(
                at=clock(), machine=here(), kind=kind, place=str(path.absolute())[-300:], size=size,
                seconds=round(time.monotonic() - begun, 1), fault=fault[:300],
            )  # fmt: skip


def backups() -> Iterable[Gauge]:
    if (one := last_backup(good=True)) is not None:
        yield Gauge("backup_age_seconds", "Since the last good backup", age(clock(), one.at))
    drill = Backup.objects.filter(kind=Backup.Kind.DRILL, fault="").order_by("-at").first()
    if drill is not None:
        yield Gauge("restore_age_seconds", "Since a backup was last put back on trial", age(clock(), drill.at))


def backup_age_h() -> float | None:
    """Hours since the last good backup; None where none was ever made."""
    one = last_backup(good=True)
    return age(clock(), one.at) / 3600 if one else None


def alarms() -> Iterable[tuple[str, Message]]:
    found = queue()
    if found["oldest"] > WAITS_S:
        yield "queue", Message(WAITING, {"n": found["waiting"], "minutes": int(found["oldest"] // 60)})
    hours = backup_age_h()
    if hours is not None and hours > limit_h():
        yield "backup", Message(OLD, {"hours": int(hours)})
    last = last_backup(good=False)
    if last is not None and last.fault:
        yield "backup-fault", Message(BAD, {"fault": last.fault[:120]})


def limit_h() -> float:
    return float(getattr(settings, "BACKUP_HOURS", BACKUP_H))
