from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "kalata.training"
    label = "training"

    def ready(self) -> None:
        from kalata.training.services import (  # noqa: F401  they register the acts that need two persons
            cascade_publishing,
            certificates,
            moots,
            packs,
            payments,
            posts_appointing,
            posts_oaths,
            procedures_approving,
        )
