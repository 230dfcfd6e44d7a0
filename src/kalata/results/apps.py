from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "kalata.results"
    label = "results"

    def ready(self) -> None:
        from kalata.results import publishing, services, tally  # noqa: F401  (register the acts that need two persons)
