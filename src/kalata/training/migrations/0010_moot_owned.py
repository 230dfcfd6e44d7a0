"""Answers that another wrote down count once their author owns them; those of before count as they did."""

import django.db.models.deletion
from django.db import migrations, models


def as_they_counted(apps, _editor):
    answers = apps.get_model("training", "MootAnswer").objects.exclude(route="screen")
    owned = apps.get_model("training", "MootOwned")
    owned.objects.bulk_create([owned(answer_id=pk, at=at) for pk, at in answers.values_list("pk", "at")], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("training", "0009_moots")]

    operations = [
        migrations.CreateModel(
            name="MootOwned",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("answer", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="owned", to="training.mootanswer")),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.RunPython(as_they_counted, migrations.RunPython.noop),
    ]
