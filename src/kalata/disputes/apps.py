from django.apps import AppConfig


class DisputesConfig(AppConfig):
    name = "kalata.disputes"
    label = "disputes"

    def ready(self) -> None:
        from kalata.disputes.services import (  # noqa: F401  (what the table asks of the deliberation; acts of two persons)
            assigning,
            deliberating,
            executing,
            members,
            proclaiming,
            sections,
            serving,
            sheets,
        )
