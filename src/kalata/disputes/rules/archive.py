"""The archive of a case: which files, what the manifest says of them, what the Court's note signs.

`put` writes the small files from values; `manifest` and `note_text` close them. Reading back is `archive_checks`.
Nothing of the deliberation has a place among the names that an archive may hold.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kalata.disputes.rules import custody
from kalata.transparency.rules.canonical import canonical, jcs

PUBLIC = "public"
"""The edition of an archive that holds only what is public: it has no receipt."""
VERSION = "kalata.court/case-archive/1"
FORMAT = 1
MANIFEST, NOTE = "manifest.json", "seal.note"
CASE, EVIDENCE, CUSTODY = "case.json", "evidence.json", "custody.jsonl"
RECEIPT, DECISION = "documents/receipt", "documents/decision"
RECEIPT_TOKEN = "tokens/receipt.tsr"
RECORDS, PROFILE, RECOMPUTATION, LOG = "results/records.csv", "results/profile.yaml", "results/recomputation.json", "results/log.json"  # fmt: skip
CA, VKEY = "trust/court-ca.pem", "trust/court.vkey"
ACCESS = ("public", "parties", "bench", "sealed")

NAMES = re.compile(
    r"case\.json|evidence\.json|custody\.jsonl|manifest\.json|seal\.note"
    r"|evidence/[0-9a-f]{64}"
    r"|tokens/[a-z0-9][a-z0-9-]{0,80}\.(?:tsr|json)"
    r"|documents/[a-z0-9][a-z0-9_-]{0,80}\.(?:pdf|xml|json|csv|txt)"
    r"|results/(?:records\.csv|profile\.yaml|recomputation\.json|log\.json)"
    r"|trust/(?:court-ca\.pem|court\.vkey|log\.vkey)"
)
"""Every name that an archive may hold: ASCII, one spelling, no folder inside a folder."""
FOLDERS = ("evidence", "tokens", "documents", "results", "trust")
MOST_FILES = 20_000
LARGEST = 64 * 1024 * 1024
"""Of a file that is read, not only hashed."""
LARGEST_WHOLE = 64 * 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """A file as the manifest names it."""

    path: str
    size: int
    sha256: str

    def record(self) -> dict[str, Any]:
        return {"path": self.path, "size": self.size, "sha256": self.sha256}


def entry(path: str, data: bytes) -> Entry:
    return Entry(path, len(data), hashlib.sha256(data).hexdigest())


@dataclass(slots=True)
class Contents:
    """What a case's records give to its archive, as values and bytes.

    number: the case. case: contest, parties, clocks, transitions, decision (number, or empty). pieces: the register.
    lines: the chain of custody. documents, tokens: bytes by file name. results: records, profile, recomputation, log.
    """

    number: str
    case: Mapping[str, Any]
    pieces: Sequence[Mapping[str, Any]]
    lines: Sequence[Mapping[str, Any]]
    documents: Mapping[str, bytes] = field(default_factory=dict)
    tokens: Mapping[str, bytes] = field(default_factory=dict)
    records: bytes | None = None
    profile: bytes | None = None
    recomputation: Mapping[str, Any] | None = None
    log: Mapping[str, Any] | None = None
    ca: bytes = b""
    vkey: str = ""


def put(found: Contents) -> dict[str, bytes]:
    """Every file of the archive but the pieces themselves, the manifest and the note. ValueError: a name that has no place."""
    files = {
        CASE: jcs({"number": found.number, **found.case}),
        EVIDENCE: jcs({"case": found.number, "pieces": list(found.pieces)}),
        CUSTODY: custody.written(found.lines),
        **{f"documents/{name}": data for name, data in found.documents.items()},
        **{f"tokens/{name}": data for name, data in found.tokens.items()},
        CA: found.ca,
        VKEY: found.vkey.encode() + b"\n",
    }
    if found.records is not None:
        files[RECORDS] = found.records
    if found.profile is not None:
        files[PROFILE] = found.profile
    if found.recomputation is not None:
        files[RECOMPUTATION] = jcs(found.recomputation)
    if found.log is not None:
        files[LOG] = jcs(found.log)
    if odd := [path for path in files if not NAMES.fullmatch(path)]:
        raise ValueError(f"no place in an archive: {', '.join(odd)}")
    return files


def kept(pieces: Iterable[Mapping[str, Any]]) -> list[str]:
    """The hashes of the pieces whose bytes enter an archive: all but the sealed ones."""
    return sorted({piece["sha256"] for piece in pieces if piece["access"] != "sealed"})


def manifest(number: str, entries: Iterable[Entry]) -> bytes:
    """manifest.json: every file but itself and the note, by path."""
    files = sorted(entries, key=lambda one: one.path)
    return canonical({"format": FORMAT, "case": number, "files": [one.record() for one in files]})


def note_text(number: str, manifest_bytes: bytes) -> str:
    """What the Court's key signs: three lines."""
    return f"{VERSION}\n{number}\n{hashlib.sha256(manifest_bytes).hexdigest()}\n"
