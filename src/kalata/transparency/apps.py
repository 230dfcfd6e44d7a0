from django.apps import AppConfig


class TransparencyConfig(AppConfig):
    name = "kalata.transparency"
    label = "transparency"

    def ready(self) -> None:
        from kalata.transparency import witnessing  # noqa: F401  (witnesses are asked after each sequencing)
