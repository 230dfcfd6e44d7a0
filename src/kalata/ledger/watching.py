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

from kalata.ledger import house, queries
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
    "%(n)d {n:travail de fond attend|travaux de fond attendent}, le premier depuis %(minutes)d {minutes:minute|minutes} : imports et lectures d’images tardent."
)
OLD = _("La dernière sauvegarde bonne a %(hours)d {hours:heure|heures} : faites-en une (« kalata backup »).")
FOLLOW_S = 120
"""Seconds after which an archive that nothing follows into is an alarm."""
UNFOLLOWED = _(
    "Rien n’est arrivé dans l’archive %(place)s depuis %(n)d {n:seconde|secondes} (« kalata backup stream ») : %(fault)s."
)
TRIAL_H = 50
"""Hours after which a copy that was not put back on trial is an alarm, where trials are made at all."""
UNTRIED = _("Aucune copie n’a été remise à l’essai depuis %(hours)d {hours:heure|heures} (« kalata backup verify »).")
BAD_TRIAL = _("La dernière copie remise à l’essai n’est pas entière : %(fault)s.")
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
    rows = Backup.objects.filter(kind__in=(Backup.Kind.COPY, Backup.Kind.BASE))
    return (rows.filter(fault="") if good else rows).order_by("-at").first()


@contextmanager
def noted(kind: str, place: Path) -> Iterator[Callable[..., None]]:
    """Keep that a backup was written or put back on trial, and what was wrong with it; the block says where and what.

    A copy written whole is an act of the ledger too. Where the database cannot take the note the backup counts all the
    same.
    """
    begun = time.monotonic()
    said: list[Any] = [place, "", 0]

    def note(path: Path, fault: str, files: int = 0) -> None:
        said[:] = [path, fault, files]

    try:
        yield note
    except Refused as problem:
        said[1] = f"{problem.code} {problem}"
        raise
    finally:
        path, fault = Path(said[0]), str(said[1])
        size = path.stat().st_size if not fault and path.is_file() else 0
        with suppress(Error):
            Backup.objects.create(
                at=clock(), machine=here(), kind=kind, place=str(path.absolute())[-300:], size=size,
                seconds=round(time.monotonic() - begun, 1), fault=fault[:300],
            )  # fmt: skip
    if kind != Backup.Kind.DRILL and not fault:
        house.copy_written(size=size, files=said[2])


def followed(place: Path, fault: str) -> None:
    """An archive has had its pass: now, by this machine, and what was wrong with it. A database that is away takes no note."""
    with suppress(Error):
        Backup.objects.update_or_create(
            kind=Backup.Kind.WAL, place=str(place.absolute())[-300:],
            defaults={"machine": here(), "fault": fault[:300], **({} if fault else {"at": clock()})},
            create_defaults={"machine": here(), "fault": fault[:300], "at": clock()},
        )  # fmt: skip


def unfollowed(place: Path) -> int:
    """Nothing follows into that archive any more, and it is no alarm. Returns how many were known under that name."""
    return Backup.objects.filter(kind=Backup.Kind.WAL, place=str(place.absolute())[-300:]).delete()[0]


def backups() -> Iterable[Gauge]:
    if (one := last_backup(good=True)) is not None:
        yield Gauge("backup_age_seconds", "Since the last good backup", age(clock(), one.at))
    for one in Backup.objects.filter(kind=Backup.Kind.WAL):
        yield Gauge(
            "archive_age_seconds",
            "Since the journal of the database last reached an archive",
            age(clock(), one.at),
            {"place": one.place},
        )
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
    yield from archives()


def archives() -> Iterable[tuple[str, Message]]:
    """Archives that nothing follows into, and copies that were not put back on trial, or not whole."""
    now = clock()
    for one in Backup.objects.filter(kind=Backup.Kind.WAL):
        if (silent := age(now, one.at)) > FOLLOW_S:
            yield "archive", Message(UNFOLLOWED, {"place": one.place, "n": int(silent), "fault": one.fault or "–"})
    drills = Backup.objects.filter(kind=Backup.Kind.DRILL).order_by("-at")
    if (last := drills.first()) is not None and last.fault:
        yield "trial", Message(BAD_TRIAL, {"fault": last.fault[:120]})
    good = drills.filter(fault="").first()
    if last is not None and (good is None or age(now, good.at) > TRIAL_H * 3600):
        yield "trial", Message(UNTRIED, {"hours": int(age(now, (good or last).at) // 3600)})


def limit_h() -> float:
    return float(getattr(settings, "BACKUP_HOURS", BACKUP_H))
