from django.apps import AppConfig


class ChainConfig(AppConfig):
    name = "kalata.chain"
    label = "chain"
