"""Pieces kept before the evidence store get their rows there; the files stay where they are."""

from django.db import migrations


def forward(apps, _editor):
    from kalata.evidence.adopting import Held, adopt

    facts, overrides = apps.get_model("deadlines", "Fact"), apps.get_model("deadlines", "Override")
    held = [
        Held(sha, f"calendar:{code}", by, at)
        for sha, code, by, at in facts.objects.exclude(sha256="").values_list(
            "sha256", "calendar__code", "by", "recorded_at"
        )
    ]
    held += [
        Held(sha, f"calendar:{code}", by, at)
        for sha, code, by, at in overrides.objects.exclude(sha256="").values_list(
            "sha256", "calendar__code", "asked_by", "made_at"
        )
    ]
    adopt(apps, held)


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0001_initial"), ("evidence", "0001_initial")]

    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
