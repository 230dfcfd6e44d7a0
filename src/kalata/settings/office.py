"""One office or laptop (SQLite, the default), or a centre when DATABASE_URL names a PostgreSQL."""

import os

from .base import *  # noqa: F403
from .base import SQLITE, VAR, postgres, secret

SECRET_KEY = secret("key")
VAR.mkdir(parents=True, exist_ok=True)
if url := os.environ.get("DATABASE_URL"):
    DATABASES = {"default": postgres(url)}
else:
    DATABASES = {"default": {**SQLITE, "NAME": VAR / "kalata.sqlite3"}}
