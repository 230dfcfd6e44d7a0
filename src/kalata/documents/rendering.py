"""From a declared paper and its values to a PDF: head, foot, fingerprint and square, the same on every paper of the house."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pypdfium2 import PdfDocument

from kalata import __version__, rooms
from kalata.documents import typeset
from kalata.documents.rules import content
from kalata.documents.rules.references import Reference
from kalata.text import gettext_noop as _
from kalata.text import long_date, translate

MASK = 0
"""The checkerboard, for every square: a reader takes any of the eight, and trying all of them is half the cost of a paper."""
MOST_PAGES = 600
"""Pages whose code is printed; a longer paper bears its fingerprint on every page all the same."""
UNREGISTERED: Mapping[str, Any] = {
    "reference": "", "version": "", "digest": "", "pages": [], "draft": "", "mark": "", "copy": "", "square": False,
}  # fmt: skip
EXERCISE = _("EXERCICE : sans valeur électorale")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What opens a paper. about: of what it is; number: that of the record itself (of a ruling, of a petition)."""

    title: str
    country: str = ""
    motto: str = ""
    body: str = ""
    desk: str = ""
    number: str = ""
    about: str = ""
    exercise: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """What is printed: a declared paper, its head and plain values, in a language. beside: pictures that it shows."""

    kind: str
    head: Head
    data: Mapping[str, Any]
    lang: str
    beside: Mapping[str, bytes] = field(default_factory=dict)

    def says(self) -> dict[str, Any]:
        """All that it says, as plain values; NotPlain where it is not so."""
        head = {name: getattr(self.head, name) for name in Head.__slots__}
        pictures = {name: content.digest(body.hex()) for name, body in self.beside.items()}
        said = content.plain({"head": head, "data": self.data}, self.kind)
        return {**said, "kind": self.kind, "lang": self.lang, "beside": pictures}


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the register adds to a paper when it is issued."""

    reference: Reference
    version: int
    at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A PDF and its pages."""

    pdf: bytes
    pages: int


def issued(paper: Paper, stamp: Stamp) -> Rendered:
    """The paper as it is issued. The same paper and stamp give the same bytes."""
    say = say_in(paper.lang)
    ref, version_said = str(stamp.reference), say(_("version %(n)s")) % {"n": stamp.version}
    address = f"{settings.PUBLIC_ADDRESS}{reverse('documents:verify')}?reference={ref}&empreinte={stamp.digest}"
    codes = [content.page_code(stamp.digest, n) for n in range(1, MOST_PAGES + 1)]
    head = {
        "reference": ref, "version": version_said, "digest": content.grouped(stamp.digest[: content.SHORT]),
        "pages": codes, "draft": "", "mark": "", "copy": "", "square": True,
    }  # fmt: skip
    return made(paper, {**head, **dated(stamp.at, paper.lang)}, {"paper.svg": square(address)})


def draft(paper: Paper, at: datetime | None = None) -> Rendered:
    """The paper as it would be, marked across each page: it bears no reference and is in no register."""
    say = say_in(paper.lang)
    head = {
        **UNREGISTERED, "draft": say(_("PROJET : non émis, sans valeur")), "mark": say(_("PROJET")),
    }  # fmt: skip
    return made(paper, {**head, **dated(at or timezone.now(), paper.lang)}, {})


def copy(paper: Paper, at: datetime | None = None) -> Rendered:
    """A paper printed as its record stands now, to be worked with or signed by hand: it says that it is in no register."""
    now = at or timezone.now()
    said = content.grouped(content.digest(paper.says())[: content.SHORT])
    words = say_in(paper.lang)(_("Tirage du %(at)s, non inscrit au registre · contenu %(digest)s"))
    when = dated(now, paper.lang)
    return made(paper, {**UNREGISTERED, **when, "copy": words % {"at": when["at"], "digest": said}}, {})


def form(kind: str, data: Mapping[str, Any], beside: Mapping[str, bytes] | None = None) -> bytes:
    """A declared paper with a layout of its own, no head and no register: a form to fill in, a label, a poster."""
    return typeset.compiled(template_of(kind), content.plain(data, kind), beside)


def places(kind: str, data: Mapping[str, Any], label: str = "box") -> list[Any]:
    """Where the parts of a form stand on it, as its template says under a label."""
    return typeset.asked(template_of(kind), content.plain(data, kind), label)


def made(paper: Paper, head: Mapping[str, Any], pictures: Mapping[str, bytes]) -> Rendered:
    said, say = paper.says(), say_in(paper.lang)
    words = {
        "w_reference": say(_("Réf.")), "w_digest": say(_("empreinte")), "w_page": say(_("page")),
        "w_code": say(_("code de la page")), "w_square": say(_("Carré à lire avec un téléphone : vérifier ce document")),
        "software": software(), "lang": paper.lang,
    }  # fmt: skip
    data = {"head": {**said["head"], **words, **head}, "data": said["data"]}
    pdf = typeset.accessible(template_of(paper.kind), data, {**paper.beside, **pictures})
    with PdfDocument(pdf) as pages:
        return Rendered(pdf, len(pages))


def dated(at: datetime, lang: str) -> dict[str, Any]:
    here = timezone.localtime(at)
    clock = f"{here:%H:%M}" if lang == "en" else f"{here.hour} h {here.minute:02}"
    return {"at": f"{long_date(here.date(), lang)}, {clock}", "day": [here.year, here.month, here.day]}


def say_in(lang: str) -> Any:
    return lambda sentence: translate(sentence, lang)


def square(text: str) -> bytes:
    """The QR of a text as a picture for `beside`."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False, mask=MASK).save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue()


def picture(png: bytes) -> bytes:
    """A PNG as a picture for `beside`, where the typesetter takes text alone."""
    with Image.open(io.BytesIO(png), formats=["PNG"]) as drawn:
        wide, high = drawn.size
    inside = base64.b64encode(png).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}">'
        f'<image width="{wide}" height="{high}" href="data:image/png;base64,{inside}"/></svg>'
    ).encode()


def software() -> str:
    """The name and version of this software, as papers bear it."""
    return f"Kalata {__version__}"


@cache
def declared() -> dict[str, tuple[rooms.Room, rooms.Document]]:
    """Every paper that a room declares, by its key."""
    return {one.key: (room, one) for room in rooms.every() for one in room.documents}


def template_of(kind: str) -> Path:
    """The file of the template of a declared paper; the one of blocks where it names none. KeyError: not declared."""
    room, one = declared()[kind]
    if not one.template:
        return typeset.HERE / "typst" / "blocks.typ"
    return Path(str(import_module(room.package).__file__)).parent / one.template
