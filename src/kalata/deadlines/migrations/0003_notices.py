"""The alerts of this room move to the notification centre: each row there, then the table goes."""

from django.db import migrations

TOPIC = {"late": "deadlines.late", "moved": "deadlines.moved"}


def forward(apps, _editor):
    old = apps.get_model("deadlines", "Notice")
    notice, receipt = apps.get_model("notices", "Notice"), apps.get_model("notices", "Receipt")
    following = set(
        apps.get_model("deadlines", "Following").objects.filter(by_mail=True).values_list("person_id", "calendar_id")
    )
    for one in old.objects.select_related("calendar").order_by("pk").iterator():
        code = one.calendar.code
        told, _made = notice.objects.get_or_create(
            once=f"deadlines:{code}:{one.line}:{one.kind}:{one.limit}"[:300],
            defaults={
                "topic": TOPIC.get(one.kind, "deadlines.near"), "subject": f"calendar:{code}",
                "href": f"/echeances/{code}/regle/{one.line}/", "text_fr": one.text_fr, "text_en": one.text_en,
                "at": one.made_at, "due": one.due,
            },
        )
        receipt.objects.get_or_create(
            notice=told, person_id=one.person_id,
            defaults={
                "why": "named", "at": one.made_at, "read_at": one.read_at, "mailed_at": one.mailed_at,
                "by_mail": (one.person_id, one.calendar_id) in following,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0002_evidence"), ("notices", "0001_initial")]

    operations = [migrations.RunPython(forward, migrations.RunPython.noop), migrations.DeleteModel(name="Notice")]
