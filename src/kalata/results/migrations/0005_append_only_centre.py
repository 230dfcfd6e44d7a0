"""The database itself refuses to change or delete what custody, minutes, batches and notices have recorded."""

from django.db import migrations

TABLES = ("results_handover", "results_minute", "results_batchline", "results_recallnotice")


def forwards(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table in TABLES:
        for act in ("update", "delete"):
            if vendor == "sqlite":
                schema_editor.execute(
                    f"create trigger {table}_no_{act} before {act} on {table} "
                    "begin select raise(abort, 'RES-400 this record is append-only'); end"
                )
            elif vendor == "postgresql":
                schema_editor.execute(
                    f"create trigger {table}_no_{act} before {act} on {table} "
                    "for each row execute function kalata_results_append_only()"
                )


def backwards(apps, schema_editor):
    for table in TABLES:
        for act in ("update", "delete"):
            on = f" on {table}" if schema_editor.connection.vendor == "postgresql" else ""
            schema_editor.execute(f"drop trigger if exists {table}_no_{act}{on}")


class Migration(migrations.Migration):
    dependencies = [("results", "0004_centre")]
    operations = [migrations.RunPython(forwards, backwards)]
