"""A request keeps what its asker had before the eyes, and what was signed. Requests made before have neither."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0004_approval_states")]

    operations = [
        migrations.AddField("approval", "picture", models.JSONField(null=True)),
        migrations.AddField("approval", "signed", models.JSONField(null=True)),
    ]
