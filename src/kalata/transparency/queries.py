"""Reads of the public logs."""

from __future__ import annotations

from django.db.models import QuerySet

from kalata.transparency.models import PublicLog, Witness


def logs() -> QuerySet[PublicLog]:
    return PublicLog.objects.all()


def signed_logs() -> QuerySet[PublicLog]:
    """Logs with a checkpoint: those whose keys a reader may ask for."""
    return PublicLog.objects.filter(checkpoints__isnull=False).distinct()


def witnesses() -> QuerySet[Witness]:
    return Witness.objects.all()
