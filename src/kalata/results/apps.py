from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "kalata.results"
    label = "results"

    def ready(self) -> None:
        from kalata.results import corrections, freezes, lots, publishing, second_round, services, tally  # noqa: F401  (acts of two persons)

        freezes.register()
