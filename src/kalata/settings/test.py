"""Tests: a throw-away database, fast hashing, jobs run at once. KALATA_TEST_DB=postgres for PostgreSQL."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ.setdefault("KALATA_KEY", "test-key-that-protects-nothing-and-is-long-enough-to-please-the-checks-0123456789")
os.environ["KALATA_VAR"] = tempfile.mkdtemp(prefix="kalata-test-")  # one for each process of the run
atexit.register(shutil.rmtree, os.environ["KALATA_VAR"], ignore_errors=True)

from .base import *  # noqa: E402, F403
from .base import SQLITE, STORAGES, secret  # noqa: E402
from .reading import postgres  # noqa: E402

SECRET_KEY = secret("key")
LEDGER_KEY = "one key for all processes of a run, so that each copy of its database is marked by it"
if os.environ.get("KALATA_TEST_DB") == "postgres":
    DATABASES = {"default": {**postgres(os.environ["DATABASE_URL"]), "CONN_MAX_AGE": 0}}
else:
    DATABASES = {
        "default": {
            **SQLITE,
            "NAME": Path(os.environ["KALATA_VAR"]) / "test.sqlite3",
            "TEST": {"NAME": str(Path(os.environ["KALATA_VAR"]) / "t.sqlite3")},
        }
    }
    DATABASES["default"]["OPTIONS"] = {
        **SQLITE["OPTIONS"],
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;",
    }
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": STORAGES["default"],
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": ["default"]}}
ALLOWED_HOSTS = ["*"]
MICRO_CACHE = 0  # a page is drawn at each request: what is kept between two has tests of its own
