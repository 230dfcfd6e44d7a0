from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "kalata.planning"
    label = "planning"

    def ready(self) -> None:
        from kalata.planning import freezes
        from kalata.planning.services import approving, publishing  # noqa: F401  they register the acts that need two persons

        freezes.register()
