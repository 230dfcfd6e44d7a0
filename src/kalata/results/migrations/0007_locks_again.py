"""SQLite rebuilds a table to add a column, and its locks go with the old one: they are set again."""

import importlib

from django.db import migrations

first = importlib.import_module("kalata.results.migrations.0003_append_only")


def again(apps, schema_editor):
    first.backwards(apps, schema_editor)
    first.forwards(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("results", "0006_tokens")]
    operations = [migrations.RunPython(again, migrations.RunPython.noop)]
