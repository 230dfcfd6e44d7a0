"""Images of papers, kept under their own SHA-256: never changed, never twice."""

from __future__ import annotations

import functools
import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse
from django.utils.translation import gettext as _t

from kalata import bounded
from kalata.results import drawing
from kalata.results.drawing import BadImage as BadImage
from kalata.text import gettext_noop as _

LARGEST = 10 * 2**20
LARGEST_BATCH = 120 * 2**20
KINDS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
)


class ManyPages(BadImage):
    code = "RES-429"
    says = _("Ce PDF a %(n)d pages : une image en a une.")
    remedy = _("Donnez les fichiers de plusieurs pages au poste de numérisation, qui rattache chaque page.")
    status = 422


def store(content: bytes) -> str:
    """Keep bytes that this house wrote or will show to nobody; returns their SHA-256 (hex)."""
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


def keep_as_given(content: bytes, most: int = LARGEST) -> str:
    """Keep a file of others as evidence, byte for byte, under its SHA-256: it is read only by a bounded child.

    RES-422: another kind of file, or heavier than `most` bytes.
    """
    if len(content) > most or not any(content.startswith(mark) for mark, _kind in KINDS):
        raise BadImage(why=f"{len(content) // 1024} Ko")
    return store(content)


def keep(content: bytes, most: int = LARGEST) -> str:
    """Keep a picture of others: decoded whole in a bounded child, written anew from its pixels, nothing else of it kept.

    Returns the SHA-256 (hex) of our JPEG. RES-422 not a picture or too large, RES-429 a PDF of several pages,
    EDG-102 beyond the limits of an honest picture, EDG-103 damaged.
    """
    if len(content) > most or not any(content.startswith(mark) for mark, _kind in KINDS):
        raise BadImage(why=f"{len(content) // 1024} Ko")
    with tempfile.TemporaryDirectory(prefix="kalata-picture-") as folder:
        source, target = Path(folder) / "given", Path(folder) / "written"
        source.write_bytes(content)
        call = functools.partial(bounded.call, file=_t("image"), limits=drawing.DRAWING, path=str(source))
        if content.startswith(b"%PDF-"):
            if (pages := int(call("kalata.results.drawing:count"))) != 1:
                raise ManyPages(n=pages)
            said = call("kalata.results.drawing:drawn", first=1, folder=folder)
            if said["torn"] or not said["pages"]:
                raise BadImage(why="PDF")
            target = Path(folder) / said["pages"][0]["file"]
        else:
            call("kalata.results.drawing:rewritten", target=str(target))
        return store(target.read_bytes())


def received(upload: Any, most: int = LARGEST) -> str:
    """Keep an uploaded picture; "" where none was given."""
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


SHOWN = ("image/jpeg", "image/png")


def sent(found: Path, media: str) -> FileResponse:
    """An image as a browser may show it; anything else only as a file to keep, whatever its first bytes say."""
    shown = media in SHOWN
    name = f"{found.name[:16]}.{media.removeprefix('image/').replace('jpeg', 'jpg')}" if shown else found.name[:16]
    response = FileResponse(
        found.open("rb"),
        content_type=media if shown else "application/octet-stream",
        as_attachment=not shown,
        filename=name,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, max-age=3600, immutable"
    return response
