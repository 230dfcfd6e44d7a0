"""A picture of a source: an SVG of plain shapes, which shows the same on paper, on a screen and without network."""

from __future__ import annotations

from typing import NoReturn
from xml.parsers import expat

from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.training.rules.source.faults import BadPictogram

MOST, MOST_SHAPES = 64 * 1024, 2_000
SHAPES = frozenset({"svg", "g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon", "title", "desc"})
SVG = "http://www.w3.org/2000/svg"
VALUES = frozenset({
    "viewBox", "width", "height", "x", "y", "cx", "cy", "r", "rx", "ry", "x1", "y1", "x2", "y2", "d", "points", "transform",
    "fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "fill-rule",
    "clip-rule", "opacity", "fill-opacity", "stroke-opacity", "version", "id", "role", "preserveAspectRatio", "aria-label",
    "aria-hidden", "class",
})  # fmt: skip


class Looked:
    """One reading of a picture: anything but shapes ends it."""

    def __init__(self, file: str) -> None:
        self.file, self.shapes = file, 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self.begins
        self.parser.StartDoctypeDeclHandler = lambda *_a: self.wrong(_("il déclare un type de document"))
        self.parser.ProcessingInstructionHandler = lambda *_a: self.wrong(_("il porte une instruction"))

    def wrong(self, why: str | Message) -> NoReturn:
        raise BadPictogram(file=self.file, why=why)

    def begins(self, name: str, attributes: dict[str, str]) -> None:
        space, _blank, tag = name.rpartition(" ")
        self.shapes += 1
        if space != SVG or tag not in SHAPES or (tag == "svg") != (self.shapes == 1):
            self.wrong(Message(_("élément « %(name)s »"), {"name": name[:60]}))
        if self.shapes > MOST_SHAPES:
            self.wrong(_("trop de formes"))
        for key, value in attributes.items():
            if key not in VALUES or "url(" in value or "&" in value:
                self.wrong(Message(_("attribut « %(name)s »"), {"name": key[:60]}))


def picture_of(data: bytes, file: str) -> str:
    """The text of a picture, once it is known to be shapes and nothing else. TRN-204 otherwise."""
    looked = Looked(file)
    if len(data) > MOST:
        looked.wrong(Message(_("plus de %(n)d Kio"), {"n": MOST // 1024}))
    try:
        text = data.decode("utf-8-sig")
        looked.parser.Parse(text, True)
    except UnicodeDecodeError:
        looked.wrong(_("il n’est pas en UTF-8"))
    except expat.ExpatError as problem:
        looked.wrong(str(problem)[:80])
    return text[text.index("<svg") :].strip() if "<svg" in text else looked.wrong(_("ce n’est pas un SVG"))
