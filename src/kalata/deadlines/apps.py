from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "kalata.deadlines"
    label = "deadlines"

    def ready(self) -> None:
        from kalata.deadlines import derogating, freezes, services  # noqa: F401  registers the acts that need two persons

        freezes.register()
