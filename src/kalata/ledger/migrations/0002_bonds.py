"""Acts hold the digests of the rows they tell, and the mark of the house."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_from_transparency"), ("transparency", "0007_ledger_apart")]

    operations = [
        migrations.AddField("act", "rows", models.JSONField(null=True)),
        migrations.AddField("act", "mark", models.CharField(max_length=100, null=True, unique=True)),
    ]
