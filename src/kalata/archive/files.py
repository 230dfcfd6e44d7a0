"""Kept files and registers of the public logs into an archive, each once, and back from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from kalata.archive.place import Place
from kalata.archive.sealed import TAIL, seal, unseal


def beside() -> Iterator[tuple[Path, str]]:
    """Files of the house and their names in a copy."""
    from kalata import backups

    yield from backups.beside()


def brought(place: Place, keys: list[Any], known: dict[str, float]) -> int:
    """Seal every file that the archive lacks, or that changed since. known: what earlier calls have seen. Returns how many."""
    from kalata.evidence import copies

    fresh = 0
    for path, name in beside():
        try:
            changed = path.stat().st_mtime
        except FileNotFoundError:
            continue
        if known.get(name) == changed:
            continue
        target = place.files / f"{name}{TAIL}"
        if not target.exists() or (not named_by_content(path) and target.stat().st_mtime < changed):
            try:
                seal(path, name, target, keys, place.marking)
            except FileNotFoundError:
                continue
            fresh += 1
        known[name] = changed
    for name, bring in copies.beyond():
        target = place.files / f"{name}{TAIL}"
        if name not in known and not target.exists():
            for path in bring():
                seal(path, name, target, keys, place.marking)
                fresh += 1
        known.setdefault(name, 0.0)
    return fresh


def named_by_content(path: Path) -> bool:
    return len(path.name.split(".")[0]) == 64


def back(place: Place, keys: list[Any], roots: dict[str, Path], aside: Path) -> tuple[int, list[str]]:
    """Put back every file that is missing here or damaged; one that differs goes to `aside` first. Returns (how many, what
    would not open)."""
    from kalata.evidence.copies import as_good

    put, bad = 0, []
    for sealed in sorted(place.files.rglob(f"*{TAIL}")):
        name = str(sealed.relative_to(place.files)).removesuffix(TAIL)
        top, _slash, rest = name.partition("/")
        if top not in roots or ".." in Path(rest).parts:
            continue
        target = roots[top] / rest
        if target.exists() and (top == "log" or named_by_content(target)) and sound(target):
            continue
        fresh = target.with_name(f".{target.name}.back")
        try:
            unseal(sealed, name, fresh, keys, place.marking)
        except Exception as why:
            bad.append(f"{name}: {why}")
            continue
        if target.exists():
            if as_good(target, fresh):
                fresh.unlink()
                continue
            kept = aside / name
            kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            target.replace(kept)
        fresh.replace(target)
        put += 1
    return put, bad


def sound(path: Path) -> bool:
    """A file whose name is its fingerprint, and that still has it; a register of a log that is there."""
    from kalata.evidence.store import digest_of

    return digest_of(path) == path.name.split(".")[0]


def let_go(place: Place, before: datetime) -> int:
    """Files that the law had destroyed, once every base that knew them is gone."""
    from kalata.evidence.models import Content

    gone = 0
    for sha, old in Content.objects.filter(destroyed_at__lt=before).values_list("sha256", "place"):
        for name in {f"files/evidence/{sha}", f"files/{old}" if old else ""} - {""}:
            sealed = place.files / f"{name}{TAIL}"
            if sealed.exists():
                sealed.unlink()
                gone += 1
    return gone
