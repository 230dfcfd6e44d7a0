"""Which findings of its settled figures have been answered: read again when the commission validates.

Nullable, so that SQLite adds the column without rebuilding a table that guards read.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("results", "0014_survey")]

    operations = [migrations.AddField("paper", "answered", models.JSONField(null=True))]
