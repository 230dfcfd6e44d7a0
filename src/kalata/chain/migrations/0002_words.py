"""The full text of what a search looks into: a table of SQLite, an index of PostgreSQL."""

from typing import Any

from django.db import migrations

TABLE, INDEX = "chain_words", "chain_indexentry_fulltext"


def make(_apps: Any, schema: Any) -> None:
    if schema.connection.vendor == "sqlite":
        schema.execute(f"create virtual table {TABLE} using fts5(words, tokenize='unicode61')")
    else:
        schema.execute(f"create index {INDEX} on chain_indexentry using gin (to_tsvector('simple', words))")


def undo(_apps: Any, schema: Any) -> None:
    schema.execute(f"drop table {TABLE}" if schema.connection.vendor == "sqlite" else f"drop index {INDEX}")


class Migration(migrations.Migration):
    dependencies = [("chain", "0001_initial")]
    operations = [migrations.RunPython(make, undo)]
    beyond_models = staticmethod(make)
