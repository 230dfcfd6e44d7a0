from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "kalata.people"
    label = "people"

    def ready(self) -> None:
        from kalata.people import accounts, limits, signals  # noqa: F401
