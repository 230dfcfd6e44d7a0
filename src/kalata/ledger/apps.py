import logging
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.module_loading import autodiscover_modules

log = logging.getLogger("kalata.guards")
BONDS = "0002_bonds"
"""The migration after which acts hold digests: rows that were there are covered once, when it has run."""


class LedgerConfig(AppConfig):
    name = "kalata.ledger"
    label = "ledger"

    def ready(self) -> None:
        pre_migrate.connect(guards_aside, sender=self, dispatch_uid="kalata.guards.aside")
        autodiscover_modules("kinds")  # what each room declares
        post_migrate.connect(guards_again, sender=self, dispatch_uid="kalata.guards")


def guards_aside(using: str, plan: Any = None, **_rest: Any) -> None:
    """Take the guards off a SQLite that is about to be migrated; `guards_again` sets those of the new shape.

    SQLite changes a table by making another one and giving it the name; a trigger elsewhere that reads the table
    makes that impossible half way. A migration that stops leaves the guards off: nothing serves such a database,
    `kalata check` names them, and the next `migrate` sets them.
    """
    from django.db import connections

    from kalata.ledger import locks

    if plan and connections[using].vendor == "sqlite":
        locks.aside(using)


def guards_again(using: str, plan: Any = None, **_rest: Any) -> None:
    """Set the guards that a migration dropped. Where none ran, somebody else took them off: the ledger says so."""
    from kalata.ledger import kinds, locks, services

    mended = locks.install(using)
    if any((m.app_label, m.name, back) == ("ledger", BONDS, False) for m, back in plan or ()):
        services.baseline()
    if mended and plan == []:
        log.warning("guards were missing or altered and are set again: %s", ", ".join(mended))
        services.record(by=None, kind=kinds.GUARDS_SET, subject="database", after={"tables": mended})
