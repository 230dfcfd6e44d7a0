from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "kalata.evidence"
    label = "evidence"

    def ready(self) -> None:
        from kalata.evidence import back, rehash
        from kalata.ledger import machines, pulse

        machines.STATES["store"] = back.state
        pulse.SOURCES["evidence"] = rehash.alarms
