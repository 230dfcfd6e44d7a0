"""The same services, later: long files of images are read in the worker."""

from __future__ import annotations

from django_tasks import task

from kalata.tally.models import ScanBatch
from kalata.tally.services import scanning


@task()
def read_scans(batch_id: int) -> str:
    """Read the pages of a long file. A second run goes on where the first one stopped."""
    batch = ScanBatch.objects.select_related("contest__election__pack", "by").get(pk=batch_id)
    if batch.state == "waiting":
        scanning.read(batch)
    return batch.state
