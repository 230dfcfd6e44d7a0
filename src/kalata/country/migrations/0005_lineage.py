"""Units: the line of those above each, so that rights, queues and boards reach every level of a deep geography."""

from django.db import migrations, models

from kalata.country.rules import lineage


def fill(apps, _schema):
    """Level by level from the top: the line of a unit is its parent's, and its parent."""
    unit = apps.get_model("country", "Unit")
    lines = dict.fromkeys(unit.objects.filter(parent=None).values_list("pk", flat=True), "")
    while lines:
        rows = list(unit.objects.filter(parent__in=lines).only("pk", "parent_id")) if len(lines) < 500 else [
            one for one in unit.objects.exclude(parent=None).only("pk", "parent_id").iterator() if one.parent_id in lines
        ]
        for one in rows:
            one.above = lineage.below(lines[one.parent_id], one.parent_id)
        unit.objects.bulk_update(rows, ["above"], batch_size=300)
        lines = {one.pk: one.above for one in rows}


class Migration(migrations.Migration):
    dependencies = [("country", "0004_codes")]

    operations = [
        migrations.AddField(
            model_name="unit",
            name="above",
            field=models.CharField(blank=True, db_index=True, default="", editable=False, max_length=lineage.LONGEST),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
