"""A copy in one file (a SQLite house), sealed for the same keys as an archive where the house has such keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kalata import storage
from kalata.archive.sealed import keys_folder, marking_key, recipients, seal, unseal

NAME = "kalata.copy"
SEALED = b"age-encryption.org/v1"


def put_in_place(part: Path, target: Path) -> None:
    """Give a whole, checked copy its name: sealed where the house has keys for that, else as it is."""
    from django.conf import settings

    folder = keys_folder()
    if any(folder.glob("*.pub")):
        seal(part, NAME, target, recipients(folder), marking_key(settings.LEDGER_KEY))
    else:
        part.replace(target)
        storage.synced(target)


@contextmanager
def in_clear(file: Path, keys: Callable[[], list[Any]], stage: Path) -> Iterator[Path]:
    """The copy as a zip: itself, or opened in `stage` where it is sealed."""
    from django.conf import settings

    with file.open("rb") as content:
        sealed = content.read(len(SEALED)) == SEALED
    if not sealed:
        yield file
        return
    clear = stage / "copy.zip"
    unseal(file, NAME, clear, keys(), marking_key(settings.LEDGER_KEY))
    try:
        yield clear
    finally:
        clear.unlink(missing_ok=True)
