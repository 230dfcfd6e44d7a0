"""The database itself refuses to change or delete an act or a seal."""

from django.db import migrations

TABLES = ("transparency_act", "transparency_seal")


def forwards(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(
            "create or replace function kalata_append_only() returns trigger language plpgsql as "
            "$$ begin raise exception 'LED-001 the ledger is append-only'; end $$"
        )
    for table in TABLES:
        for act in ("update", "delete"):
            if vendor == "sqlite":
                schema_editor.execute(
                    f"create trigger {table}_no_{act} before {act} on {table} begin select raise(abort, 'LED-001 the ledger is append-only'); end"
                )
            elif vendor == "postgresql":
                schema_editor.execute(f"create trigger {table}_no_{act} before {act} on {table} for each row execute function kalata_append_only()")
        if vendor == "postgresql":
            schema_editor.execute(f"create trigger {table}_no_truncate before truncate on {table} for each statement execute function kalata_append_only()")


def backwards(apps, schema_editor):
    for table in TABLES:
        for act in ("update", "delete"):
            on = f" on {table}" if schema_editor.connection.vendor == "postgresql" else ""
            schema_editor.execute(f"drop trigger if exists {table}_no_{act}{on}")
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"drop trigger if exists {table}_no_truncate on {table}")


class Migration(migrations.Migration):
    dependencies = [("transparency", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
