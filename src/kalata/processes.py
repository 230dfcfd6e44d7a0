"""What holds a house together as processes: children die with their parent, one house a folder, a pulse for each."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import re
import secrets
import signal
import socket
import sys
from pathlib import Path

from kalata.refusals import Refused
from kalata.text import gettext_noop as _

PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class AlreadyRunning(Refused):
    code = "OPS-101"
    says = _("Une maison tourne déjà sur ce dossier : %(folder)s.")
    remedy = _("Arrêtez-la d’abord (Ctrl+C, ou systemctl stop), ou donnez un autre dossier avec KALATA_VAR.")


def die_with(parent: int) -> None:
    """This process is killed when its parent ends, however it ends. Called first thing in a child."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before we could ask
        os._exit(1)


def called(name: str) -> None:
    """Give this process a name of its own in lists of processes (`ps -e`, `top`); 15 letters of it."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_NAME, name.encode()[:15], 0, 0, 0)


def give_back() -> None:
    """Hand the memory that this process no longer uses back to the system, which its allocator would keep for next time."""
    if LIBC is not None and hasattr(LIBC, "malloc_trim"):
        LIBC.malloc_trim(0)


PARENT = "KALATA_DIES_WITH"


def dying() -> dict[str, str]:
    """What to add to the environment of a command that is to die with this process: it asks so before anything."""
    return {PARENT: str(os.getpid())}


def die_if_asked() -> None:
    """First thing in a command: `dying` may have asked it. Its own children are not concerned."""
    if parent := os.environ.pop(PARENT, ""):
        die_with(int(parent))


def only_house(folder: Path) -> int:
    """The lock of a folder, held by this process and the children it hands the descriptor to, until they all end.

    Raises OPS-101 where another holds it. The file stays; only the lock counts.
    """
    folder.mkdir(parents=True, exist_ok=True)
    held = os.open(folder / "house.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        raise AlreadyRunning(folder=str(folder)) from None
    return held


def share(folder: Path, part: str) -> int:
    """The lock of one part of a house whose parts run apart: each once, none beside a whole house. OPS-101."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = os.open(folder / "house.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    own = os.open(folder / f"{part}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(whole, fcntl.LOCK_SH | fcntl.LOCK_NB)
        fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(whole)
        os.close(own)
        raise AlreadyRunning(folder=str(folder)) from None
    return whole


def release(held: int) -> None:
    os.close(held)


def machine(folder: Path) -> str:
    """The name of the machine (or of the container) that this folder is of: made once, kept beside the database's secrets."""
    path = folder / "machine.id"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        host = re.sub(r"[^a-z0-9-]", "", socket.gethostname().split(".")[0].lower())[:40] or "machine"
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(f"{host}-{secrets.token_hex(3)}\n", encoding="ascii")
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text(encoding="ascii").strip()
