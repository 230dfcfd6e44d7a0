from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "kalata.documents"
    label = "documents"
