"""From here on the ledger holds digests of the rows of cases; those that are there are covered after it (`apps.cover`)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("disputes", "0011_precedent_words")]
    operations = []
