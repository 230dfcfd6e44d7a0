"""Batches of papers, in the worker."""

from __future__ import annotations

from django_tasks import task

from kalata.documents import batches
from kalata.documents.models import DocumentBatch


@task()
def make_batch(batch_id: int) -> int:
    """Make the papers of a batch. A second run finds it ended and does nothing."""
    one = DocumentBatch.objects.select_related("by").get(pk=batch_id)
    if one.running:
        batches.run(one)
    return one.total
