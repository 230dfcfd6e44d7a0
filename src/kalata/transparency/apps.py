from django.apps import AppConfig


class TransparencyConfig(AppConfig):
    name = "kalata.transparency"
    label = "transparency"
