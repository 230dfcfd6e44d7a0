"""Images of papers, kept under their own SHA-256: never changed, never twice."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import Any

from django.conf import settings

from kalata.results.drawing import BadImage as BadImage

LARGEST = 10 * 2**20
LARGEST_BATCH = 120 * 2**20
KINDS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
)


def keep(content: bytes, most: int = LARGEST) -> str:
    """Store an image; returns its SHA-256 (hex). RES-422: another kind of file, or heavier than `most` bytes."""
    if len(content) > most or not any(content.startswith(mark) for mark, _kind in KINDS):
        raise BadImage(why=f"{len(content) // 1024} Ko")
    digest = hashlib.sha256(content).hexdigest()
    folder = Path(settings.MEDIA_ROOT) / "papers"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / digest
    if not target.exists():
        fresh = folder / f"{digest}.{os.getpid()}.part"
        with fresh.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(target)
    return digest


def received(upload: Any, most: int = LARGEST) -> str:
    """Keep an uploaded image; "" where none was given."""
    if upload is None:
        return ""
    if (upload.size or 0) > most:
        raise BadImage(why=f"{(upload.size or 0) // 1024} Ko")
    return keep(upload.read(), most)


def same(sha256: str) -> bool:
    """True where the image is there and still has the fingerprint it is kept under."""
    found = path(sha256)
    return found is not None and hashlib.sha256(found.read_bytes()).hexdigest() == sha256


def path(sha256: str) -> Path | None:
    """Where an image lies; None where there is none."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        return None
    found = Path(settings.MEDIA_ROOT) / "papers" / sha256
    return found if found.is_file() else None


def kind(sha256: str) -> str:
    """The media type, from the first bytes; "" where there is no image."""
    found = path(sha256)
    if found is None:
        return ""
    with found.open("rb") as file:
        head = file.read(8)
    return next((kind for mark, kind in KINDS if head.startswith(mark)), "")
