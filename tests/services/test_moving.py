"""A house moves from SQLite to PostgreSQL: every row counted and hashed on both sides, and cut short it goes on."""

import shutil

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from kalata import moving
from kalata.ledger import answers, locks, queries
from kalata.ledger.models import Act, Backup
from kalata.people.models import Person
from tests.house.ready import house_with_pack

postgres = pytest.mark.skipif(connection.vendor == "sqlite", reason="the target is a PostgreSQL")


@pytest.fixture
def source(tmp_path, monkeypatch, request):
    shutil.copyfile(house_with_pack() / "kalata.sqlite3", tmp_path / "kalata.sqlite3")
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("_django_db_helper")
    guarded = BaseDatabaseWrapper.ensure_connection  # tests may open no database but their own

    def ensure(self):
        if self.alias != moving.SOURCE:
            guarded(self)
        elif self.connection is None:
            self.connect()

    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", ensure)
    yield tmp_path / "kalata.sqlite3"
    if moving.SOURCE in connections.settings:
        moving.connections_closed()


@pytest.fixture
def diary(tmp_path, source):
    return moving.Diary.opened(tmp_path / "move.json", source)


@pytest.fixture
def emptied():
    with connection.cursor() as cursor:
        for model, _rule in locks.guarded():
            locks.drop(connection, model._meta.db_table)
        names = ", ".join(f'"{m._meta.db_table}"' for m in moving.every_table())
        cursor.execute(f"truncate {names} restart identity cascade")
    locks.install()


def test_the_target_must_be_a_postgresql(db, source, diary, monkeypatch):
    monkeypatch.setattr(connection, "vendor", "sqlite")
    with pytest.raises(moving.NoTarget):
        moving.moved(source, diary)


def test_the_digest_of_a_row_is_that_of_its_values_and_not_of_how_a_database_writes_them():
    from datetime import UTC, datetime, timedelta, timezone
    from decimal import Decimal

    one, other, third = moving.Sum(), moving.Sum(), moving.Sum()
    at = datetime(2026, 11, 26, 12, tzinfo=UTC)
    one.add((1, b"\x01", at, Decimal("1.50"), {"b": 1, "a": 2}))
    other.add((1, memoryview(b"\x01"), at.astimezone(timezone(timedelta(hours=1))), Decimal("1.5"), {"a": 2, "b": 1}))
    third.add((1, b"\x02", at, Decimal("1.50"), {"b": 1, "a": 2}))
    assert one.said() == other.said() != third.said()


@postgres
@pytest.mark.django_db(transaction=True)
def test_a_move_cut_short_goes_on_and_every_row_every_guard_and_every_number_is_there(
    emptied, source, diary, tmp_path, monkeypatch
):
    brought, calls = moving.brought, []

    def cut(model):
        calls.append(model._meta.db_table)
        if len(calls) == 40:
            raise KeyboardInterrupt
        return brought(model)

    monkeypatch.setattr(moving, "brought", cut)
    with pytest.raises(KeyboardInterrupt):
        moving.moved(source, diary)
    again = moving.Diary.opened(tmp_path / "move.json", source)
    assert again.begun and len(again.tables) == 39 and again.keys
    rows = moving.moved(source, again)
    assert len(calls) == len(set(calls)) + 1  # the table that was cut, once more; none of the others
    assert rows > 500 and Act.objects.count() == Act.objects.using(moving.SOURCE).count() + 1
    assert locks.faults() == [] and answers.faults() == [] and list(queries.breaks()) == []
    assert {tuple(k) for k in moving.foreign_keys()} == {tuple(k) for k in again.keys}
    told = Act.objects.get(kind="ledger.moved").after
    assert (told["tables"], told["rows"]) == (len(again.tables), rows)
    before = Act.objects.count()
    person = Person.objects.create(username="apres")  # its number is a new one
    assert person.pk and Act.objects.count() >= before


@postgres
@pytest.mark.django_db(transaction=True)
def test_a_row_that_changes_on_its_way_stops_the_move_and_is_named(emptied, source, diary, monkeypatch):
    read = moving.read

    def other(model, alias):
        for row in read(model, alias):
            yield (
                (*row[:-1], "changed") if alias == "default" and model._meta.db_table == "country_packversion" else row
            )

    monkeypatch.setattr(moving, "read", other)
    with pytest.raises(moving.NotTheSame, match="country_packversion"):
        moving.moved(source, diary)


@postgres
@pytest.mark.django_db(transaction=True)
def test_nobody_s_work_is_overwritten(source, diary):
    with pytest.raises(moving.NotEmpty):
        moving.moved(source, diary)
    assert Backup.objects.count() == 0
