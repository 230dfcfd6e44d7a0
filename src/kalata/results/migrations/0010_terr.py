"""Bags, files of images and kept mappings belong to a territory: rights are asked of it, not of the contest."""

import django.db.models.deletion
from django.db import migrations, models


def path(unit, parents):
    out = []
    while unit is not None:
        out.insert(0, unit)
        unit = parents.get(unit)
    return out


def place_bags(apps, schema_editor):
    """A bag sealed before lies where all the papers announced in it lie."""
    Bag, Unit = apps.get_model("results", "Bag"), apps.get_model("country", "Unit")
    bags = Bag.objects.filter(unit=None)
    if not bags.exists():
        return
    parents = dict(Unit.objects.values_list("pk", "parent_id"))
    for bag in bags.iterator():
        held = [path(u, parents) for u in bag.items.values_list("paper__station__unit_id", flat=True)]
        same = [a[0] for a in zip(*held) if len(set(a)) == 1] if held else []
        if same:
            Bag.objects.filter(pk=bag.pk).update(unit_id=same[-1])


class Migration(migrations.Migration):
    dependencies = [("country", "0003_centre"), ("results", "0007_locks_again")]

    operations = [
        migrations.AddField(
            "mappingprofile",
            "unit",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="country.unit"
            ),
        ),
        migrations.AddField(
            "scanbatch",
            "unit",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="country.unit"
            ),
        ),
        migrations.RunPython(place_bags, migrations.RunPython.noop),
    ]
