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


class NoDatabase(Refused):
    code = "OPS-126"
    says = _("La base de données ne s’ouvre pas : %(why)s.")
    remedy = _(
        "Regardez si le serveur tourne, puis DATABASE_URL (ou KALATA_VAR), et lancez « kalata check ». Rien n’a été fait."
    )
    status = 503


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

    if is_empty():
        call_command("migrate", verbosity=0)
    elif lacks_migrations():
        raise NotReady


def is_empty() -> bool:
    """A database without a table: the house was never set up. OPS-126: it does not open."""
    from django.db import Error, connection

    try:
        return not connection.introspection.table_names()
    except Error as fault:
        why = str(fault).strip().splitlines() or [type(fault).__name__]
        raise NoDatabase(why=why[0]) from None


def lacks_migrations() -> bool:
    """A database of another version of the software than this one."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    planned = MigrationExecutor(connection)
    return bool(planned.migration_plan(planned.loader.graph.leaf_nodes()))


def lacks_tables(fault: Exception) -> bool:
    """Whether a command failed because the database has no such table or column."""
    if not type(fault).__module__.startswith("django.db"):
        return False
    said = str(fault)
    return any(words in said for words in ("no such table", "no such column", "does not exist"))
