from django.apps import AppConfig


class CountryConfig(AppConfig):
    name = "kalata.country"
    label = "country"
