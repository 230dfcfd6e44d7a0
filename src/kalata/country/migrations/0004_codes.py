"""Stations: two codes that a reader could not tell apart are one (codes.key), in the database too."""

from django.db import migrations, models

import kalata.country.models
from kalata import codes


def fill(apps, _schema):
    """Every station its key. Codes that were let in before and look alike keep a key of their own, with their number:
    nothing is lost or merged here. Their key holds "≠", which no code may: it is found by that sign."""
    station = apps.get_model("country", "Station")
    held, rows, contest = set(), [], None
    for one in station.objects.order_by("contest_id", "pk").only("pk", "contest_id", "code").iterator(chunk_size=5_000):
        if one.contest_id != contest:
            held, contest = set(), one.contest_id
        key = codes.key(one.code)
        if key in held or len(key) > 250:
            key = f"{key[:230]} ≠ {one.pk}"
        held.add(key)
        one.code_key = key
        rows.append(one)
        if len(rows) == 2_000:
            station.objects.bulk_update(rows, ["code_key"], batch_size=300)
            rows = []
    station.objects.bulk_update(rows, ["code_key"], batch_size=300)


class Migration(migrations.Migration):
    dependencies = [("country", "0003_centre")]

    operations = [
        migrations.AddField("station", "code_key", models.CharField(max_length=250, default="", editable=False), preserve_default=False),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("station", "code_key", kalata.country.models.KeyField(max_length=250, editable=False)),
        migrations.AddConstraint("station", models.UniqueConstraint(fields=["contest", "code_key"], name="station_code_key")),
    ]
