from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "kalata.evidence"
    label = "evidence"

    def ready(self) -> None:
        from kalata.evidence import rehash
        from kalata.ledger import pulse

        pulse.SOURCES["evidence"] = rehash.alarms
