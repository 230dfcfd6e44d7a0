from django.apps import AppConfig


class DisputesConfig(AppConfig):
    name = "kalata.disputes"
    label = "disputes"

    def ready(self) -> None:
        from kalata.disputes import public_places, topics  # noqa: F401
        from kalata.disputes.services import (  # noqa: F401  (what the table asks of the deliberation and of service; the docket's sheet; acts of two persons)
            assigning,
            clocks,
            deliberating,
            executing,
            issuing,
            members,
            overriding,
            proclaiming,
            publishing,
            sections,
            serving,
            sheets,
        )
