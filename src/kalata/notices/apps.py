from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "kalata.notices"
    label = "notices"
