"""What the builder remembers of a folder between two publications: up to where it is drawn, and what it wrote there.

It is kept outside the folder that is published: who can write in that folder (a web server, a mirror, whoever
broke into one) must not decide what the next publication leaves as it is, or signs. A file of the folder counts as
drawn only when it is still the one that was written; otherwise everything is drawn again.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from kalata.transparency.site.writing import Digests

OLD = ".kalata-site.json"
"""Where this was kept before, inside the folder: never believed, taken away."""


def place(out: Path) -> Path:
    """Beside the folder, never in it: for who publishes without a house."""
    out = out.resolve()
    return out.with_name(f".{out.name}.kalata-site.json")


def read(state: Path, out: Path) -> dict[str, Any]:
    """What is remembered; empty where nothing is, or where the folder is no longer as it was written."""
    (out / OLD).unlink(missing_ok=True)
    try:
        found = json.loads(state.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    good = (
        isinstance(found, dict) and found.get("folder") == str(out.resolve()) and isinstance(found.get("files"), dict)
    )
    return found if good else {}


def once_there(before: dict[str, Any], out: Path) -> set[str]:
    """Names of files that an earlier publication wrote here: remembered, or named by the list that lies in the folder,
    which is believed for nothing but this."""
    found = set(before.get("files", {}))
    try:
        lines = (out / "files.sha256").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return found
    names = (line.partition("  ")[2] for line in lines)
    return found | {n for n in names if n and not Path(n).is_absolute() and ".." not in Path(n).parts}


def mark(path: Path) -> list[int]:
    """What changes when a file is written: size, times, number on the disk."""
    seen = path.stat()
    return [seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino]


def standing(before: dict[str, Any], out: Path) -> Digests | None:
    """The files that the last publication wrote, by digest; None where one of them is gone or is another."""
    found: Digests = {}
    for name, (sha, *seen) in before.get("files", {}).items():
        path = out / name
        try:
            if mark(path) != seen and hashlib.sha256(path.read_bytes()).hexdigest() != sha:
                return None
        except OSError:
            return None
        found[name] = sha
    return found


def keep(state: Path, out: Path, digests: Digests, values: dict[str, Any]) -> None:
    """Whole or not at all, mode 600."""
    files = {name: [sha, *mark(out / name)] for name, sha in digests.items()}
    state.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = state.with_name(f"{state.name}.part")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps({**values, "folder": str(out.resolve()), "files": files}), encoding="utf-8")
    fresh.replace(state)


def moved(state: Path, out: Path) -> None:
    """The folder was written elsewhere and renamed to `out`: what is remembered of it holds."""
    found = json.loads(state.read_text(encoding="utf-8"))
    fresh = state.with_name(f"{state.name}.part")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps({**found, "folder": str(out.resolve())}), encoding="utf-8")
    fresh.replace(state)
