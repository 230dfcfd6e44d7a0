"""An empty database gets the tables of today at once, and they are those that every migration makes."""

import re
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from kalata.ledger import locks
from kalata.ledger.management.commands import migrate
from kalata.ledger.models import Act
from tests import proved
from tests.proved import note, unless_proved
from tests.sizes import NIGHTLY

SOURCE = Path(migrate.__file__).parents[3]

pytestmark = pytest.mark.django_db(transaction=True)
LEFT = {
    "pg_proc": r"kalata_(results_)?append_only\b",  # functions of former guards, which nothing calls
    "pg_constraint": r"_not_null$|results_stationreport_passage_id_ec3e2f8d",  # a column renamed; one key said twice
    "columns": r"auth_group_permissions, id, ",  # the framework's own table: its first version had a smaller number
}
"""PostgreSQL: what only the migrations leave, and makes no difference."""
CATALOGUE = {
    "columns": "select table_name, column_name, data_type, is_nullable, column_default, character_maximum_length from information_schema.columns where table_schema = 'public'",
    "pg_constraint": "select conrelid::regclass::text, pg_get_constraintdef(oid), conname from pg_constraint where connamespace = 'public'::regnamespace",
    "pg_indexes": "select tablename, indexname, indexdef from pg_indexes where schemaname = 'public'",
    "pg_trigger": "select tgrelid::regclass::text, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal",
    "pg_proc": "select pg_get_functiondef(oid), proname from pg_proc where pronamespace = 'public'::regnamespace",
}


@contextmanager
def another_database(name):
    """An empty one under the default connection, for as long as it is looked at."""
    before = connection.settings_dict["NAME"]
    connection.close()
    if connection.vendor == "postgresql":
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'create database "{name.name}"')
    connection.settings_dict["NAME"] = str(name) if connection.vendor == "sqlite" else name.name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        if connection.vendor == "postgresql":
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'drop database "{name.name}" with (force)')


def rows(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def parts(statement):
    """What a `create table` declares, one by one, in no order: its columns and its constraints."""
    found, depth, quoted, part = [], 0, False, ""
    for mark in statement[statement.index("(") + 1 : statement.rindex(")")]:
        quoted ^= mark == "'"
        depth += 0 if quoted else (mark == "(") - (mark == ")")
        if mark == "," and not depth and not quoted:
            found.append(part.strip())
            part = ""
        else:
            part += mark
    return sorted([*found, part.strip()])


def shape():
    """Everything there is in the database that can be told: tables, columns, constraints, indices, guards, how many rows."""
    tables = sorted(connection.introspection.table_names())
    told = {f"rows of {t}": rows(f'select count(*) from "{t}"')[0][0] for t in tables}
    if connection.vendor == "sqlite":
        for kind, name, statement in rows("select type, name, sql from sqlite_master where sql is not null"):
            told[f"{kind} {name}"] = parts(statement) if kind == "table" else statement
        return told
    for name, query in CATALOGUE.items():
        left = LEFT.get(name)
        found = {", ".join(map(str, row)) for row in rows(query)}
        told[name] = sorted(line for line in found if not (left and re.search(left, line)))
    return told


def differences(one, other):
    return [
        (key, *(sorted(set(a) - set(b)) if isinstance(a, list) and isinstance(b, list) else a for a, b in ((x, y), (y, x))))
        for key in sorted(one.keys() | other.keys())
        for x, y in [(one.get(key), other.get(key))]
        if x != y
    ]  # fmt: skip


def step_by_step():
    """What the tables made by migrations rest on: the migrations, the ledger that guards tables
    (`makemigrations --check` sees any other difference between them and the migrations)."""
    return [p for pattern in ("*/migrations/*.py", "ledger/**/*.py") for p in SOURCE.glob(pattern)]


@pytest.fixture
def places(tmp_path):
    from django.conf import settings

    folder = tmp_path if connection.vendor == "sqlite" else Path(settings.DATABASES["default"]["NAME"]).parent
    return folder / f"{connection.settings_dict['NAME'].rsplit('/', 1)[-1]}_once", folder / "test_step_by_step"


@pytest.mark.long
def test_the_tables_made_at_once_are_those_of_every_migration_which_takes_guards_aside_and_sets_them_again(places):
    once, steps = places
    with another_database(once):
        call_command("migrate", verbosity=0)
        assert locks.faults() == [] and not Act.objects.filter(kind="ledger.guards_set").exists()
        at_once = shape()
    if connection.vendor == "postgresql" and not NIGHTLY:
        assert len(at_once["columns"]) > 1000
        return
    rests_on = unless_proved("tables of every migration", step_by_step())
    with another_database(steps):
        call_command(
            "migrate", "people", "0003_accounts", verbosity=0
        )  # a table that guards of others read is rebuilt next
        call_command("migrate", verbosity=0)
        assert locks.faults() == []
        assert differences(at_once, shape()) == []
    note("tables of every migration", rests_on)


def test_a_proof_is_passed_over_for_the_very_files_it_was_made_of_and_for_no_others(tmp_path, monkeypatch):
    monkeypatch.setattr(proved, "ROOT", tmp_path)
    monkeypatch.setattr(proved, "NIGHTLY", False)
    monkeypatch.delenv("KALATA_PROVED", raising=False)
    (tmp_path / "a.py").write_text("one")
    found = unless_proved("x", [tmp_path / "a.py"], before={})
    with pytest.raises(pytest.skip.Exception, match="proved for these very files"):
        unless_proved("x", [tmp_path / "a.py"], before={"x": found})
    (tmp_path / "a.py").write_text("two")
    assert unless_proved("x", [tmp_path / "a.py"], before={"x": found}) != found
    (tmp_path / "b.py").write_text("")
    assert unless_proved("x", [tmp_path / "a.py", tmp_path / "b.py"], before={"x": found}) != found
    assert {p.relative_to(SOURCE).parts[0] for p in step_by_step()} >= {"ledger", "people", "results", "disputes"}


def test_a_database_that_holds_a_table_is_brought_up_to_date_by_its_migrations_alone(places, monkeypatch):
    made = []
    monkeypatch.setattr(migrate, "furnish", made.append)
    monkeypatch.setattr(migrate.migrate.Command, "handle", lambda *_args, **_options: None)
    call_command("migrate", verbosity=0)
    with another_database(places[0]):
        call_command("migrate", "people", verbosity=0)
        call_command("migrate", plan=True, verbosity=0)
        assert made == []
        call_command("migrate", verbosity=0)
        assert made == ["default"]


def test_tables_made_half_way_are_not_there_at_all(places, monkeypatch):
    def stopped(*_args):
        raise OperationalError("the power goes")

    with another_database(places[0]):
        with monkeypatch.context() as patch:
            patch.setattr(migrate, "ordered", stopped)
            with pytest.raises(OperationalError, match="power"):
                call_command("migrate", verbosity=0)
        assert migrate.empty("default")
