"""A long proof about files that seldom change is not made again while they are as they were.

`tests/proved.json` names, for each such test, the digest of what it rests on at its last success. A run of the tests
makes the proof where the digest is another, and passes over it, saying so, where it is the same; `make nightly` makes
it always. Whoever changes those files runs the test once with KALATA_PROVED=write and commits the new line.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.sizes import NIGHTLY

ROOT = Path(__file__).parents[1]
RECORD = ROOT / "tests" / "proved.json"


def digest(files: Iterable[Path]) -> str:
    """Of the names and contents of these files, in no order of theirs."""
    said = hashlib.sha256()
    for path in sorted(files):
        said.update(f"{path.relative_to(ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return said.hexdigest()


def record() -> dict[str, str]:
    return json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}


def unless_proved(name: str, files: Iterable[Path], *, before: dict[str, str] | None = None) -> str:
    """The digest to give to `note` once the proof is made; skips the test where it stands for these very files."""
    found = digest(files)
    held = record() if before is None else before
    if held.get(name) == found and not NIGHTLY and os.environ.get("KALATA_PROVED") is None:
        pytest.skip(f"{name}: proved for these very files (tests/proved.json); `make nightly` proves it again")
    return found


def note(name: str, found: str) -> None:
    """Keep it for the next runs, where whoever runs asked for it."""
    if os.environ.get("KALATA_PROVED") == "write":
        RECORD.write_text(json.dumps({**record(), name: found}, indent=1, sort_keys=True) + "\n", encoding="utf-8")
