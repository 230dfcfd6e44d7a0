from django.db import migrations, models
from django.db.models import Q

ITEMS = ("competence", "time_limit", "standing", "form", "object", "grounds", "res_judicata")
LETTERS = {"met": "m", "not_met": "n", "curable": "c", "disputed": "d", "unknown": "u"}


def fill(apps, editor):
    """The bar of each case that has a checklist, and how many were reached."""
    sheets, checklists, services = (apps.get_model("disputes", n) for n in ("CaseSheet", "Checklist", "Service"))
    last = {c.petition_id: c.said for c in checklists.objects.order_by("pk").iterator()}
    for sheet in sheets.objects.only("petition_id").iterator():
        said = {i["item"]: LETTERS[i["state"]] for i in last.get(sheet.petition_id, {}).get("items", ())}
        sheet.points = "".join(said.get(name, "u") for name in ITEMS) if said else ""
        sent = services.objects.filter(petition_id=sheet.petition_id, struck_at=None)
        sheet.reached = sent.exclude(Q(served_at=None) & Q(waiver="")).count()
        sheet.save(update_fields=["points", "reached"])


class Migration(migrations.Migration):
    dependencies = [("disputes", "0014_whatif_told")]

    operations = [
        migrations.AddField(
            model_name="casesheet", name="points", field=models.CharField(blank=True, max_length=7)
        ),
        migrations.AddField(
            model_name="casesheet", name="reached", field=models.PositiveSmallIntegerField(default=0)
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
