"""What the console does for the whole house, kept as acts: the first day and the watch look for it there."""

from __future__ import annotations

import logging

from django.db import Error

from kalata.ledger import kinds
from kalata.ledger.services import record

log = logging.getLogger("kalata.house")


def copy_written(*, size: int, files: int) -> None:
    """A copy was written and read back. A database of another version, or that takes no writing, keeps no act: the copy is
    good all the same."""
    try:
        record(by=None, kind=kinds.COPY_WRITTEN, subject="house", after={"bytes": size, "files": files})
    except Error:
        log.warning("the copy is written; the ledger could not keep it")


def copy_restored(*, base: str, until: str, held: int) -> None:
    """A copy was put in place; what was done after it is not in this database. held: public logs that wait (LOG-205)."""
    record(by=None, kind=kinds.COPY_RESTORED, subject="house", after={"base": base, "until": until, "held": held})


def rehearsed(*, papers: object, clerks: object, kills: object) -> None:
    """A night was rehearsed without a gap, on a database of its own."""
    record(by=None, kind=kinds.REHEARSED, subject="house", after={"papers": papers, "clerks": clerks, "kills": kills})
