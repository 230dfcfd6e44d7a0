from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "kalata.results"
    label = "results"

    def ready(self) -> None:
        from kalata.results import freezes
        from kalata.results.services import contests, corrections, lots, second_round  # noqa: F401  (acts of two persons)

        freezes.register()
