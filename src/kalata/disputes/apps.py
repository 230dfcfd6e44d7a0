from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

TOLD = "0012_told"
"""The migration after which the ledger holds a digest of parties, grounds, pieces, likenesses, papers, services, clocks."""


class DisputesConfig(AppConfig):
    name = "kalata.disputes"
    label = "disputes"

    def ready(self) -> None:
        from kalata.disputes import public_places, topics  # noqa: F401
        from kalata.disputes.services import (  # noqa: F401  (what the table asks of the deliberation and of service; the docket's sheet; acts of two persons)
            assigning,
            clocks,
            curing,
            deliberating,
            executing,
            first,
            issuing,
            members,
            offices,
            overriding,
            proclaiming,
            publishing,
            sections,
            serving,
            sheets,
        )

        post_migrate.connect(cover, sender=self, dispatch_uid="kalata.disputes.told")


def cover(plan: Any = None, **_rest: Any) -> None:
    """The rows of cases that were there before are covered by one act, once, when their digests begin."""
    if not any((m.app_label, m.name, back) == ("disputes", TOLD, False) for m, back in plan or ()):
        return
    from kalata.disputes import models
    from kalata.ledger import services

    found = (models.Party, models.Ground, models.Exhibit, models.Strike, models.Twin, models.Filing, models.Service, models.Clock)  # fmt: skip
    services.cover(found, "lignes des affaires d’avant leurs empreintes, reprises telles quelles")
