"""Who has had a paper, for ever; the sitting in which the commission acted; what explains a recap that differs.

Past hands are filled from the passages and copies kept so far: nobody is forgotten by the upgrade.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PARTS = {
    ("scanned", "first_entry"): "opened",
    ("first_entered", "second_entry"): "opened",
    ("first_entry", "first_entered"): "typed",
    ("second_entry", "matched"): "typed",
    ("second_entry", "different"): "typed",
    ("different", "arbitration"): "saw",
    ("arbitration", "matched"): "settled",
    ("arbitration", "second_visa"): "settled",
    ("arbitration", "scanned"): "settled",
}
RIGHTS = {
    "results.visa": "visa",
    "results.review": "review",
    "results.commission": "commission",
    "results.publish": "publication",
    "results.recall": "recall",
    "results.decide": "court",
}
DESKS = {"opened": "entry", "typed": "entry", "saw": "arbitration", "settled": "arbitration"}


def fill(apps, schema_editor):
    hand = apps.get_model("results", "Hand")
    rows = []

    def one(paper, person, part, at):
        if person is not None:
            rows.append(hand(paper_id=paper, person_id=person, part=part, desk=DESKS.get(part, part), at=at))

    passages = apps.get_model("results", "Passage").objects.order_by("pk")
    for p in passages.iterator(chunk_size=5_000):
        part = PARTS.get((p.start, p.to)) or RIGHTS.get(p.right)
        if part:
            one(p.paper_id, p.by_id, part, p.at)
            one(p.paper_id, p.other_id, part, p.at)
    for copy in apps.get_model("results", "Copy").objects.filter(station__paper__isnull=False).select_related(
        "station__paper"
    ):
        one(copy.station.paper.pk, copy.by_id, "copy", copy.at)
        if copy.answered_by_id:
            one(copy.station.paper.pk, copy.answered_by_id, "review", copy.answered_at)
    hand.objects.bulk_create(rows, batch_size=2_000, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("results", "0011_authority"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="passage",
            name="sitting",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="passages", to="results.sitting"
            ),
        ),
        migrations.CreateModel(
            name="Explained",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.CharField(max_length=40)),
                ("on_paper", models.BigIntegerField(null=True)),
                ("summed", models.BigIntegerField()),
                (
                    "minute",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="explains", to="results.minute"
                    ),
                ),
                (
                    "sitting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="explained", to="results.sitting"
                    ),
                ),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.CreateModel(
            name="Hand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.CharField(max_length=12)),
                ("desk", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="past_hands", to="results.paper"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("paper", "person", "part"), name="hand_once")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
