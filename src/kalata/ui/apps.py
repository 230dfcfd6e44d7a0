from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "kalata.ui"
    label = "ui"
