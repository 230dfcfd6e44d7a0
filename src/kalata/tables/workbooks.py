"""A workbook as rows of text: what a person sees in each cell, and what a plain reader would lose.

python-calamine gives the values; beside it the sheet's own text is read, row by row, for what it does not tell:
errors, formulas without a value, formats that pad a code with zeros, hidden rows. Run in a bounded child.
"""

from __future__ import annotations

import datetime
import html
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from kalata.refusals import Refused
from kalata.tables.csv_files import MAX_RATIO, MAX_UNPACKED
from kalata.tables.file_faults import EmptyFile, OtherSheet, TooLarge, UnreadableFile, WhichSheet
from kalata.tables.rules.folding import kept, same
from kalata.tables.rules.layout import ALL, SEARCHED, Layout, filled, header_at, holds, joined

MOST_ODD = 200
"""Odd cells of one kind and column that are named; beyond, they are counted."""
EXACT = 10**15
"""From here on a spreadsheet no longer holds every figure of a number."""
ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
FORMAT = re.compile(r"<(?:\w+:)?numFmt\s[^>]*>")
STYLES = re.compile(r"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
STYLE = re.compile(r"<(?:\w+:)?xf\s[^>]*>")
ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
ROW_END = re.compile(rb"</(?:\w+:)?row>")
CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(/?)>(.*?)(?=<(?:\w+:)?c[\s>/]|\Z)", re.DOTALL)
VALUE = re.compile(rb"<(?:\w+:)?(?:v|t)\b[^>]*>([^<]*)</")
PLACE = re.compile(rb'\br="([A-Z]{1,3})?([0-9]+)"')
NUMBER = re.compile(rb'\br="([0-9]+)"')
LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
PADDED = re.compile(r"[0#?\- /().]*")
CHUNK = 1 << 18


@dataclass(slots=True)
class Facts:
    """What must be known of a workbook beside its text. Rows are those of what was read, from 1."""

    odd: dict[str, dict[int, list[int]]] = field(default_factory=dict)  # kind -> column -> rows, the first of them
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=list)
    formulas: int = 0
    stale: bool = False  # the program that wrote the formulas left them to be computed by another
    read: list[str] = field(default_factory=list)  # sheets, in order
    starts: list[int] = field(default_factory=list)  # their first row in what was read
    skips: list[int] = field(default_factory=list)  # rows of theirs before that
    left: list[str] = field(default_factory=list)  # sheets with rows that were not read

    def note(self, kind: str, column: int, row: int) -> None:
        rows = self.odd.setdefault(kind, {}).setdefault(column, [])
        if len(rows) < MOST_ODD:
            rows.append(row)
        counts = self.counts.setdefault(kind, {})
        counts[column] = counts.get(column, 0) + 1


def attributes(tag: str) -> dict[str, str]:
    return {k.split(":")[-1]: html.unescape(v) for k, v in ATTRIBUTE.findall(tag.replace("'", '"'))}


def padding(code: str) -> str:
    """The format of a number, where it writes a code with its zeros (000, 00-000): "" otherwise."""
    first = code.split(";")[0]
    bare = LITERAL.sub("", first)
    return first if bare.count("0") >= 2 and "." not in bare and PADDED.fullmatch(bare) else ""


def as_displayed(number: int, code: str) -> str:
    """A whole number in such a format: 7 in 000 is 007, 12345 in 00-000 is 12-345."""
    signs: list[str] = []
    for part in re.findall(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|.', code):
        if part[0] == '"':
            signs.append(part[1:-1])
        elif part[0] == "\\":
            signs.append(part[1:])
        elif part[0] not in "_*[":
            signs.append(part)
    digits = str(number)
    holes = [i for i, s in enumerate(signs) if s in ("0", "#", "?")]
    for rank, i in enumerate(reversed(holes)):
        last = rank == len(holes) - 1
        digit = digits if last else digits[-1:]
        digits = "" if last else digits[:-1]
        signs[i] = digit or ("0" if signs[i] == "0" else "")
    return "".join(signs)


@dataclass(slots=True)
class Book:
    """The parts of a workbook that are read as text: where each sheet lies, which styles pad with zeros."""

    archive: zipfile.ZipFile
    parts: dict[str, str]
    pads: dict[bytes, str]  # style number -> format
    fractions: set[bytes]  # styles that write a number as a fraction
    stale: bool

    @classmethod
    def of(cls, archive: zipfile.ZipFile) -> Book:
        def text(name: str) -> str:
            try:
                with archive.open(name) as part:
                    return part.read(4 << 20).decode("utf-8", "replace")
            except KeyError:
                return ""

        workbook = text("xl/workbook.xml")
        targets = {a["Id"]: a.get("Target", "") for tag in RELATION.findall(text("xl/_rels/workbook.xml.rels")) if "Id" in (a := attributes(tag))}  # fmt: skip
        parts = {}
        for tag in SHEET.findall(workbook):
            found = attributes(tag)
            target = targets.get(found.get("id", ""), "")
            parts[found.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        styles = text("xl/styles.xml")
        codes = {a["numFmtId"]: a.get("formatCode", "") for tag in FORMAT.findall(styles) if "numFmtId" in (a := attributes(tag))}  # fmt: skip
        codes |= {"12": "# ?/?", "13": "# ??/??"}
        pads, fractions = {}, set()
        block = STYLES.search(styles)
        for rank, tag in enumerate(STYLE.findall(block.group()) if block else []):
            code = codes.get(attributes(tag).get("numFmtId", "0"), "")
            if pad := padding(code):
                pads[str(rank).encode()] = pad
            elif "/?" in code or "/#" in code:
                fractions.add(str(rank).encode())
        return cls(archive, parts, pads, fractions, 'fullCalcOnLoad="1"' in workbook)

    def oddities(self, sheet: str) -> Iterator[tuple[int, bool, dict[int, tuple[str, str]]]]:
        """(row from 0, hidden, column -> (kind, text)) of the rows of a sheet that have something to tell."""
        if self.parts.get(sheet, "") not in self.archive.namelist():
            return
        marks = [b't="e"', b"<f", b":f>", b":f "]
        marks += [b's="' + style + b'"' for style in (*self.pads, *self.fractions)]
        row = -1
        for piece in self.pieces(sheet):
            tags = list(ROW.finditer(piece))
            if not tags:
                continue
            head = tags[-1].group(1)
            said = NUMBER.search(head)
            row = int(said.group(1)) - 1 if said else row + len(tags)
            hidden = b'hidden="1"' in head or b'hidden="true"' in head
            found = self.cells(piece[tags[-1].end() :]) if any(m in piece for m in marks) else {}
            if hidden or found:
                yield row, hidden, found

    def pieces(self, sheet: str) -> Iterator[bytes]:
        """The text of a sheet cut after each row."""
        rest = b""
        with self.archive.open(self.parts[sheet]) as part:
            while chunk := part.read(CHUNK):
                rest += chunk.replace(b"'", b'"') if b"='" in chunk else chunk
                *whole, rest = ROW_END.split(rest)
                yield from whole

    def cells(self, row: bytes) -> dict[int, tuple[str, str]]:
        """column -> (error | formula | blank formula | padded | fraction, text) of one row."""
        out: dict[int, tuple[str, str]] = {}
        column = -1
        for tag, empty, inside in CELL.findall(row):
            place = PLACE.search(tag)
            column = column_of(place.group(1)) if place and place.group(1) else column + 1
            kinds = dict(ATTRIBUTE.findall(tag.decode("ascii", "replace")))
            value = VALUE.search(inside) if not empty else None
            style = kinds.get("s", "0").encode()
            formula = b"<f" in inside or b":f>" in inside or b":f " in inside
            if kinds.get("t") == "e":
                out[column] = ("error", value.group(1).decode("utf-8", "replace") if value else "#?")
            elif formula and (value is None or not value.group(1)) and kinds.get("t") != "str":
                out[column] = ("blank formula", "")
            elif style in self.pads and kinds.get("t", "n") == "n" and value is not None:
                out[column] = ("padded", self.pads[style])
            elif style in self.fractions and kinds.get("t", "n") == "n" and value is not None:
                out[column] = ("fraction", "")
            elif formula:
                out[column] = ("formula", "")
        return out


def column_of(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def column_name(place: int) -> str:
    """The letters of a column: 0 is A, 27 is AB."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_text(cell: object) -> str:
    """A spreadsheet cell as the text a person sees: 1453.0 is 1453, a fraction keeps its point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


DATES = (datetime.date, datetime.time, datetime.timedelta)


@dataclass(slots=True)
class Sheet:
    name: str
    visible: bool
    head: list[list[str]]
    sheet: Any


def workbook_rows(path: Path, name: str, layout: Layout, facts: Facts) -> Iterator[list[str]]:
    """The rows of the sheets that are read, one below the other; `facts` is filled on the way."""
    try:
        with zipfile.ZipFile(path) as archive:
            total = sum(item.file_size for item in archive.infolist())
            packed = max(path.stat().st_size, 1)
            if total > MAX_UNPACKED or (total > 50 * 2**20 and total > packed * MAX_RATIO):
                raise TooLarge(file=name, size=total // 2**20, limit=MAX_UNPACKED // 2**20)
            if "xl/workbook.xml" not in archive.namelist():
                raise UnreadableFile(file=name, why="archive zip qui n’est pas un classeur XLSX")
            from python_calamine import CalamineWorkbook

            book = Book.of(archive)
            sheets = chosen(CalamineWorkbook.from_path(str(path)), name, layout, facts)
            facts.stale = book.stale
            given = 0
            for rank, sheet in enumerate(sheets):
                skip = 0
                if rank:
                    skip = header_at(sheet.head, layout)
                    same_headings(sheets[0], sheet, layout, name)
                    skip += layout.header_rows
                facts.starts.append(given + 1)
                facts.skips.append(skip)
                for row in sheet_rows(sheet, book, skip, given, facts):
                    given += 1
                    yield row
    except (Refused, MemoryError):
        raise
    except Exception as error:
        raise UnreadableFile(file=name, why=f"classeur abîmé ({type(error).__name__})") from None


def chosen(book: Any, name: str, layout: Layout, facts: Facts) -> list[Sheet]:
    """The sheets to read: those the profile names, else the only one that holds the columns, else the fullest table."""
    shown = {m.name: str(m.visible).endswith(".Visible") for m in book.sheets_metadata}
    every = []
    only_one = len(book.sheet_names) == 1
    for title in book.sheet_names:
        sheet = book.get_sheet_by_name(title)
        head = [] if only_one else [[cell_text(c) for c in row] for row in islice(sheet.iter_rows(), SEARCHED)]
        every.append(Sheet(title, shown.get(title, True), head, sheet))
    if only_one:
        facts.read = [every[0].name]
        return every
    tables = [s for s in every if any(map(filled, s.head))]
    if not tables:
        raise EmptyFile(file=name)
    picked = picked_sheets(tables, name, layout)
    facts.read = [s.name for s in picked]
    facts.left = [s.name for s in tables if s not in picked]
    return picked


def picked_sheets(tables: list[Sheet], name: str, layout: Layout) -> list[Sheet]:
    if layout.sheets and layout.sheets != (ALL,):
        found = []
        for title in layout.sheets:
            one = [s for s in tables if s.name == title] or [s for s in tables if same(s.name) == same(title)]
            if len(one) != 1:
                raise WhichSheet(file=name, found=", ".join(s.name for s in tables))
            found.append(one[0])
        return found
    seen = [s for s in tables if s.visible] or tables
    if layout.columns:
        holding = [s for s in seen if any(holds(joined(s.head[i : i + layout.header_rows]), layout.columns) for i in range(len(s.head)))]  # fmt: skip
        if layout.sheets == (ALL,) and holding:
            return holding
        if len(holding) > 1:
            raise WhichSheet(file=name, found=", ".join(s.name for s in holding))
        if holding:
            return holding
    return [max(seen, key=lambda s: (s.sheet.total_height or 0) * max((filled(r) for r in s.head), default=0))]


def headings(sheet: Sheet, layout: Layout) -> list[str]:
    at = header_at(sheet.head, layout)
    return [kept(c) for c in joined(sheet.head[at : at + layout.header_rows])]


def same_headings(first: Sheet, other: Sheet, layout: Layout, name: str) -> None:
    one, two = headings(first, layout), headings(other, layout)
    while one and not one[-1]:
        one.pop()
    if one != two[: len(one)] or any(two[len(one) :]):
        differ = next((b or a for a, b in zip(one, two, strict=False) if a != b), "")
        raise OtherSheet(file=name, sheet=other.name, first=first.name, field=differ[:80])


def sheet_rows(sheet: Sheet, book: Book, skip: int, given: int, facts: Facts) -> Iterator[list[str]]:
    """The rows of one sheet from row `skip`; odd cells are noted by their row in what is read."""
    odd = book.oddities(sheet.name)
    waiting = next(odd, None)
    carried: dict[int, list[tuple[int, int, int]]] = {}
    for (top, left), (bottom, right) in sheet.sheet.merged_cell_ranges or []:
        for at in range(top, bottom + 1):
            carried[at] = [*carried.get(at, []), (top, left, right)]
    held: dict[tuple[int, int], str] = {}
    for number, cells in enumerate(sheet.sheet.iter_rows()):
        while waiting is not None and waiting[0] < number:
            waiting = next(odd, None)
        row = [cell_text(c) for c in cells]
        at = given + number - skip + 1
        wanted = number >= skip
        for column, cell in enumerate(cells):
            if isinstance(cell, DATES):
                if wanted:
                    facts.note("date", column, at)
            elif isinstance(cell, float) and (cell >= EXACT) and wanted:
                facts.note("digits", column, at)
        if waiting is not None and waiting[0] == number:
            apply(waiting, cells, row, at, facts, wanted)
        for top, left, right in carried.get(number, ()):
            if number == top:
                held[top, left] = row[left] if left < len(row) else ""
            for column in range(left, min(right + 1, len(row))):
                if (number, column) != (top, left) and held[top, left] and wanted:
                    row[column] = held[top, left]
                    facts.note("merged", column, at)
        if wanted:
            yield row


def apply(
    found: tuple[int, bool, dict[int, tuple[str, str]]],
    cells: list[object],
    row: list[str],
    at: int,
    facts: Facts,
    wanted: bool,
) -> None:
    _row, hidden, odd = found
    if hidden and wanted:
        facts.hidden.append(at)
    for column, (kind, text) in odd.items():
        if column >= len(row) or not wanted:
            continue
        value = cells[column]
        if kind == "padded":
            if isinstance(value, float) and value.is_integer() and 0 <= value < EXACT:
                row[column] = as_displayed(int(value), text)
        elif kind == "formula":
            facts.formulas += 1
        else:
            facts.note(kind, column, at)
            if kind == "error":
                row[column] = text
