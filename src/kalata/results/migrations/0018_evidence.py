"""Images, files of images, imports and differences kept before the evidence store get their rows there; no file moves."""

from django.db import migrations


def held(apps):
    from kalata.evidence.adopting import Held

    def rows(model, *fields, **only):
        return apps.get_model("results", model).objects.filter(**only).order_by("pk").values_list(*fields).iterator()

    for sha, pk in rows("Paper", "image", "pk", image__gt=""):
        yield Held(sha, f"paper:{pk}", ours=True)
    for sha, pk, paper, by, at in rows("Scan", "sha256", "pk", "paper", "batch__by", "at"):
        yield Held(sha, f"paper:{paper}" if paper else f"scan:{pk}", by, at, ours=True)
    for sha, paper, by, at in rows("Passage", "document", "paper", "by", "at", to="second_visa"):
        yield Held(sha, f"paper:{paper}", by, at, ours=True)
    for sha, pk, by, at in rows("Copy", "image", "pk", "by", "at", image__gt=""):
        yield Held(sha, f"copy:{pk}", by, at, ours=True)
    for sha, bag, by, at in rows("Handover", "photo", "bag", "by", "at", photo__gt=""):
        yield Held(sha, f"bag:{bag}", by, at, ours=True)
    for sha, pk, name, by, at in rows("ScanBatch", "origin", "pk", "name", "by", "at"):
        yield Held(sha, f"scans:{pk}", by, at, name)
    for sha, pk, name, file, by, at, state in rows(
        "Import", "sha256", "pk", "name", "file", "by", "created_at", "state"
    ):
        if state == "discarded":  # its file went by that act
            continue
        yield Held(sha, f"import:{pk}", by, at, name, place=f"imports/{file}")
    for sha, pk, by, at in rows("Import", "difference", "pk", "by", "created_at", difference__gt=""):
        yield Held(sha, f"import:{pk}", by, at, ours=True)
    asked = apps.get_model("people", "Approval").objects.filter(kind="results.declaration")
    for payload, subject, by, at in asked.values_list("payload", "subject", "asked_by", "asked_at"):
        yield Held(str((payload or {}).get("sha256", "")), subject, by, at)


def forward(apps, _editor):
    from kalata.evidence.adopting import adopt

    adopt(apps, held(apps))


class Migration(migrations.Migration):
    dependencies = [("results", "0017_signed_recap"), ("people", "0004_approval_states"), ("evidence", "0001_initial")]

    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
