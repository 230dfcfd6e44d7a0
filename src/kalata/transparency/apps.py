from django.apps import AppConfig


class TransparencyConfig(AppConfig):
    name = "kalata.transparency"
    label = "transparency"

    def ready(self) -> None:
        from kalata.ledger import machines, pulse
        from kalata.ledger import watching as watched
        from kalata.transparency import (
            tasks,  # noqa: F401  (a log that began again is replayed whole)
            watching,
            witnessing,  # noqa: F401  (witnesses are asked after each sequencing)
        )

        pulse.SOURCES["log"] = watching.alarms
        machines.STATES["key"] = watching.key_state
        watched.SOURCES["log"] = watching.gauges
