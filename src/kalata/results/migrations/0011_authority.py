"""Each version names what it rests on. Versions written before say "earlier": what they rest on was not kept then."""

import django.db.models.deletion
from django.db import migrations, models

from kalata.ledger.locks import lift


class Migration(migrations.Migration):
    dependencies = [("results", "0010_terr"), ("people", "0003_requests")]

    operations = [
        migrations.RunPython(lift("results_passage", "results_stationreport"), migrations.RunPython.noop),
        migrations.AddField("import", "difference", models.CharField(blank=True, default="", max_length=64)),
        migrations.AddField("import", "written", models.CharField(blank=True, default="", max_length=64)),
        migrations.AlterField("import", "difference", models.CharField(blank=True, max_length=64)),
        migrations.AlterField("import", "written", models.CharField(blank=True, max_length=64)),
        migrations.AddField("passage", "figures", models.CharField(blank=True, default="", max_length=64)),
        migrations.AlterField("passage", "figures", models.CharField(blank=True, max_length=64)),
        migrations.AddField(
            "stationreport", "authority", models.CharField(default="earlier", max_length=10), preserve_default=False
        ),
        migrations.AddField(
            "stationreport", "proof", models.CharField(default="", max_length=64), preserve_default=False
        ),
        migrations.AddField(
            "stationreport",
            "passage",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="results.passage"
            ),
        ),
        migrations.AddField(
            "stationreport",
            "approval",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.approval"
            ),
        ),
        migrations.AddConstraint(
            "stationreport",
            models.CheckConstraint(
                condition=models.Q(authority__in=["paper", "import", "decision", "earlier"]), name="report_authority"
            ),
        ),
    ]
