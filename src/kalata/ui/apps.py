from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "kalata.ui"
    label = "ui"

    def ready(self) -> None:
        from kalata.ui.source_words import counts_as_french

        counts_as_french()
