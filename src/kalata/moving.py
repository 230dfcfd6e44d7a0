"""`kalata move`: a house from SQLite to PostgreSQL, table by table, counted and hashed on both sides.

What it has done it writes down (`move.json`): cut short anywhere, it goes on with the first table that is not there
whole. A table comes in one transaction, by COPY, or not at all. Foreign keys, guards and limits are taken off while
tables come, and set again at the end: setting the keys again reads every row against what it names.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from kalata.cli import setup_django
from kalata.processes import only_house, release
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

SOURCE = "moving"
AT_ONCE = 2_000
SKIPPED = frozenset({"django_session", "transparency_pulse", "ledger_machine"})
"""Sessions end with the move; loops and machines are those of the new database."""


class NoTarget(Refused):
    code = "OPS-140"
    says = _("La base d’arrivée n’est pas un PostgreSQL : DATABASE_URL n’est pas réglé.")
    remedy = _("Réglez DATABASE_URL sur la base PostgreSQL vide, puis recommencez.")


class NotEmpty(Refused):
    code = "OPS-141"
    says = _("La base d’arrivée tient déjà %(n)d {n:ligne|lignes} de « %(table)s » qui ne viennent pas de ce déménagement.")
    remedy = _("Donnez une base vide (createdb). Rien n’a été changé.")


class OtherVersion(Refused):
    code = "OPS-142"
    says = _("La base de départ n’est pas à cette version du logiciel : %(what)s.")
    remedy = _("Lancez d’abord cette version sur SQLite une fois (« kalata manage migrate » sans DATABASE_URL).")


class OtherKey(Refused):
    code = "OPS-143"
    says = _("Les actes de la base de départ portent la marque d’une autre clé que celle de ce dossier.")
    remedy = _("Copiez ledger.secret de l’ancien dossier dans celui-ci, puis recommencez.")


class NotTheSame(Refused):
    code = "OPS-144"
    says = _("La table « %(table)s » n’est pas arrivée entière : %(why)s.")
    remedy = _("Rien n’est perdu : la base de départ est intacte. Recommencez ; si cela se répète, prévenez.")


@dataclass
class Diary:
    """What the move has done, on the disk after each step. keys: foreign keys that wait to be set again."""

    path: Path
    source: str
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: list[list[str]] = field(default_factory=list)
    begun: bool = False

    @classmethod
    def opened(cls, path: Path, source: Path) -> Diary:
        found = cls(path, str(source.resolve()))
        if path.exists():
            said = json.loads(path.read_text(encoding="utf-8"))
            if said["source"] == found.source:
                found.tables, found.keys, found.begun = said["tables"], said["keys"], True
        return found

    def keep(self) -> None:
        fresh = self.path.with_suffix(".part")
        fresh.write_text(
            json.dumps({"source": self.source, "tables": self.tables, "keys": self.keys}), encoding="utf-8"
        )
        os.replace(fresh, self.path)


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def move(source: Path, as_json: bool) -> None:
    """Bring a SQLite house (its kalata.sqlite3) into the empty PostgreSQL of DATABASE_URL. Run again, it goes on.

    The source is only read; once all has arrived it is renamed .moved-…, so that nobody serves it by mistake.
    """
    setup_django()
    from django.conf import settings

    from kalata import storage

    storage.must_be_sound(source)
    held = only_house(settings.VAR)
    begun = time.monotonic()
    try:
        diary = Diary.opened(Path(settings.VAR) / "move.json", source)
        rows = moved(source, diary, say=lambda text: click.echo(text, err=True))
        connections_closed()
        aside = source.with_name(f"{source.name}.moved-{datetime.now(UTC):%Y%m%dT%H%M%S}")
        for tail in ("", "-wal", "-shm"):
            if (one := source.with_name(source.name + tail)).exists():
                os.rename(one, aside.with_name(aside.name + tail))
        diary.path.unlink(missing_ok=True)
    finally:
        release(held)
    said = {
        "tables": len(diary.tables),
        "rows": rows,
        "seconds": round(time.monotonic() - begun, 1),
        "aside": str(aside),
    }
    click.echo(
        json.dumps(said | {"digests": diary.tables}, ensure_ascii=False)
        if as_json
        else f"{said['tables']} tables, {rows} lignes / rows, {said['seconds']} s ; {aside}"
    )


def moved(source: Path, diary: Diary, say: Callable[[str], object] = lambda _text: None) -> int:
    """Bring every table over; returns how many rows. Raises OPS-140 to OPS-144; the source is never written."""
    from django.core.management import call_command
    from django.db import connection

    from kalata.ledger import limits, locks

    if connection.vendor != "postgresql":
        raise NoTarget
    if not diary.begun:
        call_command("migrate", verbosity=0)
    with_source(source)
    same_version()
    same_key()
    tables = every_table()
    if not diary.begun:
        empty(tables)
        diary.keys = foreign_keys()
    diary.keep()
    for model, _rule in locks.guarded():
        locks.drop(connection, model._meta.db_table)
    limits.lift()
    with connection.cursor() as cursor:
        for table, name, _definition in diary.keys:
            cursor.execute(f'alter table "{table}" drop constraint if exists "{name}"')
    for n, model in enumerate(tables, 1):
        table = model._meta.db_table
        if table not in diary.tables:
            diary.tables[table] = brought(model)
            diary.keep()
            say(f"{n}/{len(tables)} {table}: {diary.tables[table]['rows']}")
    finish(diary, tables)
    return sum(int(one["rows"]) for one in diary.tables.values())


def with_source(path: Path) -> None:
    """The source as a second connection that can only read."""
    from django.db import connections

    connections.settings[SOURCE] = {
        "ENGINE": "django.db.backends.sqlite3", "NAME": f"file:{path.resolve()}?mode=ro", "OPTIONS": {"uri": True},
        "ATOMIC_REQUESTS": False, "AUTOCOMMIT": True, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False, "TIME_ZONE": None,
        "USER": "", "PASSWORD": "", "HOST": "", "PORT": "",
        "TEST": {"CHARSET": None, "COLLATION": None, "MIGRATE": True, "MIRROR": None, "NAME": None},
    }  # fmt: skip


def connections_closed() -> None:
    """The source is left: nothing of it stays open."""
    from django.db import connections

    connections[SOURCE].close()
    delattr(connections._connections, SOURCE)  # type: ignore[attr-defined]
    del connections.settings[SOURCE]


def same_version() -> None:
    """OPS-142 where the source lacks a migration of this version, or has one that it does not know."""
    from django.db import connections

    applied = []
    for alias in (SOURCE, "default"):
        with connections[alias].cursor() as cursor:
            cursor.execute("select app, name from django_migrations")
            applied.append({f"{app}.{name}" for app, name in cursor.fetchall()})
    if applied[0] != applied[1]:
        raise OtherVersion(what=", ".join(sorted(applied[0] ^ applied[1])[:4]))


def same_key() -> None:
    """OPS-143 where the last act bears the mark of another key."""
    from django.conf import settings

    from kalata.ledger.models import Act
    from kalata.ledger.rules import marks

    last = Act.objects.using(SOURCE).exclude(mark=None).order_by("-pk").first()
    if last is not None and not str(last.mark).startswith(f"{marks.name_of(settings.LEDGER_KEY)}:"):
        raise OtherKey


def every_table() -> list[Any]:
    """The model of each table, once, links of many to many included."""
    from django.apps import apps

    found: dict[str, Any] = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in SKIPPED:
            found.setdefault(model._meta.db_table, model)
    return [found[table] for table in sorted(found)]


def empty(tables: list[Any]) -> None:
    """Empty what `migrate` itself writes. OPS-141 where somebody has already worked in the target."""
    from django.db import connection

    from kalata.ledger import locks

    with connection.cursor() as cursor:
        for table in ("people_person", "transparency_act", "country_packversion"):
            cursor.execute(f'select count(*) from "{table}"')
            if n := cursor.fetchone()[0]:
                raise NotEmpty(n=n, table=table)
        for model, _rule in locks.guarded():
            locks.drop(connection, model._meta.db_table)
        names = ", ".join(f'"{model._meta.db_table}"' for model in tables)
        cursor.execute(f"truncate {names}, django_session restart identity cascade")


def foreign_keys() -> list[list[str]]:
    """(table, name, definition) of every foreign key of the target."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint "
            "where contype = 'f' and connamespace = current_schema()::regnamespace order by 1, 2"
        )
        return [[table.strip('"'), name, definition] for table, name, definition in cursor.fetchall()]


# --- one table -----------------------------------------------------------------------------------
def columns(model: Any) -> list[Any]:
    return [f for f in model._meta.local_concrete_fields if not f.generated]


def read(model: Any, alias: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a table as Python has them, in order of key; what a model keeps undecoded (JSON as text) decoded."""
    names = [f.attname for f in columns(model)]
    rows = model._base_manager.using(alias).order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=AT_ONCE):
        yield tuple(json.loads(v) if isinstance(v, str) and type(v) is not str else v for v in row)


def plain(value: Any) -> Any:
    """A value as both databases give it, for the digest: what JSON cannot hold as text."""
    if isinstance(value, memoryview | bytes):
        return bytes(value).hex()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Decimal):
        return str(value.normalize())
    return str(value)


class Sum:
    """Rows counted, and their digest."""

    def __init__(self) -> None:
        self.rows, self.digest = 0, hashlib.sha256()

    def add(self, row: tuple[Any, ...]) -> None:
        self.rows += 1
        self.digest.update(json.dumps(row, default=plain, sort_keys=True, separators=(",", ":")).encode() + b"\n")

    def said(self) -> dict[str, Any]:
        return {"rows": self.rows, "sha256": self.digest.hexdigest()}


def brought(model: Any) -> dict[str, Any]:
    """Copy one table in one transaction and read it back. OPS-144 where what arrived is not what left."""
    import psycopg
    from django.db import connection

    fields, left, arrived = columns(model), Sum(), Sum()
    table = model._meta.db_table
    names = ", ".join(f'"{f.column}"' for f in fields)
    connection.ensure_connection()
    raw: Any = connection.connection
    try:
        with raw.transaction(), raw.cursor() as cursor:
            cursor.execute(f'truncate "{table}"')
            with cursor.copy(f'copy "{table}" ({names}) from stdin') as out:
                for row in read(model, SOURCE):
                    left.add(row)
                    out.write_row([f.get_db_prep_save(v, connection) for f, v in zip(fields, row, strict=True)])
    except psycopg.Error as fault:
        raise NotTheSame(table=table, why=" ".join(str(fault).split())[:200]) from fault
    for row in read(model, "default"):
        arrived.add(row)
    if left.said() != arrived.said():
        connection.cursor().execute(f'truncate "{table}"')
        raise NotTheSame(table=table, why=f"{left.rows} / {arrived.rows}, {left.said()['sha256'][:12]}")
    return left.said()


def finish(diary: Diary, tables: list[Any]) -> None:
    """Numbers go on where they stood, keys and guards are back, and the ledger tells the move."""
    from django.core.management.color import no_style
    from django.db import connection
    from django.db.utils import IntegrityError

    from kalata.ledger import locks
    from kalata.ledger.services import moved_here

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
        for table, name, definition in diary.keys:
            try:
                cursor.execute(f'alter table "{table}" drop constraint if exists "{name}"')
                cursor.execute(f'alter table "{table}" add constraint "{name}" {definition}')
            except IntegrityError as fault:
                raise NotTheSame(table=table, why=" ".join(str(fault).split())[:200]) from fault
        cursor.execute("analyze")
    locks.install()
    whole = hashlib.sha256(json.dumps(diary.tables, sort_keys=True).encode()).hexdigest()
    moved_here(len(diary.tables), sum(int(one["rows"]) for one in diary.tables.values()), whole)
