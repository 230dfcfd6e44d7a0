from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "kalata.notices"
    label = "notices"

    def ready(self) -> None:
        from kalata.ledger import pulse
        from kalata.ledger import watching as watched
        from kalata.notices import watching

        pulse.SOURCES["mail"] = watching.alarms
        watched.SOURCES["mail"] = watching.gauges
