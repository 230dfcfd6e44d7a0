"""Images of papers, kept under their own SHA-256: never changed, never twice."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _t

from kalata import bounded
from kalata.evidence import decoding, services
from kalata.evidence import store as files
from kalata.evidence.rules.access import Access
from kalata.people.models import Person
from kalata.results import drawing
from kalata.results.drawing import BadImage as BadImage
from kalata.text import gettext_noop as _

LARGEST = 10 * 2**20
LARGEST_BATCH = 120 * 2**20


class ManyPages(BadImage):
    code = "RES-429"
    says = _("Ce PDF a %(n)d {n:page|pages} : une image en a une.")
    remedy = _("Donnez les fichiers de plusieurs pages au poste de numérisation, qui rattache chaque page.")
    status = 422


def store(content: bytes) -> str:
    """Keep bytes that this house wrote or will show to nobody; returns their SHA-256 (hex)."""
    return services.keep_ours(content, media=decoding.head_kind(content[:8])).sha256


def keep_as_given(content: bytes, most: int = LARGEST, *, name: str = "image", by: Person | None = None) -> str:
    """Keep a file of others as evidence, byte for byte, under its SHA-256: it is read only by a bounded child.

    RES-422: another kind of file, one that does not decode, or heavier than `most` bytes. EDG-102, EDG-103.
    """
    if len(content) > most or decoding.head_kind(content[:8]) not in decoding.PICTURES:
        raise BadImage(why=f"{len(content) // 1024} Ko")
    return services.keep(content, name=name, by=by, most=most, kinds=decoding.PICTURES).sha256


def keep(content: bytes, most: int = LARGEST, *, name: str = "image", by: Person | None = None) -> str:
    """Keep a picture of others: decoded whole in a bounded child, written anew from its pixels, nothing else of it kept.

    Returns the SHA-256 (hex) of our JPEG. RES-422 not a picture or too large, RES-429 a PDF of several pages,
    EDG-102 beyond the limits of an honest picture, EDG-103 damaged.
    """
    if len(content) > most or decoding.head_kind(content[:8]) not in decoding.PICTURES:
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
        return services.keep_rewritten(target.read_bytes(), media=decoding.JPEG, name=name, by=by).sha256


def received(upload: Any, most: int = LARGEST, *, by: Person | None = None) -> str:
    """Keep an uploaded picture; "" where none was given."""
    if upload is None:
        return ""
    if (upload.size or 0) > most:
        raise BadImage(why=f"{(upload.size or 0) // 1024} Ko")
    return keep(upload.read(), most, name=str(upload.name or "image"), by=by)


def join(sha256: str, subject: str, by: Person | None, *, origin: str = "", name: str = "") -> None:
    """Join a kept image to a record ("paper:12"), in the transaction of its act; nothing where there is none."""
    if sha256:
        services.join(sha256=sha256, subject=subject, access=Access.STAFF, by=by, origin=origin, name=name)


def same(sha256: str) -> bool:
    """True where the image is there and still has the fingerprint it is kept under."""
    return files.intact(sha256)


def path(sha256: str) -> Path | None:
    """Where an image lies, to know that it is there. None where there is none."""
    return files.path(sha256)


def sound(sha256: str) -> Path | None:
    """An image that the house itself reads, once its fingerprint was computed again; a person reads it through
    `evidence.reading`. None where nobody has it as it was given."""
    return files.sound(sha256)


def kind(sha256: str) -> str:
    """The media type, from the first bytes; "" where there is no image."""
    found = path(sha256)
    if found is None:
        return ""
    with found.open("rb") as file:
        media = decoding.head_kind(file.read(8))
    return media if media in decoding.PICTURES else ""
