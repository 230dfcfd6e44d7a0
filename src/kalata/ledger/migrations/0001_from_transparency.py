"""The ledger's tables, made by the first migrations of `transparency`, become this package's: no row is touched."""

from django.db import migrations, models

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    initial = True
    dependencies = [("transparency", "0006_log")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Act",
                    fields=[
                        ("id", ID.clone()),
                        ("at", models.DateTimeField(db_index=True)),
                        ("actor_id", models.BigIntegerField(db_index=True, null=True)),
                        ("actor", models.CharField(max_length=80)),
                        ("kind", models.CharField(db_index=True, max_length=60)),
                        ("subject", models.CharField(db_index=True, max_length=120)),
                        ("territory", models.CharField(blank=True, max_length=60)),
                        ("before", models.JSONField(null=True)),
                        ("after", models.JSONField(null=True)),
                        ("reason", models.TextField(blank=True)),
                        ("address", models.CharField(blank=True, max_length=45)),
                        ("personal", models.BooleanField(default=False)),
                    ],
                    options={
                        "db_table": "transparency_act",
                        "ordering": ["-pk"],
                        "indexes": [models.Index(fields=["personal", "-id"], name="transparenc_persona_6023fa_idx")],
                    },
                ),
                migrations.CreateModel(
                    name="Seal",
                    fields=[
                        ("id", ID.clone()),
                        ("first", models.BigIntegerField(unique=True)),
                        ("last", models.BigIntegerField(unique=True)),
                        ("count", models.PositiveIntegerField()),
                        ("previous", models.CharField(max_length=64, unique=True)),
                        ("hash", models.CharField(max_length=64, unique=True)),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "db_table": "transparency_seal",
                        "ordering": ["pk"],
                        "constraints": [models.CheckConstraint(condition=models.Q(("last__gte", models.F("first"))), name="seal_order")],
                    },
                ),
                migrations.CreateModel(
                    name="Pulse",
                    fields=[
                        ("id", ID.clone()),
                        ("name", models.CharField(max_length=20, unique=True)),
                        ("at", models.DateTimeField()),
                    ],
                    options={"db_table": "transparency_pulse", "ordering": ["name"]},
                ),
            ]
        )
    ]
