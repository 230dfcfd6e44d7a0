"""The table of notices to owners of accounts goes: the one centre has them (0007, in a transaction of its own)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0007_notices_to_the_centre")]
    operations = [migrations.DeleteModel(name="AccountNotice")]
