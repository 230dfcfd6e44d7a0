import logging
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

log = logging.getLogger("kalata.guards")


class LedgerConfig(AppConfig):
    name = "kalata.ledger"
    label = "ledger"

    def ready(self) -> None:
        post_migrate.connect(guards_again, sender=self, dispatch_uid="kalata.guards")


def guards_again(using: str, plan: Any = None, **_rest: Any) -> None:
    """Set the guards that a migration dropped. Where none ran, somebody else took them off: the ledger says so."""
    from kalata.ledger import locks, services

    mended = locks.install(using)
    if mended and plan == []:
        log.warning("guards were missing or altered and are set again: %s", ", ".join(mended))
        services.record(by=None, kind="ledger.guards_set", subject="base de données", after={"tables": mended})
