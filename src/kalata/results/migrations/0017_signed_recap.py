"""Signatures are bound to the recap that was signed: it gets a hash, and each signature the one it is of.

What was signed in a sitting still open is signed again; closed ones keep what was noted.
"""

import hashlib
import json

from django.db import migrations, models


def hashes(apps, schema_editor):
    numbers = {}
    for recap in apps.get_model("results", "Recap").objects.order_by("pk").iterator():
        number = numbers[recap.sitting_id] = numbers.get(recap.sitting_id, 0) + 1
        facts = [recap.sitting_id, number, recap.stations, bytes(recap.sheet).hex()]
        recap.sha256 = hashlib.sha256(json.dumps(facts, separators=(",", ":")).encode()).hexdigest()
        recap.save(update_fields=["sha256"])


class Migration(migrations.Migration):
    dependencies = [("results", "0016_attendance")]

    operations = [
        migrations.AddField("member", "signed_on", models.CharField(max_length=64, null=True)),
        migrations.AddField("recap", "sha256", models.CharField(max_length=64, null=True)),
        migrations.RunPython(hashes, migrations.RunPython.noop),
    ]
