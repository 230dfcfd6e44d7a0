"""The bundle of an offline counter, written here."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from kalata.disputes import kinds
from kalata.disputes.models import Counter, PetitionReceipt
from kalata.disputes.queries.cases import counters_of
from kalata.disputes.rules import bundles
from kalata.disputes.rules.steps import REGISTRY
from kalata.disputes.services import custody, keys
from kalata.evidence import store
from kalata.ledger.services import record
from kalata.people.models import Person
from kalata.people.queries import may
from kalata.refusals import Forbidden


@transaction.atomic
def export(*, counter: Counter, by: Person | None, to: Path, drift_ms: int | None = None) -> int:
    """Write every receipt of a counter of this house to a signed bundle; how many. by None: the command line.

    drift_ms: how far the clock of this machine stands from the Court's, as somebody read it (positive: ahead).
    Raises: PEO-101, DIS-123 the key of the counter is not here.
    """
    if by is not None and counter.pk not in counters_of(by) and not may(by, REGISTRY):
        raise Forbidden(right=REGISTRY)
    private = keys.private(counter.code, counter.key)
    rows = (
        PetitionReceipt.objects.filter(petition__counter=counter)
        .select_related("petition")
        .order_by("petition__sequence", "pk")
    )
    with tempfile.TemporaryDirectory(prefix="kalata-lot-") as folder:
        listed, digest, count = Path(folder) / "lines", hashlib.sha256(), 0
        with listed.open("wb") as file:
            for row in rows.iterator(chunk_size=1_000):
                chain = custody.chain(row.petition)
                part = bundles.line(body=row.body, root=row.root, signature=row.signature, chain=chain)
                file.write(part)
                digest.update(part)
                count += 1
        text = bundles.manifest(
            counter=counter.code, key=counter.key, made_at=timezone.now(), count=count, lines_sha256=digest.hexdigest(),
            drift_ms=drift_ms,
        )  # fmt: skip
        packed = Path(folder) / "lot.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(bundles.MANIFEST, text)
            archive.writestr(bundles.SIGNATURE, bundles.sign(private, text))
            archive.write(listed, bundles.LINES)
            for sha256, path in files_of(counter):
                archive.write(path, f"{bundles.PIECES}{sha256}")
        shutil.copyfile(packed, to)
    record(
        by=by, kind=kinds.BUNDLE_EXPORTED, subject=f"counter:{counter.code}",
        after={"sha256": hashlib.sha256(text).hexdigest(), "petitions": count},
    )  # fmt: skip
    return count


def files_of(counter: Counter) -> Iterator[tuple[str, Path]]:
    """The pieces of the receipts of a counter, each once, sound or not there at all."""
    from kalata.disputes.models import Exhibit

    seen = set()
    for sha256, place in Exhibit.objects.filter(petition__counter=counter).values_list("piece__sha256", "piece__place"):
        if sha256 not in seen and (found := store.path(sha256, place)):
            seen.add(sha256)
            yield sha256, found
