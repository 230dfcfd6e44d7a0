from django.apps import AppConfig


class TallyConfig(AppConfig):
    name = "kalata.tally"
    label = "tally"

    def ready(self) -> None:
        from kalata.tally.queries import originals  # noqa: F401  (who reads the images)
        from kalata.tally.services import batches, reports  # noqa: F401  (acts of two persons)
