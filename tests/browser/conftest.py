"""The browser's tests commit for real, and pytest empties the tables after each: only then is the
ledger's lock lifted, and set again before the next."""

import importlib

import pytest
from django.db import connection

lock = importlib.import_module("kalata.transparency.migrations.0002_append_only")


@pytest.fixture(autouse=True)
def ledger_lifted_for_the_flush(transactional_db):
    with connection.schema_editor() as editor:
        lock.backwards(None, editor)
        lock.forwards(None, editor)
    yield
    with connection.schema_editor() as editor:
        lock.backwards(None, editor)
