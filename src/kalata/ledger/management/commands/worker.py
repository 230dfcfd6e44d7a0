"""The process that does the long jobs: the worker of django-tasks-db, with a pulse, and with what a dead one left."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django_tasks_db.management.commands.db_worker import Command as Base
from django_tasks_db.management.commands.db_worker import Worker

from kalata.ledger import pulse

log = logging.getLogger("kalata.worker")


def taken_back() -> int:
    """Jobs that a worker had begun when it was killed are done again: each is safe to run twice.

    One worker only runs in a house, so at its start none is in progress.
    """
    from django_tasks_db.models import DBTaskResult

    found = DBTaskResult.objects.filter(status="RUNNING")
    count = found.update(status="READY", started_at=None)
    if count:
        log.warning("%d jobs left by a worker that was killed are done again", count)
    return count


class Command(Base):
    help = "Run waiting jobs until told to stop (one for a house)."

    def handle(self, *args: Any, **options: Any) -> None:
        beater = pulse.Beater("worker")
        run_task = Worker.run_task

        def heard(worker: Worker, result: Any) -> None:
            with beater.work():
                run_task(worker, result)

        Worker.run_task = heard  # type: ignore[assignment,method-assign]
        if settings.TASKS["default"]["BACKEND"] == "django_tasks_db.DatabaseBackend":
            taken_back()
        beater.start()
        super().handle(*args, **options)
