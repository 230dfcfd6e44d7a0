"""What tests start from is made once and copied: an empty database, the same with the pack of Mali, a demonstration.

Making them is the commands' own work (`kalata manage migrate`, `kalata demo --load-only`), in a process of its own;
whoever comes meanwhile waits for it. They stand in `.test-databases/` beside the source, under the digest of what
they are made from: another source makes others, and the newest few are kept. PostgreSQL has its own (`template`).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "kalata"
KEPT = ROOT / ".test-databases"
NEWEST = 8
"""How many digests are kept: somebody goes to and fro between two states of the source."""
NO_TABLE = {"views", "templates", "static", "commands", "forms.py", "urls.py", "doors.py", "locale", "typst", "papers"}
"""Parts of the source that no table and no pack is made from: a page that changes needs no new database."""
PACKED = (
    "from kalata.country import packs, services; services.load_pack_version(packs.load_pack(packs.find_pack('ml')))"
)


@cache
def digest(*, whole: bool = False) -> str:
    """The digest of the source a database is made from; whole: of everything, as a demonstration is."""
    hashed = hashlib.sha256(sys.version.encode())
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        hashed.update(path.read_bytes())
    for path in sorted(SOURCE.rglob("*")):
        here = path.relative_to(SOURCE)
        if not path.is_file() or "__pycache__" in here.parts or (not whole and NO_TABLE & {*here.parts}):
            continue
        hashed.update(str(here).encode() + b"\0" + path.read_bytes())
    return hashed.hexdigest()[:16]


@contextmanager
def alone(name: str) -> Iterator[None]:
    """One process at a time in this checkout, whatever run it is of."""
    KEPT.mkdir(exist_ok=True)
    with open(KEPT / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def kept(kind: str, of: str, make: Callable[[Path], None]) -> Path:
    """The folder of this kind and digest, made by `make` where there is none yet."""
    folder = KEPT / f"{kind}-{of}"
    with alone(kind):
        if folder.exists():
            os.utime(folder)
            return folder
        making = KEPT / f"{kind}-making"
        shutil.rmtree(making, ignore_errors=True)
        make(making)
        digest.cache_clear()
        assert of in {digest(), digest(whole=True)}, "the source changed while a database was made of it: run again"
        making.rename(folder)
        for old in sorted(KEPT.glob(f"{kind}-*"), key=lambda p: p.stat().st_mtime)[:-NEWEST]:
            shutil.rmtree(old)
    return folder


def commanded(var: Path, *args: str, **environment: str) -> None:
    """A command on the house in this folder. The house keeps nothing of where it stood when it was made."""
    env = {**os.environ, "KALATA_VAR": str(var), "DJANGO_SETTINGS_MODULE": "tests.house.settings", "KALATA_KEY": "k" * 60,
           "PYTHONPATH": str(ROOT), **environment}  # fmt: skip
    env.pop("DATABASE_URL", None)
    env.pop("KALATA_ROOMS", None)  # rooms from outside the house: `others` makes their tables in the copy
    done = subprocess.run([sys.executable, "-m", "kalata", *args], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def empty_house() -> Path:
    """A folder as `kalata manage migrate` leaves it on a new machine. Not to be written into: copy it (`furnish`)."""

    def make(var: Path) -> None:
        commanded(var, "manage", "migrate", "--verbosity", "0")

    return kept("empty", digest(), make)


def house_with_pack() -> Path:
    """The same, the pack of Mali in its tables: what each process of the run begins with."""

    def make(var: Path) -> None:
        from kalata.settings.test import LEDGER_KEY

        shutil.copytree(empty_house(), var)
        (var / "ledger.secret").write_text(LEDGER_KEY)  # the processes of the run take its acts for theirs
        commanded(var, "manage", "shell", "--verbosity", "0", "-c", PACKED)

    return kept("packed", digest(), make)


def demonstration() -> Path:
    """A folder as `kalata demo --load-only --stations 60` leaves it."""

    def make(var: Path) -> None:
        shutil.copytree(empty_house(), var)
        commanded(var, "demo", "--load-only", "--stations", "60", KALATA_DEMO="1")

    return kept("demonstration", digest(whole=True), make)


def furnish(var: Path, ready: Path | None = None) -> Path:
    """The same database in the folder of a house that starts."""
    var.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(ready or empty_house(), var)
    return var


# --- the database of this process -------------------------------------------------------------
def fill_sqlite(name: str) -> None:
    """The file of this process: a copy."""
    shutil.copyfile(house_with_pack() / "kalata.sqlite3", name)


def template(connection) -> str:
    """The database of PostgreSQL that the others are copied from; called under the lock."""
    from tests.conftest import mali

    name = f"test_kalata_ready_{digest()}"
    with connection._nodb_cursor() as cursor:
        cursor.execute("select datname from pg_database where datname like 'test_kalata_ready_%%'")
        there = {row[0] for row in cursor.fetchall()}
        if name in there:
            return name
        for old in there:
            cursor.execute(f'drop database "{old}"')
    making = connection.settings_dict["NAME"], connection.settings_dict["TEST"]["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"{name}_making"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    from kalata.country import services

    services.load_pack_version(mali())
    connection.close()
    connection.settings_dict["NAME"], connection.settings_dict["TEST"]["NAME"] = making
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'alter database "{name}_making" rename to "{name}"')
    return name


def fill_postgres(connection, name: str) -> None:
    with alone("postgres"):
        ready = template(connection)
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'drop database if exists "{name}" with (force)')
            cursor.execute(f'create database "{name}" template "{ready}"')


def database() -> None:
    """The default connection of this process leads to a database of its own, every table and the pack in it."""
    from django.conf import settings
    from django.db import connection

    name = connection.creation._get_test_db_name()
    connection.close()
    if connection.vendor == "sqlite":
        fill_sqlite(name)
    else:
        fill_postgres(connection, name)
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    connection.ensure_connection()
    others()


def others() -> None:
    """Tables of rooms from outside the house (`KALATA_ROOMS`), which the copy does not know."""
    from django.core.management import call_command

    if os.environ.get("KALATA_ROOMS"):
        call_command("migrate", verbosity=0)


def database_again(_case: object = None) -> None:
    """After a test that committed: the copy once more, instead of emptying every table and writing the pack again.

    Guards that refuse to be emptied are no matter: the whole database is another one, with every guard in it.
    """
    from django.db import connection

    name = connection.settings_dict["NAME"]
    connection.close()
    if connection.vendor == "sqlite":
        ready = sqlite3.connect(f"file:{house_with_pack() / 'kalata.sqlite3'}?mode=ro", uri=True)
        mine = sqlite3.connect(name, timeout=20)
        with closing(ready), closing(mine):
            ready.backup(mine)
    else:
        fill_postgres(connection, name)
    others()


def forget_database() -> None:
    """The end of the run: nothing of this process stays on a server that lasts."""
    from django.db import connection

    connection.close()
    if connection.vendor == "postgresql":
        name = connection.settings_dict["NAME"]
        connection.settings_dict["NAME"] = "postgres"
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'drop database if exists "{name}" with (force)')
