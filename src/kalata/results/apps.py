from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "kalata.results"
    label = "results"

    def ready(self) -> None:
        from kalata.results import services  # noqa: F401  (registers the acts that need two persons)
