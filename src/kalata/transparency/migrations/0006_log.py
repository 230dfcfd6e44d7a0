"""Witnesses may have a second key, of ML-DSA-44."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transparency", "0005_ledger_guards")]

    operations = [migrations.AddField("witness", "vkey_pq", models.CharField(blank=True, default="", max_length=2000), preserve_default=False)]  # fmt: skip
