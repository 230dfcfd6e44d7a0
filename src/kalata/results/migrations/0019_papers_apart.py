"""The models of the paper's way leave for `tally`, which takes over their tables as they are (tally 0001).

A version keeps the number of its passage; that the passage is there, of the same station and under the same hash, the
database asks of every new version (RES-310).
"""

from django.db import migrations, models

LEAVING = (
    "Attendance",
    "Explained",
    "Member",
    "Minute",
    "Recap",
    "BagItem",
    "Handover",
    "Bag",
    "Draft",
    "Entry",
    "Hand",
    "Passage",
    "Replacement",
    "Scan",
    "ScanBatch",
    "Sitting",
    "Copy",
    "Paper",
)  # those that point at others first


class Migration(migrations.Migration):

    dependencies = [
        ("results", "0018_evidence"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("stationreport", "passage"),
                migrations.AddField("stationreport", "passage_id", models.BigIntegerField(db_index=True, null=True)),
                *(migrations.DeleteModel(name) for name in LEAVING),
            ]
        ),
    ]
