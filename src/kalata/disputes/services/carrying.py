"""The bundle of an offline counter, written here: signed by the counter, then sealed to the Court."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from django.utils import timezone

from kalata.disputes import kinds
from kalata.disputes.models import Counter, PetitionReceipt
from kalata.disputes.queries.cases import counters_of
from kalata.disputes.rules import bundles, sealed_bundles
from kalata.disputes.rules.sealing_keys import PublicKey
from kalata.disputes.rules.steps import REGISTRY
from kalata.disputes.services import custody, keys
from kalata.disputes.signing import court
from kalata.evidence import store
from kalata.ledger.services import record
from kalata.people.models import Person
from kalata.people.queries import may
from kalata.refusals import Forbidden


@transaction.atomic
def export(*, counter: Counter, by: Person | None, to: Path, drift_ms: int | None = None) -> int:
    """Write every receipt of a counter of this house to a signed bundle, sealed to the Court's key; how many. by None: the
    command line.

    drift_ms: how far the clock of this machine stands from the Court's, as somebody read it (positive: ahead).
    Raises: PEO-101, DIS-123 the key of the counter is not here, DIS-144 it has no key of the Court.
    """
    if by is not None and counter.pk not in counters_of(by) and not may(by, REGISTRY):
        raise Forbidden(right=REGISTRY)
    private, to_court = keys.private(counter.code, counter.key), court_line(counter)
    with tempfile.TemporaryFile(prefix="kalata-lot-") as packed:
        text, count = signed(counter, private, packed, drift_ms)
        sealed(packed, sealed_bundles.public(to_court), to)
    record(
        by=by, kind=kinds.BUNDLE_EXPORTED, subject=f"counter:{counter.code}",
        after={"sha256": hashlib.sha256(text).hexdigest(), "petitions": count},
    )  # fmt: skip
    return count


def court_line(counter: Counter) -> str:
    """The public line that bundles of a counter are sealed to: the one it was given, or that of the Court of this house.
    DIS-144: neither."""
    line = counter.seals_to or court.bundles_to()
    if not line:
        raise sealed_bundles.NoCourtLine(counter=counter.code)
    return line


def signed(counter: Counter, private: Ed25519PrivateKey, packed: IO[bytes], drift_ms: int | None) -> tuple[bytes, int]:
    """Write the signed bundle, in clear, to a file without name; (its manifest, how many receipts)."""
    rows = (
        PetitionReceipt.objects.filter(petition__counter=counter)
        .select_related("petition")
        .order_by("petition__sequence", "pk")
    )
    digest, count = hashlib.sha256(), 0
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(bundles.LINES, "w", force_zip64=True) as file:
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
        archive.writestr(bundles.MANIFEST, text)
        archive.writestr(bundles.SIGNATURE, bundles.sign(private, text))
        for sha256, path in files_of(counter):
            archive.write(path, f"{bundles.PIECES}{sha256}")
    return text, count


def sealed(packed: IO[bytes], key: PublicKey, to: Path) -> None:
    """Seal a packed bundle to the Court's key, part by part; the file takes its name when it is whole."""
    size, bundle = packed.seek(0, os.SEEK_END), secrets.token_bytes(16)
    packed.seek(0)
    parts = max(1, -(-size // sealed_bundles.CHUNK))
    fresh = to.with_name(f".{to.name}.{os.getpid()}.part")
    try:
        with zipfile.ZipFile(fresh, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr(sealed_bundles.HEAD, sealed_bundles.head(key, parts))
            for n in range(1, parts + 1):
                data = packed.read(sealed_bundles.CHUNK)
                part = sealed_bundles.sealed_part(key, bundle, n, parts, data, secrets.token_bytes)
                archive.writestr(sealed_bundles.part_name(n), part)
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(fresh, to)
    finally:
        fresh.unlink(missing_ok=True)


def files_of(counter: Counter) -> Iterator[tuple[str, Path]]:
    """The pieces of the receipts of a counter, each once, sound or not there at all."""
    from kalata.disputes.models import Exhibit

    seen = set()
    for sha256, place in Exhibit.objects.filter(petition__counter=counter).values_list("piece__sha256", "piece__place"):
        if sha256 not in seen and (found := store.sound(sha256, place)):
            seen.add(sha256)
            yield sha256, found
