"""Kept files in a backup and back from one. The database of the copy is read as a file, not through the house."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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


def beyond() -> Iterator[tuple[str, Callable[[], Iterator[Path]]]]:
    """Contents of the shared store that no file here is: their names in a copy, and what brings each here for a moment."""
    from kalata.evidence import store
    from kalata.evidence.back import back
    from kalata.evidence.models import Content

    if back() is None:
        return
    for sha256, place in Content.objects.filter(destroyed_at=None).values_list("sha256", "place").iterator():
        if store.here(sha256, place) is None:
            yield f"files/evidence/{sha256}", held(sha256)


def held(sha256: str) -> Callable[[], Iterator[Path]]:
    """One content, in a file of its own for a moment; nothing where the store has none that is sound (`lost_pieces` says so)."""
    from kalata.evidence import store

    def one() -> Iterator[Path]:
        with store.passing(sha256) as file:
            if file is not None:
                yield file

    return one


def passing() -> Iterator[tuple[Path, str]]:
    """The same, one after the other: each a file for as long as it is looked at, and its name in a copy."""
    for name, bring in beyond():
        for file in bring():
            yield file, name
