"""The store of contents: one file a content, under its SHA-256, written whole or not at all.

A write goes to a name of its own in the same folder, is flushed to the disk, then takes its name in one rename,
and the folder is flushed: killed anywhere, the house finds the file whole or does not find it. A `.part` left behind
belongs to nobody and is swept after a day. Files of before this store stay where they were and are found there.

Where the house has a store that machines share (`back`), a content counts once that one has it: the folder then holds
working copies, brought at need, hashed as they come, and taken away when they weigh too much.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from kalata.evidence.back import back
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

NAME = re.compile(r"[0-9a-f]{64}")
CHUNK = 1 << 20
PART = ".part"
OWED = ".owed"
"""Of the mark of a content whose row is not kept yet."""
OLD_PART_S = 86_400
UNUSED_S = 3_600
"""A working copy that somebody asked for since then stays."""
FORMER = ("papers/*", "deadlines/*", "imports/differences/*.ndjson")
"""Where older versions kept a content, below the folder of files."""


class TooHeavy(Refused):
    code = "EVD-102"
    says = _("Ce fichier pèse plus de %(most)d Mio.")
    remedy = _("Donnez une version plus légère, ou en plusieurs fichiers. Rien n’a été gardé.")
    status = 413


@dataclass(frozen=True, slots=True)
class Stored:
    """A content on the disk."""

    sha256: str
    size: int


def root() -> Path:
    return Path(settings.MEDIA_ROOT)


def folder() -> Path:
    """Where contents lie; for its owner alone."""
    here = root() / "evidence"
    here.mkdir(mode=0o700, parents=True, exist_ok=True)
    return here


def here(sha256: str, place: str = "") -> Path | None:
    """Where a content lies on this machine, here or where an older version kept it (`place`: said by its row)."""
    if not NAME.fullmatch(sha256):
        return None
    for name in (f"evidence/{sha256}", *([place] if place else []), *(f.replace("*", sha256) for f in FORMER)):
        if (found := root() / name).is_file():
            return found
    return None


def path(sha256: str, place: str = "") -> Path | None:
    """The file under that name, whatever it holds: for this package. Others ask `sound` or `content`. EVD-108."""
    found = here(sha256, place)
    if (there := back()) is None:
        return found
    if found is not None:
        used(found)
        return found
    return brought(sha256) if NAME.fullmatch(sha256) and there.size(sha256) is not None else None


def used(found: Path) -> None:
    """A working copy that is asked for stays for another while."""
    with contextlib.suppress(OSError):
        os.utime(found, ns=(time.time_ns(), found.stat().st_mtime_ns))


@contextmanager
def passing(sha256: str) -> Iterator[Path | None]:
    """A content of the shared store in a file of its own for a moment; None where what came is not what its name says."""
    there = back()
    assert there is not None
    part = folder() / f".{secrets.token_hex(12)}{PART}"
    try:
        with open(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "w+b") as out:
            came = there.fetch(sha256, out)
        yield part if came and digest_of(part) == sha256 else None
    finally:
        part.unlink(missing_ok=True)


def brought(sha256: str) -> Path | None:
    """Bring a content here from the shared store, as a working copy."""
    with passing(sha256) as part:
        if part is None:
            return None
        target = folder() / sha256
        os.replace(part, target)
        return target


def sound(sha256: str, place: str = "") -> Path | None:
    """A file that has this very fingerprint; a working copy that changed is brought again. None where there is none."""
    found = path(sha256, place)
    if found is None or digest_of(found) == sha256:
        return found
    if back() is None:
        return None
    found.unlink(missing_ok=True)
    return path(sha256, place)


def content(sha256: str, place: str = "") -> bytes | None:
    """The bytes of a content, their fingerprint computed on these very bytes; None where nobody has them."""
    for where in (path, sound):
        data = found.read_bytes() if (found := where(sha256, place)) is not None else b""
        if hashlib.sha256(data).hexdigest() == sha256:
            return data
    return None


def fault(sha256: str, place: str = "") -> str:
    """What is wrong with a content where it is for good: "missing", "altered", or "" where it is as it was kept."""
    if (there := back()) is not None and NAME.fullmatch(sha256):
        if there.size(sha256) is None:
            return "missing"
        return "" if there.sound(sha256) else "altered"
    found = here(sha256, place)
    return "missing" if found is None else "" if digest_of(found) == sha256 else "altered"


def present() -> Callable[[str, str], bool]:
    """What tells whether a content is there, asked of thousands: the shared store is listed once."""
    if (there := back()) is None:
        return lambda sha256, place: here(sha256, place) is not None
    names = set(there.names())
    return lambda sha256, _place: sha256 in names


def digest_of(file: Path) -> str:
    """SHA-256 (hex) of a file as it is now; "" where it cannot be read."""
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return ""


def intact(sha256: str, place: str = "") -> bool:
    """True where the content is there and still has its fingerprint."""
    return sound(sha256, place) is not None


def put(
    content: bytes | Iterable[bytes], *, most: int | None = None, check: Callable[[Path], None] | None = None
) -> Stored:
    """Bring a content to the disk, whole. Twice the same is one file.

    most: bytes (EVD-102 beyond, nothing is left). check: called with the whole file before it takes its name; what
    it raises stops here and nothing is left.
    """
    home = folder()
    part = home / f".{secrets.token_hex(12)}{PART}"
    digest, size = hashlib.sha256(), 0
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as out:
            for chunk in [content] if isinstance(content, bytes) else content:
                size += len(chunk)
                if most is not None and size > most:
                    raise TooHeavy(most=most // 2**20)
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            if check is not None:
                check(part)
            os.fsync(out.fileno())
        if (there := back()) is not None:
            there.give(part, digest.hexdigest())
        settle(part, home / digest.hexdigest())
    finally:
        part.unlink(missing_ok=True)
    return Stored(digest.hexdigest(), size)


def settle(part: Path, target: Path) -> None:
    """Give a whole file its name, unless a sound one has it: then that one is marked as given again just now."""
    with locked():
        there = here(target.name)
        if there is None or digest_of(there) != target.name:
            os.replace(part, target)
            flush_folder(target.parent)
        else:
            now = time.time_ns()
            os.utime(there, ns=(now, now))


def flush_folder(home: Path) -> None:
    handle = os.open(home, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def locked() -> Iterator[None]:
    """One process at a time gives a name or takes a file away; freed by the system if this one is killed."""
    with open(os.open(folder() / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def assured(sha256: str) -> None:
    """A content given again is in the shared store, even where another machine was just letting it go. Its row is held."""
    there, found = back(), here(sha256)
    if there is not None and found is not None and there.size(sha256) is None:
        there.give(found, sha256)


def take_away(sha256: str, place: str, before_ns: int) -> bool:
    """Delete a content whose row says so, unless it was given again since `before_ns`. True where it is gone.

    In a shared store the row says it alone: the caller holds it, and who gives a content again asks after it (`assured`).
    """
    if (there := back()) is not None:
        there.take(sha256)
    with locked():
        found = here(sha256, place)
        if found is None:
            return True
        if found.stat().st_mtime_ns >= before_ns:
            return False
        found.unlink()
        flush_folder(found.parent)
        return True


def lighten(now_s: float, most: int) -> int:
    """Take away the working copies unused for longest, beyond `most` bytes, that the shared store has. Returns how many."""
    there = back()
    if there is None:
        return 0
    files = sorted(
        ((p.stat(), p) for p in folder().iterdir() if NAME.fullmatch(p.name)), key=lambda one: one[0].st_atime_ns
    )
    weight, gone = sum(s.st_size for s, _p in files), 0
    for stat, file in files:
        if weight <= most or max(stat.st_atime, stat.st_mtime) > now_s - UNUSED_S:
            break
        if there.size(file.name) == stat.st_size:
            file.unlink(missing_ok=True)
            weight, gone = weight - stat.st_size, gone + 1
    return gone


def sweep(now_s: float) -> int:
    """Delete what writes cut short left behind more than a day ago. Returns how many."""
    gone = 0
    for part in folder().glob(f".*{PART}"):
        with contextlib.suppress(FileNotFoundError):
            if part.stat().st_mtime < now_s - OLD_PART_S:
                part.unlink()
                gone += 1
    return gone


def owe(sha256: str) -> None:
    """Say that a content is about to be brought for a row that its transaction has still to keep: cut meanwhile, no row
    would know it."""
    (folder() / f".{sha256}{OWED}").touch(mode=0o600)


def paid(sha256: str) -> None:
    """The row is kept: nothing is owed any more."""
    (folder() / f".{sha256}{OWED}").unlink(missing_ok=True)


def sweep_owed(known: Callable[[str], bool], now_s: float) -> int:
    """Take away what was brought more than a day ago for a row that never was. known: has this content its row? Returns how
    many. Only what said so is looked at: the folder holds files that other rooms know without a row here."""
    gone = 0
    for mark in folder().glob(f".*{OWED}"):
        sha256 = mark.name[1 : -len(OWED)]
        with contextlib.suppress(FileNotFoundError):
            if mark.stat().st_mtime >= now_s - OLD_PART_S:
                continue
            if not known(sha256):
                before = int((now_s - OLD_PART_S) * 1e9)
                gone += take_away(sha256, "", before)
            mark.unlink()
    return gone
