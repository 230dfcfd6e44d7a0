"""A CSV as rows of text: encoding, separator, quotation marks; every physical line accounted for."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from kalata.results.file_faults import (
    EmptyFile,
    NulByte,
    OpenQuote,
    TooLarge,
    TooManyCells,
    TooWide,
    UnreadableFile,
    WrongEncoding,
)

MAX_FILE = 200 * 2**20
MAX_UNPACKED = 600 * 2**20
MAX_RATIO = 200
MAX_COLUMNS = 1_500
MAX_CELLS = 8_000_000
MAX_FIELD = 1 << 20
SNIFF = 1 << 20
DELIMITERS = (",", ";", "\t", "|")
STEP = 64
"""Rows read before their width is looked at: few, because a row made to hurt has millions of cells."""
NEWLINE = re.compile("\r\n|\r|\n")


class Bounded(io.RawIOBase):
    """A stream that refuses to give more than MAX_UNPACKED bytes (a bomb stops here), or a byte that is no text."""

    def __init__(self, raw: io.BufferedIOBase | gzip.GzipFile, name: str, packed: int, nul: bool = True) -> None:
        self.raw, self.name_, self.packed, self.given, self.lines = raw, name, max(packed, 1), 0, 0
        self.nul = nul

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
        if not self.nul and (at := chunk.find(0)) >= 0:
            raise NulByte(file=self.name_, row=self.lines + chunk.count(b"\n", 0, at) + 1)
        self.lines += chunk.count(b"\n")
        view[: len(chunk)] = chunk
        return len(chunk)


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


class Lines:
    """Rows out of a CSV reader, and the physical lines they came from: a row of several is looked at before it passes."""

    def __init__(self, text: Iterator[str], name: str, delimiter: str, told: str = "") -> None:
        self.reader = csv.reader(text, delimiter=told or delimiter, strict=True)
        self.name, self.delimiter = name, delimiter
        self.taken = self.cells = 0

    @property
    def lines(self) -> int:
        """Physical lines read so far."""
        return self.reader.line_num

    def take(self, size: int) -> list[list[str]]:
        """The next rows, with the reader's own errors turned into refusals."""
        before = self.reader.line_num
        block: list[list[str]] = []
        try:
            while (held := len(block)) < size:  # what was read stays in `block` when the next row fails
                block.extend(islice(self.reader, min(STEP, size - held)))
                if len(block) == held:
                    break
                self.measure(block, held)
        except UnicodeDecodeError as error:
            byte = f"0x{error.object[error.start]:02x}"
            raise WrongEncoding(file=self.name, byte=byte, place=error.start) from None
        except csv.Error as error:
            raise self.broken(block, before, str(error)) from None
        except UnicodeError as error:
            raise UnreadableFile(file=self.name, why=str(error)[:120]) from None
        if self.reader.line_num - before != len(block):
            self.check(block, self.reader.line_num - before)
        self.taken += len(block)
        return block

    def measure(self, block: list[list[str]], start: int) -> None:
        """Stop (IMP-116, IMP-117) before rows are wider or cells more than those of any station file."""
        widths = list(map(len, block[start:] if start else block))
        self.cells += sum(widths)
        if max(widths) > MAX_COLUMNS:
            at, wide = next((i, w) for i, w in enumerate(widths) if w > MAX_COLUMNS)
            raise TooWide(file=self.name, row=self.taken + start + at + 1, got=wide, limit=MAX_COLUMNS)
        if self.cells > MAX_CELLS:
            raise TooManyCells(file=self.name, row=self.taken + len(block), limit=MAX_CELLS)

    def broken(self, block: list[list[str]], before: int, why: str) -> UnreadableFile | OpenQuote:
        if "field larger" in why or "new-line" in why:
            return UnreadableFile(file=self.name, why=why[:120])
        first = before + sum(lines_of(row) for row in block)
        return OpenQuote(file=self.name, row=self.taken + len(block) + 1, n=max(self.reader.line_num - first - 1, 0))

    def check(self, block: list[list[str]], lines: int) -> None:
        """Rows of several lines: a field that holds what makes a whole row has swallowed one."""
        seen = 0
        for place, row in enumerate(block):
            deep = lines_of(row)
            seen += deep
            if deep == 1:
                continue
            width = max(len(row) - 1, 1)
            for cell in row:
                if NEWLINE.search(cell) and cell.count(self.delimiter) >= width:
                    raise OpenQuote(file=self.name, row=self.taken + place + 1, n=deep - 1)
        if seen != lines:
            raise UnreadableFile(file=self.name, why=f"{lines} ≠ {seen}")


def lines_of(row: list[str]) -> int:
    return 1 + sum(len(NEWLINE.findall(cell)) for cell in row)


@dataclass(slots=True)
class Text:
    """What was found of a CSV before it is read: its encoding, its separator, whether the encoding was guessed."""

    encoding: str
    delimiter: str
    rows: Lines
    guessed: bool = False


def stream(path: Path, name: str, packed: bool, nul: bool) -> io.BufferedReader:
    raw = gzip.open(path, "rb") if packed else path.open("rb")  # noqa: SIM115  closed with its reader
    return io.BufferedReader(Bounded(raw, name, path.stat().st_size, nul), 1 << 18)


def csv_text(path: Path, name: str, encoding: str = "auto", separator: str = "") -> Text:
    with path.open("rb") as head:
        packed = head.read(2) == b"\x1f\x8b"
    with stream(path, name, packed, nul=True) as beginning:
        sample = beginning.read(SNIFF)
    if not sample.strip(b"\xef\xbb\xbf \r\n\t"):
        raise EmptyFile(file=name)
    asked = encoding
    if encoding == "auto":
        encoding = encoding_of(sample, name)
    elif not known_encoding(encoding):
        raise UnreadableFile(file=name, why=f"encodage inconnu : {encoding[:40]}")
    csv.field_size_limit(MAX_FIELD)
    first = sample.decode(encoding, errors="replace").lstrip("\ufeff").splitlines()
    delimiter = separator or delimiter_of(first[:50])
    wide = codecs.lookup(encoding).name.startswith(("utf-16", "utf-32"))
    text = io.TextIOWrapper(stream(path, name, packed, nul=wide), encoding=encoding, newline="")
    lines = chain.from_iterable(pieces(text)) if b"\r" not in sample.replace(b"\r\n", b"") else text
    return Text(encoding, delimiter, Lines(lines, name, delimiter), asked == "auto" and encoding == "cp1252")


CUTS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
"""Signs at which Python cuts a text into lines, and nobody else does."""


def pieces(text: io.TextIOWrapper) -> Iterator[list[str]]:
    """The lines of a text a quarter of a megabyte at a time: faster than one by one. A lone carriage return ends none."""
    rest = ""
    while chunk := text.read(1 << 18):
        chunk = rest + chunk
        whole, end, rest = chunk.rpartition("\n")
        if not end:
            continue
        whole += end
        if any(sign in whole for sign in CUTS) or whole.count("\r") != whole.count("\r\n"):
            yield [line + "\n" for line in whole[:-1].split("\n")]
        else:
            yield whole.splitlines(keepends=True)
    if rest:
        yield [rest]


def known_encoding(name: str) -> bool:
    """True for the name of an encoding of text."""
    try:
        "a".encode(name)
        return codecs.lookup(name)._is_text_encoding
    except (LookupError, UnicodeError, ValueError):
        return False


def encoding_of(sample: bytes, name: str) -> str:
    """The encoding of the first mebibyte, or IMP-112, IMP-120. A cut multi-byte end is not a fault."""
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
    """The separator said by a first line `sep=…`, or the one that cuts most rows alike into most columns; else a comma."""
    if lines and re.fullmatch(r"\"?sep=.\"?,?", lines[0].strip(" ").lower()) is not None:
        return lines[0].strip(' "')[4]
    best, score = ",", (0, 0)
    for mark in DELIMITERS:
        try:
            widths = [len(r) for r in csv.reader(lines[:20], delimiter=mark) if r]
        except csv.Error:
            continue
        if not widths or max(widths) < 2:
            continue
        width, times = Counter(w for w in widths if w > 1).most_common(1)[0]
        found = ((width - 1) * times, widths[0])
        if found > score:
            best, score = mark, found
    return best
