"""What a file really is, by its content: run in a bounded child (`kalata.bounded`), no Django here.

A name, an extension or a header of the browser never count. What cannot be decoded is not kept.
"""

from __future__ import annotations

import codecs
import contextlib
import zipfile
from typing import Any

from kalata.bounded import Limits
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

MOST_PIXELS = 40_000_000
MOST_PARTS = 5_000
MOST_UNPACKED = 500 * 2**20
DRAWING = Limits(memory=216 * 2**20, cpu_s=9, wall_s=40, output=64 * 2**20)

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT, ODS = "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet"
PARQUET, TEXT = "application/vnd.apache.parquet", "text/plain"
OTHER = "application/octet-stream"
PICTURES = (JPEG, PNG, PDF)
PIECES = (*PICTURES, DOCX, XLSX, ODT, ODS, TEXT)
TABLES = (XLSX, ODS, PARQUET, TEXT)
MARKS = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"%PDF-", PDF), (b"PAR1", PARQUET))


class BadImage(Refused):
    code = "RES-422"
    says = _("Ce fichier n’est pas une image de procès-verbal : %(why)s.")
    remedy = _("Donnez un JPEG, un PNG ou un PDF de moins de 10 Mo.")
    status = 422


class NotAPiece(Refused):
    code = "EVD-101"
    says = _("Le fichier %(file)s n’est d’aucun genre que la maison garde : %(why)s.")
    remedy = _("Donnez un PDF, une image JPEG ou PNG, un document ou un classeur ordinaire, ou un texte.")
    status = 422
    sentences = frozenset({"why"})


class Acts(Refused):
    """A PDF that does something when it is opened: it may say one thing to one reader and another to the next."""

    code = "EVD-107"
    says = _("Le PDF %(file)s agit de lui-même (%(why)s) : il n’est pas reçu tel quel.")
    remedy = _("Faites-en un PDF simple : imprimez-le en PDF, ou numérisez le papier.")
    status = 422


def head_kind(head: bytes) -> str:
    """The media type that the first bytes announce; OTHER where they announce none of ours. Nothing is decoded."""
    return next((media for mark, media in MARKS if head.startswith(mark)), OTHER)


def looked(path: str, name: str = "", quiet: bool = False) -> dict[str, Any]:
    """The media type of a whole file that decodes, and its pages where it has some. EVD-101, RES-422; quiet: EVD-107."""
    with open(path, "rb") as given:
        head = given.read(8)
    media = head_kind(head)
    if media in (JPEG, PNG):
        with contextlib.closing(photograph(path)):
            return {"media": media, "pages": 1}
    if media == PDF:
        pages = count(path, at_least_one=True)
        if quiet and (why := acting(path)):
            raise Acts(file=name, why=why)
        return {"media": PDF, "pages": pages}
    if media == PARQUET:
        return {"media": ended(path, name), "pages": 0}
    if head.startswith(b"PK\x03\x04"):
        return {"media": packed(path, name), "pages": 0}
    return {"media": written(path, name), "pages": 0}


def count(path: str, at_least_one: bool = False) -> int:
    """Pages of a PDF; 1 for a picture. at_least_one: the first page is opened too, an empty PDF is none."""
    with open(path, "rb") as file:
        if not file.read(5).startswith(b"%PDF-"):
            return 1
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(path) as document:
            pages = len(document)
            if at_least_one:
                if not pages:
                    raise BadImage(why="PDF")
                document[0].close()
            return pages
    except pypdfium2.PdfiumError:
        raise BadImage(why="PDF") from None


ACTING = ("/JS", "/JavaScript", "/Launch", "/RichMedia", "/EmbeddedFile", "/SubmitForm", "/ImportData", "/XFA")
MOST_OBJECTS = 400_000


def acting(path: str) -> str:
    """What a PDF does by itself: a script, a program started, a form sent, a file inside. Empty: nothing."""
    import pikepdf

    try:
        with pikepdf.open(path) as document:
            if document.is_encrypted:
                return "Encrypt"
            if len(document.objects) > MOST_OBJECTS:
                raise BadImage(why="PDF")
            for one in document.objects:
                if found := acts_in(one, 0):
                    return found
            return ""
    except pikepdf.PdfError:
        raise BadImage(why="PDF") from None


def acts_in(one: Any, depth: int) -> str:
    """The word of an action in this object or what lies directly in it; references are objects of their own."""
    import pikepdf

    if depth > 40 or one is None:
        return ""
    if isinstance(one, pikepdf.Stream):
        one = one.stream_dict
    if isinstance(one, pikepdf.Dictionary):
        for key, value in one.items():
            if key in ACTING:
                return str(key).lstrip("/")
            if key in ("/S", "/Type", "/Subtype") and isinstance(value, pikepdf.Name) and str(value) in ACTING:
                return str(value).lstrip("/")
            if isinstance(value, (pikepdf.Dictionary, pikepdf.Array)) and not value.is_indirect and (found := acts_in(value, depth + 1)):  # fmt: skip
                return found
    elif isinstance(one, pikepdf.Array):
        for value in one:
            if isinstance(value, (pikepdf.Dictionary, pikepdf.Array)) and not value.is_indirect and (found := acts_in(value, depth + 1)):  # fmt: skip
                return found
    return ""


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


def rewritten(path: str, target: str) -> dict[str, int]:
    """A photograph written anew as a JPEG without anything but its pixels; its size."""
    picture = photograph(path, "RGB")
    with contextlib.closing(picture):
        picture.save(target, "JPEG", quality=88)
        return {"width": picture.width, "height": picture.height}


def ended(path: str, file: str) -> str:
    """A Parquet ends as it begins; its rows are read by the bounded reader of tables."""
    with open(path, "rb") as given:
        given.seek(-4, 2)
        if given.read(4) != b"PAR1":
            raise NotAPiece(file=file, why="Parquet")
    return PARQUET


def packed(path: str, file: str) -> str:
    """The kind of a zip of an office suite, its parts bounded; any other zip is none of ours."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(p.file_size for p in parts) > MOST_UNPACKED:
                raise NotAPiece(file=file, why=_("un classeur qui se déplie au-delà de toute mesure"))
            names = {p.filename for p in parts}
            if "mimetype" in names:
                said = archive.open("mimetype").read(200).decode("ascii", "replace").strip()
                if said in (ODT, ODS):
                    return said
            if "[Content_Types].xml" in names:
                if "xl/workbook.xml" in names:
                    return XLSX
                if "word/document.xml" in names:
                    return DOCX
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        raise NotAPiece(file=file, why=_("une archive abîmée")) from None
    raise NotAPiece(file=file, why=_("une archive"))


def written(path: str, file: str) -> str:
    """Plain text in UTF-8, UTF-16 with its mark, or Windows-1252, without a control character."""
    with open(path, "rb") as given:
        head = given.read(4)
    marked = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8", "cp1252"):
        try:
            with open(path, encoding=encoding) as given:
                empty = True
                while text := given.read(1 << 20):
                    empty = False
                    if any(c < " " and c not in "\t\n\r\f" for c in text) or "\x7f" in text:
                        raise NotAPiece(file=file, why=_("ni texte ni document"))
                if empty:
                    raise NotAPiece(file=file, why=_("un fichier vide"))
                return TEXT
        except UnicodeError:
            continue
    raise NotAPiece(file=file, why=_("ni texte ni document"))
