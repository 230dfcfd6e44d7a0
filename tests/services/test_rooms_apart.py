"""The models of the paper's way changed rooms: not a table, a row or a guard did."""

import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations import CreateModel, RunPython, SeparateDatabaseAndState

from kalata.ledger import limits, locks

LEFT = importlib.import_module("kalata.results.migrations.0019_papers_apart")
STATES = importlib.import_module("kalata.people.migrations.0004_approval_states")
CAME = importlib.import_module("kalata.tally.migrations.0001_initial")


def test_what_left_results_came_to_tally_with_its_table_and_nothing_is_done_to_the_database():
    (left,) = LEFT.Migration.operations
    came, told = CAME.Migration.operations
    assert isinstance(told, RunPython) and all(isinstance(one, SeparateDatabaseAndState) for one in (left, came))
    assert not left.database_operations and not came.database_operations
    made = {one.name: one.options["db_table"] for one in came.state_operations if isinstance(one, CreateModel)}
    assert made == {name: f"results_{name.lower()}" for name in LEFT.LEAVING}
    assert sorted(name.lower() for name in made) == sorted(CAME.MOVED)


@pytest.mark.django_db
def test_kinds_of_content_keep_their_numbers_and_follow():
    old = {one.model: one.pk for one in ContentType.objects.filter(app_label="tally")}
    assert set(CAME.MOVED) <= set(old)
    CAME.renamed(apps, "tally", "results")
    CAME.renamed(apps, "results", "tally")
    assert {one.model: one.pk for one in ContentType.objects.filter(app_label="tally")} == old


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL makes no table anew to add a constraint")
def test_no_trigger_reads_the_requests_while_their_table_is_made_anew():
    """SQLite refuses the table that the states of requests need as long as one does: a database with versions stayed behind."""
    reading = "select count(*) from sqlite_master where type = 'trigger' and sql like '%people_approval%'"
    with connection.cursor() as cursor:
        assert cursor.execute(reading).fetchone()[0] > 0
        STATES.loosen(apps, SimpleNamespace(connection=connection))
        assert cursor.execute(reading).fetchone()[0] == 0
    locks.install()
    assert limits.missing() == [] and locks.faults() == []
