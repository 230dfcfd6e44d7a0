"""The ledger became a package of its own: a database from before keeps every act, seal and trigger."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kalata.ledger import answers, locks
from kalata.ledger.apps import guards_again
from kalata.ledger.models import Act, Seal
from kalata.ledger.queries import breaks
from kalata.ledger.services import record, seal_waiting
from kalata.people.models import Mandate, Person
from kalata.tally.models import Hand
from kalata.transparency.kinds import LOG_HALTED


@pytest.mark.nightly  # back to the first migration and up again: a minute, and the upgrade itself is rehearsed by night too
@pytest.mark.django_db(transaction=True)
def test_a_database_from_before_keeps_every_act_every_seal_and_every_guard() -> None:
    record(by=None, kind=LOG_HALTED, subject="log:x", after={"code": "LOG-202"})
    seal_waiting()
    columns = [f.attname for f in Act._meta.concrete_fields if f.name not in ("rows", "mark")]  # these came later
    kept = list(Act.objects.values(*columns)), list(Seal.objects.values())
    guards = {t: locks.present(connection, t) for t in ("transparency_act", "transparency_seal")}
    call_command("migrate", "ledger", "zero", verbosity=0)
    call_command("migrate", verbosity=0)
    acts = Act.objects.exclude(kind="ledger.baseline")  # the upgrade covers what was there by an act of its own
    assert (list(acts.values(*columns)), list(Seal.objects.values())) == kept and kept[0]
    assert {t: locks.present(connection, t) for t in guards} == guards and guards["transparency_act"]
    assert list(breaks()) == [] and not locks.faults()


def aside() -> None:
    """What `migrate` does first: a guard elsewhere that reads a table stops SQLite from making it anew."""
    if connection.vendor == "sqlite":
        locks.aside()


@pytest.mark.django_db(transaction=True)
def test_a_column_added_to_a_locked_table_leaves_it_locked_when_migrate_ends() -> None:
    """SQLite makes another table and gives it the name: the triggers of the first one go with it, silently."""
    from django.db import models

    tables = ("transparency_act", "results_hand")
    wanted = {t: set(locks.present(connection, t)) for t in tables}
    field = models.CharField(max_length=5, null=True, default="x")  # with a default, SQLite makes the table anew
    field.set_attributes_from_name("added")
    aside()
    try:
        for model in (Act, Hand):
            with connection.schema_editor() as editor:
                editor.add_field(model, field)
        if connection.vendor == "sqlite":
            assert {f.guard for f in locks.faults()} >= {"transparency_act_no_update", "results_hand_no_delete"}
        call_command("migrate", verbosity=0)
        assert not locks.faults() and {t: set(locks.present(connection, t)) for t in tables} == wanted
    finally:
        aside()
        for model in (Act, Hand):
            with connection.schema_editor() as editor:
                editor.remove_field(model, field)
        locks.install()


@pytest.mark.django_db(transaction=True)
def test_an_upgrade_covers_the_rows_of_before_by_one_dated_act_and_only_once(pack_version) -> None:
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    aside()
    MigrationExecutor(connection).migrate([("ledger", "0001_from_transparency")])
    person = Person.objects.create(username="ancien", full_name="Ancien")
    Mandate.objects.create(person=person, role="saisie", rights=["results.enter"])
    MigrationExecutor(connection).migrate(leaves)
    assert [f.what for f in answers.faults() if f.table == "people_mandate"] == ["without its act"]
    plan = [(MigrationExecutor(connection).loader.graph.nodes["ledger", "0002_bonds"], False)]
    guards_again(using="default", plan=plan)
    act = Act.objects.get(kind="ledger.baseline")
    assert act.after["tables"]["people_mandate"] == 1 and not answers.faults()
    guards_again(using="default", plan=[])
    Mandate.objects.create(person=person, role="reception", rights=["results.receive"])
    assert [f.what for f in answers.faults()] == ["without its act"] and Act.objects.get(kind="ledger.baseline") == act
