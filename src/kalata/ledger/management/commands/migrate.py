"""`manage migrate`, as Django has it; an empty database gets the tables of today at once.

Every migration one after the other makes the same tables in some forty seconds of processor, nearly all of it spent
drawing the models of each step. Nothing can be lost in a database that holds nothing: its tables are made from the
models as they are, in one transaction with the record of every migration as done. `tests/services/test_fresh.py`
proves that both ways make the same database. A migration that makes what no model says (a table of words, an index of
one kind of database) names it `beyond_models(apps, schema)`, and it is called here too.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management.commands import migrate
from django.db import connections, router
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from kalata.ledger import locks

WHOLE = ("app_label", "migration_name", "fake", "fake_initial", "plan", "check_unapplied", "prune")
"""What is asked of `migrate` when it is not simply to bring a whole database up to date."""


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if not any(options.get(asked) for asked in WHOLE) and empty(options["database"]):
            furnish(options["database"])
        super().handle(*args, **options)


def empty(using: str) -> bool:
    """Whether the database holds no table at all."""
    connection = connections[using]
    connection.prepare_database()
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def furnish(using: str) -> None:
    """Make every table of the models and note every migration as done: all of it or nothing. Then set the guards."""
    connection = connections[using]
    loader = MigrationLoader(connection)
    recorder = MigrationRecorder(connection)
    with connection.schema_editor() as editor:
        for app in apps.get_app_configs():
            for model in router.get_migratable_models(app, using, include_auto_created=False):
                if model._meta.can_migrate(connection):
                    editor.create_model(model)
        for migration in loader.disk_migrations.values():
            if beyond := getattr(migration, "beyond_models", None):
                beyond(apps, editor)
        editor.create_model(recorder.Migration)
        for label, name in ordered(loader):
            recorder.record_applied(label, name)
    locks.install(using)


def ordered(loader: MigrationLoader) -> list[tuple[str, str]]:
    """Every migration, each after those it needs."""
    found: dict[tuple[str, str], None] = {}
    for leaf in sorted(loader.graph.leaf_nodes()):
        found |= dict.fromkeys(loader.graph.forwards_plan(leaf))
    return list(found)
