"""Who may read the images of papers, asked by the one door of kept files."""

from __future__ import annotations

from typing import Any

from kalata.evidence.reading import guarded
from kalata.tally.access import loose_scan_for, original_for
from kalata.tally.models import Paper, Scan


@guarded("paper")
def may_read_original(person: Any, key: str, sha256: str) -> None:
    """Paper.DoesNotExist, Scan.DoesNotExist for who has the paper neither in reach nor in hand, or another image."""
    paper = Paper.objects.select_related("contest").defer("contest__system").get(pk=int(key))
    original_for(person, paper.contest, paper.pk, sha256)


@guarded("scan")
def may_read_loose(person: Any, key: str, sha256: str) -> None:
    """Scan.DoesNotExist for who does not scan there, and once the page has its paper."""
    scan = Scan.objects.select_related("batch__contest").get(pk=int(key))
    if loose_scan_for(person, scan.batch.contest, scan.pk).sha256 != sha256:
        raise Scan.DoesNotExist(sha256)
