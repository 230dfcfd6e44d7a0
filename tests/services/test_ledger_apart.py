"""The ledger became a package of its own: a database from before keeps every act, seal and trigger."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kalata.ledger import limits, locks
from kalata.ledger.models import Act, Seal
from kalata.ledger.queries import breaks
from kalata.ledger.services import record, seal_waiting
from kalata.transparency.kinds import LOG_HALTED

BEFORE = [("ledger", None), ("transparency", "0006_log")]


@pytest.fixture
def guards_lifted_for_the_flush(transactional_db, django_db_blocker):
    locks.install()
    yield
    for model, _rule in locks.guarded():
        locks.drop(connection, model._meta.db_table)
    limits.lift()


@pytest.fixture(scope="module", autouse=True)
def guards_back(django_db_setup, django_db_blocker):
    yield
    with django_db_blocker.unblock():
        locks.install()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("guards_lifted_for_the_flush")
def test_a_database_from_before_keeps_every_act_every_seal_and_every_guard() -> None:
    record(by=None, kind=LOG_HALTED, subject="log:x", after={"code": "LOG-202"})
    seal_waiting()
    kept = list(Act.objects.values()), list(Seal.objects.values())
    guards = {t: locks.present(connection, t) for t in ("transparency_act", "transparency_seal")}
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    MigrationExecutor(connection).migrate(BEFORE)
    MigrationExecutor(connection).migrate(leaves)
    assert (list(Act.objects.values()), list(Seal.objects.values())) == kept and kept[0]
    assert {t: locks.present(connection, t) for t in guards} == guards and guards["transparency_act"]
    assert list(breaks()) == [] and not locks.faults()
