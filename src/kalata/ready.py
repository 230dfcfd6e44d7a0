"""A database that commands can work in: made where there is none, refused where it is of another version."""

from __future__ import annotations

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class NotReady(Refused):
    code = "OPS-111"
    says = _("La base de données n’a pas les tables de cette version du logiciel.")
    remedy = _(
        "Lancez « kalata serve » une fois (ou « kalata manage migrate »), puis recommencez. Rien n’a été changé."
    )
    status = 409


def setup_django() -> None:
    """Make the models usable: only commands that need the database call this."""
    import os

    import django

    from kalata import modes

    modes.private()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kalata.settings.office")
    django.setup()


def setup_house() -> None:
    """Django, and a database with its tables: an empty one gets them, as `kalata serve` would. OPS-111: it lacks some."""
    setup_django()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    if not connection.introspection.table_names():
        call_command("migrate", verbosity=0)
        return
    planned = MigrationExecutor(connection)
    if planned.migration_plan(planned.loader.graph.leaf_nodes()):
        raise NotReady


def lacks_tables(fault: Exception) -> bool:
    """Whether a command failed because the database has no such table or column."""
    if not type(fault).__module__.startswith("django.db"):
        return False
    said = str(fault)
    return any(words in said for words in ("no such table", "no such column", "does not exist"))
