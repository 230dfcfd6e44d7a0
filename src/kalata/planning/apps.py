from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "kalata.planning"
    label = "planning"

    def ready(self) -> None:
        from kalata.planning import freezes
        from kalata.planning.services import approving  # noqa: F401  registers the act that needs two persons

        freezes.register()
