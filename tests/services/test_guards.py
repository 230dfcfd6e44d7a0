"""What is append-only stays so whoever writes: REPLACE, another connection, a migration, a lifted trigger."""

import json
import sqlite3

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from kalata.ledger import locks
from kalata.ledger.kinds import READ_LEDGER
from kalata.ledger.models import Act, Seal
from kalata.ledger.queries import breaks
from kalata.ledger.services import record, seal_waiting

sqlite_only = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a habit of SQLite")
pytestmark = pytest.mark.django_db


def an_act(text="reçu"):
    return record(by=None, kind=READ_LEDGER, subject=f"ledger?{text}")


def sql(text, *values):
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def upsert(act):
    columns = "id, at, actor, kind, subject, territory, reason, address, personal"
    values = (act.pk, act.at, "personne", "essai", "faux", "", "", "", False)
    marks = ", ".join(["%s"] * len(values))
    return columns, marks, values


@sqlite_only
@pytest.mark.parametrize("verb", ["insert or replace into", "replace into"])
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_a_row_of_the_ledger_is_not_replaced_whatever_the_connection_has_set(verb, recursive):
    act = an_act()
    columns, marks, values = upsert(act)
    sql(f"pragma recursive_triggers={recursive}")
    try:
        with pytest.raises(DatabaseError, match="LED-001"), transaction.atomic():
            sql(f"{verb} transparency_act ({columns}) values ({marks})", *values)
    finally:
        sql("pragma recursive_triggers=ON")
    act.refresh_from_db()
    assert act.subject == "ledger?reçu"


@sqlite_only
def test_a_row_is_not_replaced_by_another_of_its_keys_either():
    an_act()
    seal = seal_waiting()
    sql("pragma recursive_triggers=OFF")
    try:
        with pytest.raises(DatabaseError, match="LED-001"), transaction.atomic():
            sql(
                "insert or replace into transparency_seal (first, last, count, previous, hash, at) values (9, 9, 1, %s, 'x', %s)",
                seal.previous,
                seal.at,
            )
    finally:
        sql("pragma recursive_triggers=ON")
    assert list(Seal.objects.values_list("hash", flat=True)) == [seal.hash]


def test_an_upsert_an_update_and_a_delete_are_refused_on_both_databases():
    act = an_act()
    columns, marks, values = upsert(act)
    for attempt in (
        lambda: sql(
            f"insert into transparency_act ({columns}) values ({marks}) on conflict (id) do update set subject = 'faux'", *values
        ),
        lambda: Act.objects.filter(pk=act.pk).update(subject="faux"),
        lambda: Act.objects.filter(pk=act.pk).delete(),
    ):  # fmt: skip
        with pytest.raises(DatabaseError, match="LED-001"), transaction.atomic():
            attempt()
    act.refresh_from_db()
    assert act.subject == "ledger?reçu"


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize("table", [m._meta.db_table for m, _r in locks.guarded()])
def test_postgresql_refuses_to_truncate_every_guarded_table(table):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql(f"truncate {table} cascade")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql("set local session_replication_role = replica")
        sql(f"truncate {table} cascade")


def test_every_table_declared_append_only_is_guarded_and_none_is_forgotten():
    assert locks.faults() == []
    assert {m.__name__ for m, _r in locks.guarded()} >= {
        "Act", "Seal", "LogEntry", "LogCheckpoint", "Cosignature", "Entry", "Passage", "Handover", "Minute", "BatchLine",
        "RecallNotice",
    }  # fmt: skip


def test_a_missing_and_an_altered_guard_are_found_by_name_and_set_again(capsys):
    from kalata.ledger.commands import verify

    table, name = "results_passage", next(n for n in locks.present(connection, "results_passage") if "no_" in n)
    locks.drop(connection, table)
    assert {f.what for f in locks.faults()} == {"is missing"} and {f.table for f in locks.faults()} == {table}
    with pytest.raises(SystemExit) as end:
        verify.callback(as_json=True)
    said = json.loads(capsys.readouterr().out)
    assert end.value.code == 1 and said["whole"] and not said["guarded"] and said["guards"][0]["table"] == table
    locks.install()
    if connection.vendor == "sqlite":
        sql(f"drop trigger {name}")
        sql(f"create trigger {name} before update on {table} when 0 begin select raise(abort, 'x'); end")
    else:
        sql(f"alter table {table} disable trigger {name}")
    assert [(f.guard, f.what) for f in locks.faults()] == [(name, "is altered")]
    assert locks.install() == [table] and locks.faults() == []


def test_guards_taken_off_outside_an_upgrade_are_set_again_and_the_ledger_says_so():
    locks.drop(connection, "transparency_act")
    call_command("migrate", verbosity=0)
    assert locks.faults() == []
    act = Act.objects.get(kind="ledger.guards_set")
    assert act.after == {"tables": ["transparency_act"]}


def test_a_row_replaced_behind_the_guards_breaks_the_seal_chain():
    act = an_act()
    seal_waiting()
    with locks.lifted():
        Act.objects.filter(pk=act.pk).delete()
        record_again = {f.attname: getattr(act, f.attname) for f in Act._meta.concrete_fields} | {"subject": "faux"}
        Act.objects.create(**record_again)
    assert locks.faults() == [] and len(list(breaks())) == 1


@pytest.fixture
def another_rule(monkeypatch):
    """The ledger's table under a rule as a room would declare it for its own."""
    with monkeypatch.context() as patch:
        rule = locks.AppendOnly("RES-400", mutable=("reason",), falls=("personal",), once=("territory",))
        patch.setattr(Act, "append_only", rule)
        locks.install()
        yield
    locks.install()


def test_a_table_may_declare_columns_that_change_freely_once_or_one_way(another_rule):
    assert locks.faults() == []
    act = an_act()
    rows = Act.objects.filter(pk=act.pk)
    rows.update(reason="un")
    rows.update(reason="deux", territory="ML-KAY")
    rows.update(personal=False)
    rows.update(personal=False, territory="ML-KAY")
    for change in (
        {"territory": "ML-SEG"}, {"territory": ""}, {"kind": "autre"}, {"reason": "trois", "kind": "autre"}, {"personal": True},
    ):  # fmt: skip
        with pytest.raises(DatabaseError, match="RES-400"), transaction.atomic():
            rows.update(**change)
    assert rows.values_list("reason", "territory", "personal", "kind").get() == (
        "deux",
        "ML-KAY",
        False,
        READ_LEDGER.code,
    )


@sqlite_only
def test_a_key_that_holds_for_some_rows_only_refuses_only_those():
    from kalata.tally.models import Entry

    wanted = locks.sqlite_guards(Entry, Entry.append_only, connection)["results_entry_no_replace"]
    assert 'new."rank" < 3' in wanted and '("rank" < 3)' in wanted
    memory = sqlite3.connect(":memory:")
    memory.execute("create table results_entry (id integer primary key, paper_id, attempt, rank, by_id)")
    memory.execute(wanted)
    memory.execute("insert into results_entry values (1, 1, 1, 1, 7)")
    memory.execute("insert into results_entry values (2, 1, 1, 3, 7)")
    memory.execute("insert into results_entry values (3, 1, 1, 3, 7)")
    for row in ("(1, 2, 1, 1, 9)", "(4, 1, 1, 2, 7)", "(5, 1, 1, 1, 8)"):
        with pytest.raises(sqlite3.IntegrityError, match="RES-400"):
            memory.execute(f"insert or replace into results_entry values {row}")


@sqlite_only
def test_a_migration_that_stops_half_way_leaves_guards_that_are_named_and_set_by_the_next_one():
    locks.aside()
    assert {fault.what for fault in locks.faults()} == {"is missing"}
    call_command("migrate", verbosity=0)
    assert locks.faults() == []
