"""The ledger's tables belong to `kalata.ledger`: the same tables, the same rows, the same guards."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("transparency", "0006_log"), ("ledger", "0001_from_transparency")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel("Act"), migrations.DeleteModel("Seal"), migrations.DeleteModel("Pulse")]
        )
    ]
