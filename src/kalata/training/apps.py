from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "kalata.training"
    label = "training"
