"""The process that does the long jobs: the worker of django-tasks-db, with a pulse, and with what a dead one left.

Of all machines one works (`turns`). While the database is away it waits; a job that the loss interrupted is done again.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from django.conf import settings
from django.db import Error, connections
from django_tasks_db.management.commands import db_worker
from django_tasks_db.management.commands.db_worker import Command as Base

from kalata.ledger import pulse
from kalata.storage import is_away

log = logging.getLogger("kalata.worker")
MOST_TRIES = 3
"""How often one job may lose its database before it is taken for the cause."""
WAIT_S = 2.0


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


class Worker(db_worker.Worker):
    """The same, heard by the house. beater, tries: set by the command."""

    beater: pulse.Beater
    tries: dict[Any, int]

    def run_task(self, db_task_result: Any) -> None:
        keep = db_task_result.set_failed

        def failed(why: BaseException) -> None:
            """A job whose database went away has not failed: it is left begun, and taken back."""
            self.tries[db_task_result.pk] = self.tries.get(db_task_result.pk, 0) + 1
            if is_away(why) and self.tries[db_task_result.pk] < MOST_TRIES:
                raise why
            keep(why)

        if not (self.beater.sure() or self.beater.once()):  # away for long: another machine may do it
            type(db_task_result).objects.filter(pk=db_task_result.pk).update(status="READY", started_at=None)
            raise Waiting
        db_task_result.set_failed = failed
        with self.beater.work():
            super().run_task(db_task_result)


class Waiting(Exception):  # noqa: N818  not a fault
    """The turn is another machine's, or not known."""


class Command(Base):
    help = "Run waiting jobs until told to stop (one for a house); wait while another machine does."

    def handle(self, *args: Any, **options: Any) -> None:
        stored = settings.TASKS["default"]["BACKEND"] == "django_tasks_db.DatabaseBackend"
        if not stored:
            return super().handle(*args, **options)
        Worker.beater, Worker.tries = pulse.Beater("worker", busy=True), {}
        db_worker.Worker = Worker  # type: ignore[misc]
        if not options.get("batch"):
            Worker.beater.start()
        try:
            while not self.worked(options):
                time.sleep(WAIT_S)
        finally:
            Worker.beater.leave()

    def worked(self, options: dict[str, Any]) -> bool:
        """Work while the turn is ours; False where it is to be tried again."""
        try:
            if not (Worker.beater.sure() or (options.get("batch") and Worker.beater.once())):
                return bool(options.get("batch"))
            taken_back()
            super().handle(**options)
        except Waiting:
            return False
        except Error as fault:
            log.warning("the database is away (%s): the work is taken up again", " ".join(str(fault).split())[:200])
            connections.close_all()
            return False
        return True
