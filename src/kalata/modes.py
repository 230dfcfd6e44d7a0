"""Who may open the house's files: their owner alone. Only the published site and the static files are for everyone."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PRIVATE, PUBLIC = 0o077, 0o022
OTHERS = stat.S_IRWXG | stat.S_IRWXO
SHOWN = 5


def private() -> None:
    """What this process makes from now on is 600 for files and 700 for folders, whatever the shell that
    started it allowed. SQLite gives its -wal and -shm the mode of the database."""
    os.umask(PRIVATE)


@contextmanager
def for_everyone() -> Iterator[None]:
    """What is written inside is public: the site that another server reads."""
    before = os.umask(PUBLIC)
    try:
        yield
    finally:
        os.umask(before)


def public_places() -> set[Path]:
    from django.conf import settings

    named = (
        settings.STATIC_ROOT,
        settings.SITE_FOLDER,
        Path(settings.VAR) / "site",
    )  # whoever asks, with what settings
    return {Path(str(p)).resolve() for p in named if p}


def private_places() -> Iterator[Path]:
    """Every file and folder that is nobody else's: the house's folder, the database, the keys, where they are."""
    from django.conf import settings

    roots = [Path(settings.VAR), Path(settings.MEDIA_ROOT), Path(settings.LOG_FOLDER), Path(settings.LOG_KEY)]
    database = settings.DATABASES["default"]
    if str(database["ENGINE"]).endswith("sqlite3"):
        file = Path(str(database["NAME"]))
        roots += [file, *file.parent.glob(f"{file.name}*")]
    public, seen = public_places(), set()
    for root in roots:
        for path in below(root, public):
            if path not in seen:
                seen.add(path)
                yield path


def below(root: Path, leave: set[Path]) -> Iterator[Path]:
    """`root` and what it holds; never through a link, never into `leave`."""
    if root.is_symlink() or not root.exists() or root.resolve() in leave:
        return
    yield root
    if root.is_dir():
        for entry in os.scandir(root):
            if entry.is_symlink():
                continue
            yield from below(Path(entry.path), leave)


def too_open() -> list[Path]:
    """What others than the owner may read, write or enter, though it is private. Nothing where modes mean nothing."""
    if os.name != "posix":
        return []
    found = []
    for path in private_places():
        try:
            if path.lstat().st_mode & OTHERS:
                found.append(path)
        except FileNotFoundError:  # it went while we looked
            continue
    return found


def tighten() -> int:
    """Take from others what an older version, or a copy by hand, left open. Returns how many were changed."""
    changed = 0
    for path in too_open():
        try:
            path.chmod(path.lstat().st_mode & ~OTHERS & 0o7777)
        except OSError:  # not ours: `kalata check` goes on saying it
            continue
        changed += 1
    return changed


def found() -> tuple[bool, str]:
    """The line of `kalata check`."""
    wrong = too_open()
    if not wrong:
        return True, "database, images, keys and secrets open to their owner only (600, 700)"
    return False, f"{len(wrong)} open to others: {shown(wrong)}"


def shown(wrong: list[Path]) -> str:
    """The first of these paths, each with its mode."""
    return ", ".join(f"{p} {stat.S_IMODE(p.lstat().st_mode):o}" for p in wrong[:SHOWN] if p.exists())
