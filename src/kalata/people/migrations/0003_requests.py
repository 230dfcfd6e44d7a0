"""A request keeps the facts it was asked on and their hash. Requests made before have none: they must be asked again."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def bind(apps, schema_editor):
    apps.get_model("people", "Approval").objects.filter(sha256="").update(sha256="-" * 64)


class Migration(migrations.Migration):
    dependencies = [("people", "0002_tokens")]

    operations = [
        migrations.AddField("approval", "facts", models.JSONField(default=dict)),
        migrations.AddField(
            "approval",
            "replaces",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="people.approval",
            ),
        ),
        migrations.AddField(
            "approval", "sha256", models.CharField(default="", max_length=64), preserve_default=False
        ),
        migrations.AddField("approval", "update_asked_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "approval",
            "update_asked_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(bind, migrations.RunPython.noop),
        migrations.AddConstraint(
            "approval",
            models.CheckConstraint(condition=~models.Q(sha256=""), name="approval_bound_to_facts"),
        ),
    ]
