from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("training", "0003_draw_salt")]
    operations = [
        migrations.AddField(model_name="post", name="suspended", field=models.BooleanField(default=False)),
        migrations.RunSQL(
            "UPDATE training_post SET suspended = (state = 'away')", migrations.RunSQL.noop
        ),
    ]
