"""Append-only tables: the database itself refuses to change or delete their rows (LED-001)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Step = Callable[[Any, Any], None]


def append_only(tables: Sequence[str]) -> tuple[Step, Step]:
    """The two functions of a migration that locks tables. Run it again after a migration that adds a column:
    SQLite rebuilds the table and drops its triggers."""

    def forwards(apps: Any, schema_editor: Any) -> None:
        vendor = schema_editor.connection.vendor
        backwards(apps, schema_editor)
        for table in tables:
            for act in ("update", "delete"):
                if vendor == "sqlite":
                    schema_editor.execute(
                        f"create trigger {table}_no_{act} before {act} on {table} "
                        "begin select raise(abort, 'LED-001 the ledger is append-only'); end"
                    )
                elif vendor == "postgresql":
                    schema_editor.execute(
                        f"create trigger {table}_no_{act} before {act} on {table} "
                        "for each row execute function kalata_append_only()"
                    )
            if vendor == "postgresql":
                schema_editor.execute(
                    f"create trigger {table}_no_truncate before truncate on {table} "
                    "for each statement execute function kalata_append_only()"
                )

    def backwards(apps: Any, schema_editor: Any) -> None:
        vendor = schema_editor.connection.vendor
        for table in tables:
            on = f" on {table}" if vendor == "postgresql" else ""
            for act in ("update", "delete"):
                schema_editor.execute(f"drop trigger if exists {table}_no_{act}{on}")
            if vendor == "postgresql":
                schema_editor.execute(f"drop trigger if exists {table}_no_truncate on {table}")

    return forwards, backwards
