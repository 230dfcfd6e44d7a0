"""Pictures of others, drawn in a bounded child: pages of a PDF, photographs, scans. No Django here.

What leaves is always our own JPEG, written from the pixels: nothing of the bytes received is shown to anybody.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from kalata.bounded import Limits
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

DPI = 150
MOST_PIXELS = 40_000_000
MARK = "KLT1|"
DRAWING = Limits(memory=216 * 2**20, cpu_s=9, wall_s=40, output=64 * 2**20)
TOGETHER = 8
"""Pages drawn by one child."""


class BadImage(Refused):
    code = "RES-422"
    says = _("Ce fichier n’est pas une image de procès-verbal : %(why)s.")
    remedy = _("Donnez un JPEG, un PNG ou un PDF de moins de 10 Mo.")
    status = 422


def count(path: str) -> int:
    """Pages of a PDF; 1 for a picture."""
    with open(path, "rb") as file:
        if not file.read(5).startswith(b"%PDF-"):
            return 1
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(path) as document:
            return len(document)
    except pypdfium2.PdfiumError:
        raise BadImage(why="PDF") from None


def drawn(path: str, first: int, folder: str) -> dict[str, Any]:
    """The next pages from number `first` (from 1) as JPEG files of `folder`, each with the text of its code.

    "torn": the number of a page that could not be drawn; those before it are there.
    """
    out: list[dict[str, Any]] = []
    for number, picture in pictures(path, first):
        if picture is None:
            return {"pages": out, "torn": number}
        grey, code = upright(picture)
        name = f"{number:06}.jpg"
        grey.save(Path(folder) / name, "JPEG", quality=80, optimize=False)
        out.append({"number": number, "file": name, "code": code})
    return {"pages": out, "torn": 0}


def pictures(path: str, first: int) -> Any:
    """(number, picture) of at most TOGETHER pages; (number, None) where one cannot be drawn."""
    with open(path, "rb") as file:
        pdf = file.read(5).startswith(b"%PDF-")
    if not pdf:
        if first == 1:
            yield 1, photograph(path)
        return
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        raise BadImage(why="PDF") from None
    for number in range(first, min(first + TOGETHER, len(document) + 1)):
        try:
            yield number, page(document[number - 1])
        except (pypdfium2.PdfiumError, BadImage, ValueError) as problem:
            if number == 1:
                raise problem if isinstance(problem, BadImage) else BadImage(why="PDF") from None
            yield number, None
            return


def page(one: Any) -> Any:
    width, height = one.get_size()
    scale = DPI / 72
    if not 0 < width * height * scale * scale <= MOST_PIXELS:
        raise BadImage(why=f"{width:.0f} x {height:.0f} pt")
    return one.render(scale=scale, grayscale=True).to_pil()


def photograph(path: str, mode: str = "L") -> Any:
    """The pixels of a JPEG or a PNG, in `mode`. RES-422: neither, damaged, or larger than a paper needs."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        picture = Image.open(path, formats=("JPEG", "PNG"))
        if picture.width * picture.height > MOST_PIXELS:
            raise BadImage(why=f"{picture.width} x {picture.height}")
        picture.draft(mode, picture.size)
        picture.load()
        found = ImageOps.exif_transpose(picture).convert(mode)
        found.info = {}  # no comment, profile or place of the camera
        return found
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise BadImage(why=_("illisible")) from None


def upright(picture: Any) -> tuple[Any, str]:
    """Grey, turned so that its QR stands upright, with what the QR says ("" where none is read)."""
    import zxingcpp

    grey = picture.convert("L")
    found = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    code = next((b for b in found if b.text.startswith(MARK)), None)
    if code is None:
        return grey, ""
    turn = round(code.orientation / 90) * 90 % 360
    return (grey.rotate(turn, expand=True) if turn else grey), code.text


def rewritten(path: str, target: str) -> dict[str, int]:
    """A photograph written anew as a JPEG without anything but its pixels; its size."""
    picture = photograph(path, "RGB")
    with contextlib.closing(picture):
        picture.save(target, "JPEG", quality=88)
        return {"width": picture.width, "height": picture.height}
