"""Where contents are for good: the folder of this machine (nothing more to do), or a store that several machines share.

`store` keeps a file in the folder first; where a store is named (KALATA_STORE), the content counts once that store has
it, and what lies in the folder is a working copy that may go.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol

from django.conf import settings

from kalata.evidence.s3 import Bucket, StoreAway

ASKED_EVERY_S = 60.0
_last: list[tuple[float, str]] = []


class Back(Protocol):
    """A store of contents that this machine does not hold by itself. Each act raises EVD-108 where it does not answer."""

    def size(self, sha256: str) -> int | None: ...
    def give(self, file: Path, sha256: str) -> None: ...
    def fetch(self, sha256: str, into: IO[bytes]) -> bool: ...
    def sound(self, sha256: str) -> bool: ...
    def take(self, sha256: str) -> None: ...
    def names(self) -> Iterator[str]: ...
    def answers(self) -> None: ...


def back() -> Back | None:
    """The store that the settings name; None: the folder is all there is."""
    return opened(settings.STORE) if settings.STORE is not None else None


opened = functools.lru_cache(maxsize=2)(Bucket)


def state() -> str:
    """What stands between this machine and the store: "" for nothing. Asked once a minute at most."""
    there = back()
    if there is None:
        return ""
    if not _last or time.monotonic() - _last[0][0] > ASKED_EVERY_S:
        try:
            there.answers()
            said = ""
        except StoreAway as away:
            said = str(away.params["why"])
        _last[:] = [(time.monotonic(), said)]
    return _last[0][1]
