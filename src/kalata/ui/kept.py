"""Files made for readers, made once: kept on disk under the digest of everything they are made from.

A revision that moves, another language, other eyes or another version of the product is another digest, so a kept
file is never wrong, only unused; when a newer one of the same kind is made, older ones go. Whatever asks first makes
it, under a lock between processes; the others wait for it. A disk that is full or read-only keeps nothing and
serves all the same.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import io
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from kalata import __version__

MOST = 240
"""Files kept in all: beyond, those unused for longest go."""
GRACE_S = 60
"""An older file stays this long, for those who are reading it."""

Writer = Callable[[IO[bytes]], object]


@dataclass(frozen=True, slots=True)
class Made:
    """What a file is: its name, for whom it is (kind), and all it is made from (state). Equal values, equal bytes."""

    name: str
    kind: Sequence[object]
    state: Sequence[object]

    @property
    def family(self) -> str:
        return digest([self.name, *self.kind])[:16]

    @property
    def digest(self) -> str:
        return digest([__version__, self.name, *self.kind, *self.state])[:40]

    @property
    def etag(self) -> str:
        return f'"{self.digest}"'


def digest(parts: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(parts, default=str, ensure_ascii=True).encode()).hexdigest()


def folder() -> Path:
    return Path(settings.KEPT_FOLDER)


@contextlib.contextmanager
def alone(what: Made) -> Iterator[None]:
    """One maker of a family at a time, among all processes of the house."""
    here = folder()
    here.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (here / f"{what.family}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def opened(what: Made, write: Writer) -> IO[bytes]:
    """The file, from disk if it was made before, else made now."""
    path = folder() / f"{what.family}-{what.digest}"
    with contextlib.suppress(OSError):
        found = path.open("rb")
        os.utime(path)
        return found
    try:
        with alone(what):
            if not path.exists():
                make(path, write)
                thin(what, path)
            return path.open("rb")
    except OSError:  # no room, or no right to write: made for this reader alone
        out = io.BytesIO()
        write(out)
        out.seek(0)
        return out


def make(path: Path, write: Writer) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            write(out)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def thin(what: Made, kept: Path) -> None:
    """Remove what this file replaces, parts of makers that died, and what nobody has asked for in longest."""
    now = time.time()
    files = []
    for path in folder().iterdir():
        with contextlib.suppress(OSError):
            if path.suffix != ".lock" and path != kept:
                files.append((path.stat().st_mtime, path))
    old = {p for at, p in files if now - at > GRACE_S and (p.name.startswith(what.family) or p.suffix == ".part")}
    old |= {p for _at, p in sorted(files)[: max(len(files) - MOST, 0)]}
    for path in old:
        path.unlink(missing_ok=True)


def told(request: HttpRequest, answer: Any) -> Any:
    """A small answer with the digest of what it holds; 304 to a reader who has the same."""
    answer["ETag"] = f'"{hashlib.sha256(answer.content).hexdigest()[:40]}"'
    if not request.user.is_authenticated:
        answer["Cache-Control"] = "public, no-cache"
    return get_conditional_response(request, etag=answer["ETag"], response=answer)


def served(request: HttpRequest, what: Made, write: Writer, *, kind: str, filename: str, attached: bool = True) -> Any:
    """The file as an answer; 304 to a reader who has this very state of it."""
    answer: HttpResponseBase | None = get_conditional_response(request, etag=what.etag)
    if answer is None:
        answer = FileResponse(opened(what, write), as_attachment=attached, filename=filename, content_type=kind)
    answer["ETag"] = what.etag
    if not request.user.is_authenticated:
        answer["Cache-Control"] = "public, no-cache"
    return answer
