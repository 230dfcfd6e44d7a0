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
    """The next pages from number `first` (from 1) as JPEG files of `folder`, each with the text of its code and its corners.

    "torn": the number of a page that could not be drawn; those before it are there.
    """
    out: list[dict[str, Any]] = []
    for number, picture in pictures(path, first):
        if picture is None:
            return {"pages": out, "torn": number}
        grey, code, corners = upright(picture)
        name = f"{number:06}.jpg"
        grey.save(Path(folder) / name, "JPEG", quality=80, optimize=False)
        out.append({"number": number, "file": name, "code": code, "corners": corners})
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


def upright(picture: Any) -> tuple[Any, str, list[list[int]]]:
    """Grey, turned so that its QR stands upright, what the QR says ("" where none is read), and its four corners."""
    grey = picture.convert("L")
    code = square_of(grey)
    if code is None:
        return grey, "", []
    if turn := round(code.orientation / 90) * 90 % 360:
        grey = grey.rotate(turn, expand=True)
        code = square_of(grey) or code
    at = code.position
    corners = [] if turn and round(code.orientation / 90) * 90 % 360 else [
        [p.x, p.y] for p in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
    ]  # fmt: skip
    return grey, code.text, corners


def square_of(grey: Any) -> Any:
    """The code of a form of this house in a grey picture; None where there is none."""
    import zxingcpp

    found = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return next((b for b in found if b.text.startswith(MARK)), None)


WHOLE = 10_000
FRAME = (185, 105, 12)


def cut(path: Path, box: tuple[int, int, int, int], *, rows: int = 0, marked: bool = False) -> bytes:
    """A piece of one of our own JPEGs about a box (ten-thousandths of the picture), as a JPEG; nothing in it is retouched.

    rows: how many heights of the box to show above and below it; marked: a frame is drawn around the box.
    """
    import io

    from PIL import Image, ImageDraw

    with Image.open(path, formats=["JPEG"]) as picture:
        wide, high = picture.size
        x, y, w, h = (n * side / WHOLE for n, side in zip(box, (wide, high, wide, high), strict=True))
        margin = h * (rows + 0.05) if rows else h * 0.3
        area = (max(0, x - h * 0.3), max(0, y - margin), min(wide, x + w + h * 0.3), min(high, y + h + margin))
        left, top, right, bottom = (round(n) for n in area)
        piece = picture.crop((left, top, right, bottom)).convert("RGB" if marked else "L")
    if marked:
        left, top = round(x - area[0]), round(y - area[1])
        ImageDraw.Draw(piece).rectangle(
            (left - 3, top - 1, left + round(w) + 3, top + round(h) + 1), outline=FRAME, width=4
        )
    out = io.BytesIO()
    piece.save(out, "JPEG", quality=82)
    return out.getvalue()


def stacked(pieces: list[bytes]) -> bytes:
    """Several of our own pieces one under the other, as one JPEG."""
    import io

    from PIL import Image

    opened = [Image.open(io.BytesIO(p), formats=["JPEG"]) for p in pieces]
    sheet = Image.new("L", (max(i.width for i in opened), sum(i.height + 6 for i in opened)), 255)
    top = 0
    for one in opened:
        sheet.paste(one.convert("L"), (0, top))
        top += one.height + 6
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=82)
    return out.getvalue()


def turned(path: Path, degrees: int) -> tuple[bytes, str, list[tuple[float, float]]]:
    """One of our own JPEGs turned clockwise, with what its code then says ("" where none is read) and its corners."""
    import io

    from PIL import Image

    with Image.open(path, formats=["JPEG"]) as picture:
        grey = picture.convert("L").rotate(-degrees, expand=True)
    code = square_of(grey)
    out = io.BytesIO()
    grey.save(out, "JPEG", quality=85)
    if code is None:
        return out.getvalue(), "", []
    at = code.position
    corners = [(float(p.x), float(p.y)) for p in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)]
    return out.getvalue(), code.text, corners
