from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("tally", "0005_scan_lines"),
    ]

    operations = [
        migrations.AddField(
            model_name="passage",
            name="salt",
            field=models.CharField(blank=True, default="", max_length=32),
            preserve_default=False,
        ),
    ]
