"""What was told to owners of accounts goes to the one centre of notices, read and mailed as it was."""

from typing import Any

from django.db import migrations


def moved(apps: Any, _schema: Any) -> None:
    Notice, Receipt = apps.get_model("notices", "Notice"), apps.get_model("notices", "Receipt")
    old = apps.get_model("people", "AccountNotice")
    for one in old.objects.select_related("person").order_by("pk").iterator():
        made = Notice.objects.create(
            topic=f"account.{one.kind}", once=f"account.{one.kind}:{one.person_id}:moved-{one.pk}",
            subject=f"person:{one.person.username}", href="/compte/", text_fr=one.text_fr, text_en=one.text_en, at=one.at,
        )  # fmt: skip
        Receipt.objects.create(
            notice=made, person_id=one.person_id, why="named", by_mail=True, at=one.at, read_at=one.seen_at,
            mailed_at=one.mailed_at,
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("people", "0006_saved_views"), ("notices", "0001_initial")]
    operations = [migrations.RunPython(moved, migrations.RunPython.noop)]
