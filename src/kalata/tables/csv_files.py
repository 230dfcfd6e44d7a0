"""A CSV as rows of text: encoding, separator, quotation marks; every physical line accounted for."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import overload

from kalata.tables.file_faults import (
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


class Cells(Sequence[list[str]]):
    """Rows that all have one width, as one list of their cells: a column is a slice, a row is made when it is asked."""

    __slots__ = ("flat", "width")

    def __init__(self, flat: list[str], width: int) -> None:
        self.flat, self.width = flat, width

    def __len__(self) -> int:
        return len(self.flat) // self.width

    @overload
    def __getitem__(self, place: int) -> list[str]: ...
    @overload
    def __getitem__(self, place: slice) -> list[list[str]]: ...
    def __getitem__(self, place: int | slice) -> list[str] | list[list[str]]:
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        start = range(len(self))[place] * self.width
        return self.flat[start : start + self.width]

    def __iter__(self) -> Iterator[list[str]]:
        width = self.width
        return (self.flat[i : i + width] for i in range(0, len(self.flat), width))

    def column(self, place: int) -> list[str]:
        return self.flat[place :: self.width]


def plain_cells(text: str, delimiter: str, width: int) -> Cells | None:
    """The cells of whole lines, cut at the separator alone; None for whatever the csv module might read otherwise.

    That is: a quotation mark, a NUL, a carriage return that ends no line, a blank row, a row of another width, a
    text as long as the longest cell. Cut at the separator, with each line's end left on its last cell, a text of n
    lines has n * width cells of which n, each width-th one, hold the n ends: so each line has `width` cells.
    """
    if '"' in text or "\0" in text or len(text) > MAX_FIELD:
        return None
    if "\r" in text:
        if text.count("\r") != text.count("\r\n"):
            return None
        text = text.replace("\r\n", "\n")
    if not text.endswith("\n"):
        text += "\n"
    blank = "\n" + delimiter * (width - 1) + "\n"
    if text.startswith(("\n", blank[1:])) or "\n\n" in text or blank in text:
        return None
    rows = text.count("\n")
    flat = text.replace("\n", "\n" + delimiter).split(delimiter)
    flat.pop()
    if len(flat) != rows * width:
        return None
    last = "".join(flat[width - 1 :: width])
    if last.count("\n") != rows:
        return None
    flat[width - 1 :: width] = last[:-1].split("\n")
    return Cells(flat, width)


class Source:
    """The text of a CSV as lines for the csv module, a piece at a time; a whole piece can be taken instead."""

    def __init__(self, text: io.TextIOWrapper, ends: bool = True) -> None:
        """ends: lines end with a line feed; else they are cut as Python cuts a text, one by one."""
        self.text, self.ends = text, ends
        self.given = 0
        self.ahead: str | None = None
        self.pieces = pieces(text) if ends else iter(())

    def __iter__(self) -> Iterator[str]:
        if not self.ends:
            yield from self.text
            return
        while (piece := self.peek()) is not None:
            self.ahead = None
            lines = lines_in(piece)
            self.given += len(lines)
            yield from lines

    def peek(self) -> str | None:
        """The next piece that was not taken; None at the end."""
        if self.ahead is None:
            self.ahead = next(self.pieces, None)
        return self.ahead


class Lines:
    """Rows out of a CSV reader, and the physical lines they came from: a row of several is looked at before it passes."""

    def __init__(self, source: Source, name: str, delimiter: str, told: str = "") -> None:
        self.source = source
        self.cut = told or delimiter
        self.reader = csv.reader(source, delimiter=self.cut, strict=True)
        self.name, self.delimiter = name, delimiter
        self.taken = self.cells = self.plain = 0

    @property
    def lines(self) -> int:
        """Physical lines read so far."""
        return self.reader.line_num + self.plain

    def blocks(self, size: int, width: int) -> Iterator[Sequence[list[str]]]:
        """The rows that are left: a plain piece at once (`plain_cells`), everything else through the csv module."""
        while True:
            waiting = self.source.given - self.reader.line_num
            if waiting <= 0:
                if (cells := self.piece(width)) is not None:
                    yield cells
                    continue
                waiting = (self.source.ahead or "").count("\n")
            if block := self.take(min(size, waiting) if waiting > 0 else size):  # stop where the piece does
                yield block
            else:
                return

    def piece(self, width: int) -> Cells | None:
        with self.told():
            text = self.source.peek()
        cells = None if text is None else plain_cells(text, self.cut, width)
        if cells is None or self.cells + len(cells.flat) > MAX_CELLS or width > MAX_COLUMNS:
            return None
        self.source.ahead = None
        self.plain += len(cells)
        self.taken += len(cells)
        self.cells += len(cells.flat)
        return cells

    @contextmanager
    def told(self) -> Iterator[None]:
        """What a text says that is none, as a refusal."""
        try:
            yield
        except UnicodeDecodeError as error:
            byte = f"0x{error.object[error.start]:02x}"
            raise WrongEncoding(file=self.name, byte=byte, place=error.start) from None
        except UnicodeError as error:
            raise UnreadableFile(file=self.name, why=str(error)[:120]) from None

    def take(self, size: int) -> list[list[str]]:
        """The next rows, with the reader's own errors turned into refusals."""
        before = self.reader.line_num
        block: list[list[str]] = []
        try:
            with self.told():
                while (held := len(block)) < size:  # what was read stays in `block` when the next row fails
                    block.extend(islice(self.reader, min(STEP, size - held)))
                    if len(block) == held:
                        break
                    self.measure(block, held)
        except csv.Error as error:
            raise self.broken(block, before, str(error)) from None
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
    source = Source(text, ends=b"\r" not in sample.replace(b"\r\n", b""))
    return Text(encoding, delimiter, Lines(source, name, delimiter), asked == "auto" and encoding == "cp1252")


CUTS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
"""Signs at which Python cuts a text into lines, and nobody else does."""
PIECE = 1 << 16
"""Characters read at once: a few hundred lines, whose cells stay in the processor's cache."""


def pieces(text: io.TextIOWrapper) -> Iterator[str]:
    """Whole lines of a text, some at a time. A lone carriage return ends none.

    A line longer than a piece waits in parts: joined at each piece, a bomb without a line end took half a minute.
    """
    parts: list[str] = []
    while chunk := text.read(PIECE):
        whole, end, left = chunk.rpartition("\n")
        if end:
            yield "".join((*parts, whole, end))
            parts = [left] if left else []
        else:
            parts.append(chunk)
    if parts:
        yield "".join(parts)


def lines_in(whole: str) -> list[str]:
    if not any(sign in whole for sign in CUTS) and whole.count("\r") == whole.count("\r\n"):
        return whole.splitlines(keepends=True)
    *lines, rest = whole.split("\n")
    return [line + "\n" for line in lines] + ([rest] if rest else [])


def known_encoding(name: str) -> bool:
    """True for the name of an encoding of text."""
    try:
        "a".encode(name)
        return codecs.lookup(name)._is_text_encoding
    except (LookupError, UnicodeError, ValueError):
        return False


UTF8_LETTER = re.compile(rb"\xc3[\x80-\xbf]")
"""An accented letter in UTF-8, that nobody writes in Windows-1252 (Ã©): with an invalid byte, two encodings in one file."""


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
    if not control and not UTF8_LETTER.search(sample):
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
