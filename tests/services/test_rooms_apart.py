"""The models of the paper's way changed rooms: not a table, a row or a guard did."""

import importlib

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations import CreateModel, RunPython, SeparateDatabaseAndState
from django.db.migrations.executor import MigrationExecutor

from kalata.ledger import limits, locks

LEFT = importlib.import_module("kalata.results.migrations.0018_papers_apart")
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


@pytest.mark.django_db(transaction=True)
def test_a_database_that_has_its_guards_takes_the_states_of_requests_back_and_forth():
    """SQLite makes the table anew, which a trigger that reads it forbids."""
    assert limits.missing() == [] and locks.faults() == []
    for name in ("0003_accounts", "0004_approval_states"):
        executor = MigrationExecutor(connection)
        executor.migrate([("people", name)])
    locks.install()
    limits.install()
    assert limits.missing() == [] and locks.faults() == []
