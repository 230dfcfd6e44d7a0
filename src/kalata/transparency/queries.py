"""Reads of the public logs."""

from __future__ import annotations

from django.db.models import Max, QuerySet

from kalata.transparency.models import LogCheckpoint, Outbox, PublicLog, Witness
from kalata.ui import trend


def logs() -> QuerySet[PublicLog]:
    return PublicLog.objects.all()


def signed_logs() -> QuerySet[PublicLog]:
    """Logs with a checkpoint: those whose keys a reader may ask for."""
    return PublicLog.objects.filter(checkpoints__isnull=False).distinct()


def witnesses() -> QuerySet[Witness]:
    return Witness.objects.all()


SHOWN = 4
"""Logs named on the front page: the latest signed."""


def heads() -> list[tuple[PublicLog, LogCheckpoint, int, int]]:
    """(log, its last signed state, witnesses that signed it, active witnesses), the latest first."""
    latest = PublicLog.objects.annotate(last=Max("checkpoints__pk")).exclude(last=None).order_by("-last")[:SHOWN]
    points = LogCheckpoint.objects.in_bulk([one.last for one in latest])
    of = Witness.objects.filter(active=True).count()
    return [(one, points[one.last], points[one.last].cosignatures.count(), of) for one in latest]


def unsigned() -> int:
    """Announced, and under no signature yet."""
    return Outbox.objects.filter(done=False).count()


def signed_trend() -> tuple[int, ...]:
    """Entries under a signature at twelve instants: the sizes of the signed states, which are few beside the entries."""
    asks = {n: Max("size", filter=until) for n, until in trend.instants(LogCheckpoint.objects.all(), "at")}
    if not asks:
        return ()
    rows = LogCheckpoint.objects.values("log").annotate(**asks).order_by().values_list(*asks)
    return tuple(sum(size or 0 for size in sizes) for sizes in zip(*rows, strict=True))
