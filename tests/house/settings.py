"""The settings of an office, its static files as they are: compressing them takes longer than a test."""

from kalata.settings.office import *  # noqa: F403
from kalata.settings.office import STORAGES

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
