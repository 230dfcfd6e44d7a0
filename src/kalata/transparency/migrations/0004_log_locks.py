"""Entries, checkpoints and cosignatures of the public log are only ever added."""

from django.db import migrations

from kalata.ledger.locks import append_only

forwards, backwards = append_only(
    ("transparency_logentry", "transparency_logcheckpoint", "transparency_cosignature")
)


class Migration(migrations.Migration):
    dependencies = [("transparency", "0003_public_log")]
    operations = [migrations.RunPython(forwards, backwards)]
