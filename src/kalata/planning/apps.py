from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "kalata.planning"
    label = "planning"
