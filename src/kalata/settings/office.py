"""One office or laptop (SQLite, the default), or a centre when DATABASE_URL names a PostgreSQL."""

import os

from kalata.settings.written import load

load()

from .base import *  # noqa: E402, F403
from .base import SQLITE, VAR, secret  # noqa: E402
from .patience import patient  # noqa: E402
from .reading import folder, postgres  # noqa: E402

folder(VAR)
SECRET_KEY = secret("key")
if url := os.environ.get("DATABASE_URL"):
    DATABASES = {"default": patient(postgres(url))}
else:
    DATABASES = {"default": {**SQLITE, "NAME": VAR / "kalata.sqlite3"}}
