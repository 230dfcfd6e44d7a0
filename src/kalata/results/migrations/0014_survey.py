"""What is seen of every column of a file, whole: the page that asks what they mean shows every value."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('results', '0012_lots'),
    ]

    operations = [
        migrations.AddField(
            model_name='import',
            name='survey',
            field=models.JSONField(default=dict),
        ),
    ]
