"""Kept files in a backup and back from one. The database of the copy is read as a file, not through the house."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from kalata import storage
from kalata.evidence.store import digest_of


def lost_pieces(copy: Path, written: dict[str, str]) -> list[str]:
    """Fingerprints of the kept files of a copied database that no file of the copy has."""
    with closing(storage.opened(copy)) as link:
        if not link.execute("select 1 from sqlite_master where name = 'evidence_content'").fetchone():
            return []
        rows = link.execute("select sha256 from evidence_content where destroyed_at is null order by id")
        there = set(written.values())
        return [sha for (sha,) in rows if sha not in there]


def as_good(held: Path, saved: Path) -> bool:
    """True where a file in place is the saved one, or a kept file that has its fingerprint when the saved one has not."""
    mine, other = digest_of(held), digest_of(saved)
    return mine == other or (held.name == mine and saved.name != other)
