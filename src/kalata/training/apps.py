from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "kalata.training"
    label = "training"

    def ready(self) -> None:
        from kalata.training.services import procedures_approving  # noqa: F401  registers the act that needs two persons
