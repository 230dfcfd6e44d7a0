"""PostgreSQL's own tools: where they are, and how they are led to the database without a password in any list of processes."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kalata.archive.refusals import NoTool
from kalata.settings import reading

HOMES = ("/usr/lib/postgresql/{0}/bin", "/usr/pgsql-{0}/bin", "/opt/homebrew/opt/postgresql@{0}/bin")
OWNERS = ("postgres", "pgserver", "nobody")
"""PostgreSQL refuses to run as root: where the command does, its trial runs as the first of these."""


def tool(name: str, version: int) -> str:
    """The path of a tool of that major version. OPS-151."""
    said = os.environ.get("KALATA_PG_BIN", "")
    for folder in [said] if said else [home.replace("{0}", str(version)) for home in HOMES]:
        if (found := Path(folder) / name).is_file():
            return str(found)
    on_path = shutil.which(name)
    if on_path and not said:
        told = subprocess.run([on_path, "--version"], capture_output=True, text=True).stdout
        if f" {version}." in told or told.rstrip().endswith(f" {version}"):
            return on_path
    raise NoTool(tool=name, version=version)


def replication() -> dict[str, Any]:
    """Connection settings of who copies: KALATA_REPLICATION_URL, or the house's own."""
    from django.db import connection

    if url := os.environ.get("KALATA_REPLICATION_URL", ""):
        return reading.postgres(url)
    return dict(connection.settings_dict)


def quoted(value: object) -> str:
    return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"


def conninfo(said: dict[str, Any]) -> str:
    """The connection in PostgreSQL's words, without its password (`environment` carries it)."""
    words = {"host": said["HOST"], "port": said["PORT"], "user": said["USER"], "dbname": said["NAME"]}
    words |= {k: v for k, v in (said.get("OPTIONS") or {}).items() if k in reading.LIBPQ}
    return " ".join(f"{k}={quoted(v)}" for k, v in words.items() if v not in ("", None))


def environment(said: dict[str, Any]) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
    if said.get("PASSWORD"):
        kept["PGPASSWORD"] = str(said["PASSWORD"])
    return kept | {"LC_ALL": "C", "PGAPPNAME": "kalata-backup"}


def server() -> tuple[int, str]:
    """(major version, system identifier) of the house's PostgreSQL."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "select current_setting('server_version_num')::int / 10000, system_identifier from pg_control_system()"
        )
        major, system = cursor.fetchone()
    return int(major), str(system)


def last_words(text: str | bytes | None) -> str:
    said = text.decode(errors="replace") if isinstance(text, bytes) else text or ""
    lines = [x.strip() for x in said.splitlines() if x.strip()]
    worst = [x for x in lines if "error:" in x.lower() or "fatal" in x.lower()]
    return (worst or lines or ["no word"])[-1][:300]


def owner() -> pwd.struct_passwd | None:
    """Who runs a PostgreSQL on trial: nobody else than us, unless we are root."""
    if os.geteuid() != 0:
        return None
    for name in OWNERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


def given_to(who: pwd.struct_passwd | None, paths: Iterable[Path]) -> None:
    if who is not None:
        for path in paths:
            os.chown(path, who.pw_uid, who.pw_gid)
