"""Opening other people's files: CSV, CSV.gz, XLSX, Parquet, safely and without guessing aloud.

Everything comes out as text, row by row, with the number of the row in the file: the meaning
of a cell is decided by `rules.numbers`, never by a reader that "helps". Sizes are bounded
before anything is unpacked: a zip bomb or a file of a gigabyte is refused by its code. A workbook or a
Parquet is read by `flattened` in a bounded child (`kalata.bounded`), which leaves plain rows; a CSV is read
here, row by row, or there too where it came through a page (`apart`).
Encodings tried, in order: UTF-8 (with or without BOM), UTF-16 by its BOM, then Windows-1252
when the bytes are valid in it and hold no control character; anything else is refused.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from kalata import bounded
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

MAX_FILE = 200 * 2**20
MAX_UNPACKED = 600 * 2**20
MAX_RATIO = 200
MAX_COLUMNS = 1_500
MAX_CELLS = 8_000_000
MAX_FIELD = 1 << 20
SNIFF = 1 << 20
DELIMITERS = (",", ";", "\t", "|")


class UnreadableFile(Refused):
    code = "IMP-110"
    says = _("Le fichier %(file)s ne peut pas être lu : %(why)s.")
    remedy = _("Enregistrez-le en CSV (UTF-8) ou en XLSX et recommencez. Rien n’a été enregistré.")
    status = 422


class TooLarge(Refused):
    code = "IMP-111"
    says = _("Le fichier %(file)s est trop grand : %(size)d Mio pour %(limit)d Mio permis.")
    remedy = _("Découpez-le par région, ou compressez-le en CSV.gz. Rien n’a été enregistré.")
    status = 413


class WrongEncoding(Refused):
    code = "IMP-112"
    says = _("L’encodage du fichier %(file)s n’est pas reconnu (octet %(byte)s en position %(place)d).")
    remedy = _("Enregistrez-le en UTF-8. Rien n’a été enregistré.")
    status = 422


class RaggedRow(Refused):
    code = "IMP-113"
    says = _("Fichier %(file)s, ligne %(row)d : %(got)d colonnes au lieu de %(want)d.")
    remedy = _("Vérifiez les guillemets et les séparateurs de cette ligne. Rien n’a été enregistré.")
    status = 422


class EmptyFile(Refused):
    code = "IMP-114"
    says = _("Le fichier %(file)s ne contient aucune ligne de données.")
    remedy = _("Choisissez un fichier avec une ligne d’en-tête et au moins une ligne.")
    status = 422


class DoubledColumn(Refused):
    code = "IMP-115"
    says = _("La colonne « %(field)s » figure deux fois dans l’en-tête du fichier %(file)s.")
    remedy = _("Renommez l’une des deux colonnes. Rien n’a été enregistré.")
    status = 422


class TooWide(Refused):
    code = "IMP-116"
    says = _("Fichier %(file)s, ligne %(row)d : %(got)d colonnes pour %(limit)d permises.")
    remedy = _("Ne gardez que les colonnes utiles. Rien n’a été enregistré.")
    status = 422


class TooManyCells(Refused):
    code = "IMP-117"
    says = _("Le fichier %(file)s dépasse %(limit)d cases (ligne %(row)d).")
    remedy = _("Ne gardez que les colonnes utiles, ou découpez-le par région. Rien n’a été enregistré.")
    status = 422


@dataclass(slots=True)
class Opened:
    """A file opened for reading: its header, and its rows in blocks with their row numbers."""

    name: str
    header: list[str]
    blocks: Iterator[tuple[int, list[list[str]]]]
    encoding: str = ""
    delimiter: str = ""


def opened(
    path: Path | str, *, name: str = "", encoding: str = "auto", block: int = 1_500, apart: bool = False
) -> Opened:
    """The file at `path`, or a Refused (IMP-110 … IMP-117, EDG-102, EDG-103) that names it.

    apart: a CSV too is read in a bounded child, as every file that came through a page.
    """
    path = Path(path)
    name = name or path.name
    kind = kind_of(path, name)
    if kind == "csv" and not apart:
        label, delimiter, rows = raw_rows(path, name, encoding)
    else:
        label, delimiter, rows = flat_rows(path, name, encoding)
    first = taken(rows, 1, name)
    if not first:
        raise EmptyFile(file=name)
    header = header_of(first[0], name)
    return Opened(name, header, in_blocks(rows, len(header), name, block), label, delimiter)


def header_of(row: list[str], name: str) -> list[str]:
    """The names of the columns, each once; a column without one is named by its place."""
    seen: set[str] = set()
    for column in (cell.strip() for cell in row):
        if column and column in seen:
            raise DoubledColumn(file=name, field=column[:80])
        seen.add(column)
    return [cell.strip() or f"colonne {i}" for i, cell in enumerate(row, 1)]


def kind_of(path: Path, name: str) -> str:
    """csv, xlsx or parquet, by the first bytes; IMP-110, IMP-111 for what is none of them or too heavy."""
    try:
        size = path.stat().st_size
    except OSError:
        raise UnreadableFile(file=name, why="introuvable") from None
    if size > MAX_FILE:
        raise TooLarge(file=name, size=size // 2**20, limit=MAX_FILE // 2**20)
    with path.open("rb") as head:
        magic = head.read(8)
    if magic[:4] == b"PK\x03\x04":
        return "xlsx"
    if magic[:4] == b"PAR1":
        return "parquet"
    if magic[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" or magic[:4] == b"%PDF":
        raise UnreadableFile(file=name, why="ni CSV, ni XLSX, ni Parquet")
    return "csv"


def raw_rows(path: Path, name: str, encoding: str) -> tuple[str, str, Iterator[list[str]]]:
    """(encoding or kind, separator, rows) straight from the file, counted."""
    kind = kind_of(path, name)
    if kind == "csv":
        with path.open("rb") as head:
            packed = head.read(2) == b"\x1f\x8b"
        label, delimiter, rows = csv_rows(path, name, encoding, packed)
    else:
        label, delimiter = kind, ""
        rows = xlsx_rows(path, name) if kind == "xlsx" else parquet_rows(path, name)
    return label, delimiter, counted(rows, name)


def counted(rows: Iterator[list[str]], name: str) -> Iterator[list[str]]:
    """The same rows, stopped (IMP-116, IMP-117) before they are wider or more than any station file."""
    cells = 0
    for number, row in enumerate(rows, 1):
        width = len(row)
        if width > MAX_COLUMNS:
            raise TooWide(file=name, row=number, got=width, limit=MAX_COLUMNS)
        cells += width
        if cells > MAX_CELLS:
            raise TooManyCells(file=name, row=number, limit=MAX_CELLS)
        yield row


def flattened(path: str, name: str, encoding: str, target: str) -> dict[str, str]:
    """Run in a bounded child: the rows of a file of others as plain CSV in `target`."""
    label, delimiter, rows = raw_rows(Path(path), name, encoding)
    with open(target, "w", encoding="utf-8", newline="", errors="replace") as out:
        write = csv.writer(out).writerow
        while block := taken(rows, 2_000, name):
            for row in block:
                write(row)
    return {"label": label, "delimiter": delimiter}


READING = bounded.Limits(memory=208 * 2**20, output=MAX_UNPACKED)


def flat_rows(path: Path, name: str, encoding: str) -> tuple[str, str, Iterator[list[str]]]:
    """What `flattened` left of a file, row by row; the plain rows go when the reader does."""
    with tempfile.NamedTemporaryFile(prefix="kalata-flat-") as flat:
        said = bounded.call(
            "kalata.results.files:flattened", file=name, limits=READING, path=str(path), name=name,
            encoding=encoding, target=flat.name,
        )  # fmt: skip
        csv.field_size_limit(MAX_FIELD)
        rows = csv.reader(open(flat.name, encoding="utf-8", newline=""))  # noqa: SIM115  closed with its reader
    return said["label"], said["delimiter"], rows


def in_blocks(rows: Iterator[list[str]], width: int, name: str, size: int) -> Iterator[tuple[int, list[list[str]]]]:
    """Blocks of rows of exactly `width` cells; blank rows are passed over, ragged ones refused."""
    number = 2
    while block := taken(rows, size, name):
        if set(map(len, block)) == {width}:
            yield number, block
        else:
            yield from regular_parts(block, number, width, name)
        number += len(block)


def taken(rows: Iterator[list[str]], size: int, name: str) -> list[list[str]]:
    """The next rows, with the reader's own errors turned into refusals."""
    try:
        return list(islice(rows, size))
    except UnicodeDecodeError as error:
        raise WrongEncoding(file=name, byte=f"0x{error.object[error.start]:02x}", place=error.start) from None
    except (csv.Error, UnicodeError) as error:
        raise UnreadableFile(file=name, why=str(error)[:120]) from None


def regular_parts(block: list[list[str]], number: int, width: int, name: str) -> Iterator[tuple[int, list[list[str]]]]:
    part: list[list[str]] = []
    start = number
    for offset, row in enumerate(block):
        if len(row) == width:
            part.append(row)
            continue
        if any(row):
            raise RaggedRow(file=name, row=number + offset, got=len(row), want=width)
        if part:
            yield start, part
        part, start = [], number + offset + 1
    if part:
        yield start, part


class Bounded(io.RawIOBase):
    """A stream that refuses to give more than MAX_UNPACKED bytes: a bomb stops here."""

    def __init__(self, raw: io.BufferedIOBase | gzip.GzipFile, name: str, packed: int) -> None:
        self.raw, self.name_, self.packed, self.given = raw, name, max(packed, 1), 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        try:
            chunk = self.raw.read(len(view))
        except (OSError, EOFError, zlib.error) as error:
            raise UnreadableFile(file=self.name_, why=f"compression abîmée ({error})") from None
        self.given += len(chunk)
        if self.given > MAX_UNPACKED or (self.given > 50 * 2**20 and self.given > self.packed * MAX_RATIO):
            raise TooLarge(file=self.name_, size=self.given // 2**20, limit=MAX_UNPACKED // 2**20)
        view[: len(chunk)] = chunk
        return len(chunk)


def csv_rows(path: Path, name: str, encoding: str, packed: bool) -> tuple[str, str, Iterator[list[str]]]:
    size = path.stat().st_size

    def stream() -> io.BufferedReader:
        raw = gzip.open(path, "rb") if packed else path.open("rb")  # noqa: SIM115  closed with its reader
        return io.BufferedReader(Bounded(raw, name, size), 1 << 18)

    with stream() as head:
        sample = head.read(SNIFF)
    if not sample.strip(b"\xef\xbb\xbf \r\n\t"):
        raise EmptyFile(file=name)
    if encoding == "auto":
        encoding = encoding_of(sample, name)
    elif not known_encoding(encoding):
        raise UnreadableFile(file=name, why=f"encodage inconnu : {encoding[:40]}")
    csv.field_size_limit(MAX_FIELD)
    first = sample.decode(encoding, errors="replace").lstrip("\ufeff").splitlines()
    delimiter = delimiter_of(first[:50])

    text = io.TextIOWrapper(stream(), encoding=encoding, newline="")
    return encoding, delimiter, csv.reader(text, delimiter=delimiter, strict=False)


def known_encoding(name: str) -> bool:
    """True for the name of an encoding of text."""
    try:
        "a".encode(name)
        return codecs.lookup(name)._is_text_encoding
    except (LookupError, UnicodeError, ValueError):
        return False


def encoding_of(sample: bytes, name: str) -> str:
    """The encoding of the first mebibyte, or IMP-112. A cut multi-byte end is not a fault."""
    if sample[:3] == b"\xef\xbb\xbf":
        return "utf-8-sig"
    if sample[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        sample.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as error:
        if error.start >= len(sample) - 4:
            return "utf-8"
        bad = error
    control = [i for i, b in enumerate(sample) if b < 32 and b not in (9, 10, 13)]
    if not control:
        try:
            sample.decode("cp1252")
            return "cp1252"
        except UnicodeDecodeError:
            pass
    place = control[0] if control else bad.start
    raise WrongEncoding(file=name, byte=f"0x{sample[place]:02x}", place=place)


def delimiter_of(lines: list[str]) -> str:
    """The separator that cuts the first lines most evenly; a comma when nothing does."""
    best, score = ",", 1
    for mark in DELIMITERS:
        try:
            widths = [len(r) for r in csv.reader(lines[:20], delimiter=mark) if r]
        except csv.Error:
            continue
        if widths and widths[0] > score and sum(w == widths[0] for w in widths) * 10 >= len(widths) * 8:
            best, score = mark, widths[0]
    return best


def xlsx_rows(path: Path, name: str) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(path) as archive:
            total = sum(item.file_size for item in archive.infolist())
            packed = max(path.stat().st_size, 1)
            if total > MAX_UNPACKED or (total > 50 * 2**20 and total > packed * MAX_RATIO):
                raise TooLarge(file=name, size=total // 2**20, limit=MAX_UNPACKED // 2**20)
            if "xl/workbook.xml" not in archive.namelist():
                raise UnreadableFile(file=name, why="archive zip qui n’est pas un classeur XLSX")
        from python_calamine import CalamineWorkbook

        book = CalamineWorkbook.from_path(str(path))
        sheet = book.get_sheet_by_index(0)
        return ([cell_text(c) for c in row] for row in sheet.iter_rows())
    except (Refused, MemoryError):
        raise
    except Exception as error:
        raise UnreadableFile(file=name, why=f"classeur abîmé ({type(error).__name__})") from None


def cell_text(cell: object) -> str:
    """A spreadsheet cell as the text a person sees: 1453.0 is 1453, a fraction keeps its point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def parquet_rows(path: Path, name: str) -> Iterator[list[str]]:
    import duckdb

    try:
        link = duckdb.connect(config={"threads": 1, "memory_limit": "120MB"})
        cursor = link.execute("select * from read_parquet(?)", [str(path)])
        yield [str(column[0]) for column in cursor.description]
        while rows := cursor.fetchmany(2_000):
            for row in rows:
                yield [cell_text(cell) for cell in row]
    except MemoryError:
        raise
    except duckdb.Error as error:
        raise UnreadableFile(file=name, why=f"Parquet abîmé ({str(error).splitlines()[0][:80]})") from None
