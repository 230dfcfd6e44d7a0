"""A simulation keeps what it was told; an answer is of those that have states (a mandate, a likeness)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("disputes", "0013_likeness_reason")]

    operations = [migrations.RenameField("whatif", "answer", "told")]
