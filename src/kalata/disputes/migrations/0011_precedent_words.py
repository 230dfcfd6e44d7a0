"""The full text of what may be cited: a table of SQLite, an index of PostgreSQL."""

from typing import Any

from django.db import migrations

TABLE = "disputes_precedent_words"
INDEX = "disputes_precedent_fulltext"


def make(_apps: Any, schema: Any) -> None:
    if schema.connection.vendor == "sqlite":
        schema.execute(f"create virtual table {TABLE} using fts5(words, tokenize='unicode61')")
    else:
        schema.execute(f"create index {INDEX} on disputes_precedent using gin (to_tsvector('simple', folded))")


def undo(_apps: Any, schema: Any) -> None:
    schema.execute(f"drop table {TABLE}" if schema.connection.vendor == "sqlite" else f"drop index {INDEX}")


class Migration(migrations.Migration):
    dependencies = [("disputes", "0010_drafting")]
    operations = [migrations.RunPython(make, undo)]
    beyond_models = staticmethod(make)
