"""Pictures of others, drawn in a bounded child: pages of a PDF, photographs, scans. No Django here.

What leaves is always our own JPEG, written from the pixels: nothing of the bytes received is shown to anybody.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kalata.evidence.decoding import DRAWING as DRAWING
from kalata.evidence.decoding import MOST_PIXELS, BadImage, photograph
from kalata.evidence.decoding import count as count
from kalata.evidence.decoding import rewritten as rewritten

DPI = 150
MARK = "KLT1|"
TOGETHER = 8
"""Pages drawn by one child."""


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


def single(path: str, number: int, target: str) -> bool:
    """One page as a JPEG, grey, as it lies; False where there is no such page or it cannot be drawn."""
    found = next(iter(pictures(path, number)), None)
    if found is None or found[0] != number or found[1] is None:
        return False
    found[1].convert("L").save(target, "JPEG", quality=80, optimize=False)
    return True


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
