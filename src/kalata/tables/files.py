"""Opening other people's files: CSV, CSV.gz, XLSX, Parquet, safely and without guessing aloud.

Everything comes out as text, row by row, with the number of the row in the file: the meaning
of a cell is decided by `rules.numbers`, never by a reader that "helps". Sizes are bounded
before anything is unpacked: a zip bomb or a file of a gigabyte is refused by its code. A workbook or a
Parquet is read by `flattened` in a bounded child (`kalata.bounded`), which leaves plain rows; a CSV is read
here, row by row, or there too where it came through a page (`apart`).
Encodings tried, in order: UTF-8 (with or without BOM), UTF-16 by its BOM, then Windows-1252
when the bytes are valid in it and hold no control character; anything else is refused.
Every row is read, passed over with its reason (`Opened.said`) or refused: titles and notes above the headings,
blank rows, rows swallowed by a quotation mark, sheets of a workbook.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from kalata import bounded
from kalata.tables.csv_files import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_FILE,
    MAX_RATIO,
    MAX_UNPACKED,
    Cells,
    Lines,
    Source,
    counted,
    csv_text,
)
from kalata.tables.file_faults import (
    DoubledColumn,
    EmptyFile,
    RaggedRow,
    TooLarge,
    TooManyCells,
    TooWide,
    UnreadableFile,
    WrongEncoding,
)
from kalata.tables.rules.folding import Said, quoted
from kalata.tables.rules.layout import SEARCHED, Layout, header_at, joined, named, repeated
from kalata.tables.workbooks import Facts, cell_text, workbook_rows
from kalata.text import Message
from kalata.text import gettext_noop as _

__all__ = [
    "MAX_CELLS", "MAX_COLUMNS", "MAX_FILE", "MAX_RATIO", "MAX_UNPACKED", "DoubledColumn", "EmptyFile", "Layout",
    "Opened", "RaggedRow", "TooLarge", "TooManyCells", "TooWide", "UnreadableFile", "WrongEncoding", "opened",
]  # fmt: skip


Blocks = Iterator[tuple[int, Sequence[list[str]]]]


@dataclass(slots=True)
class Account:
    """Where every physical line of a file went; complete once its rows were read."""

    lines: int = 0
    rows: int = 0
    header: int = 1
    before: int = 0
    blank: int = 0
    other: int = 0

    def record(self) -> dict[str, int]:
        """`inside`: lines that are the continuation of a cell of several lines."""
        inside = self.lines - self.rows - self.header - self.before - self.blank - self.other
        return {**asdict(self), "inside": inside}


@dataclass(slots=True)
class Opened:
    """A file opened for reading: its header, and its rows in blocks with their row numbers."""

    name: str
    header: list[str]
    blocks: Blocks
    encoding: str = ""
    delimiter: str = ""
    said: list[Said] = field(default_factory=list)
    facts: Facts = field(default_factory=Facts)
    account: Account = field(default_factory=Account)
    twice: list[str] = field(default_factory=list)  # headings that name two columns
    blanks: list[int] = field(default_factory=list)  # rows without anything in them, the first of them

    def place(self, row: int) -> tuple[str, int]:
        """(sheet, row in it) of a row of what was read; no sheet where there is only one."""
        if len(self.facts.read) < 2:
            return "", row
        rank = max(i for i, start in enumerate(self.facts.starts) if start <= max(row, 1))
        return self.facts.read[rank], row - self.facts.starts[rank] + 1 + self.facts.skips[rank]


def opened(
    path: Path | str, *, name: str = "", encoding: str = "auto", block: int = 1_500, apart: bool = False,
    layout: Layout | None = None,
) -> Opened:  # fmt: skip
    """The file at `path`, or a Refused (IMP-110 … IMP-121, EDG-102, EDG-103) that names it.

    apart: a CSV too is read in a bounded child, as every file that came through a page.
    layout: what is known of how the table lies in the file; the line of headings and the sheet are looked for with it.
    """
    path = Path(path)
    name = name or path.name
    layout = layout or Layout(encoding=encoding)
    kind = kind_of(path, name)
    facts = Facts()
    said: list[Said] = []
    if kind == "csv" and not apart:
        text = csv_text(path, name, layout.encoding, layout.separator)
        label, delimiter, rows = text.encoding, text.delimiter, text.rows
        guessed = text.guessed
    else:
        label, delimiter, rows, guessed, facts = flat_rows(path, name, layout)
    first = rows.take(SEARCHED + layout.header_rows)
    at = 1 if first and separator_line(first[0]) else 0
    at += header_at(first[at:], layout)
    if at >= len(first):
        raise EmptyFile(file=name)
    heading = joined(first[at : at + layout.header_rows])
    after = first[at + layout.header_rows :]
    if layout.groups:
        heading = repeated(heading, layout.groups, max(map(len, after), default=0))
    header, twice = named(heading)
    found = Opened(name, header, iter(()), label, delimiter, said, facts, twice=twice)
    found.account.before, found.account.header = at, layout.header_rows
    found.blocks = in_blocks(found, rows, after, layout, block)
    said += [*before_said(first[:at]), *sheets_said(facts)]
    if guessed:
        said.append(Said("encoding", Message(_("Le fichier n’est pas en UTF-8 : il est lu comme Windows-1252 (Europe de l’Ouest). Vérifiez les accents des noms, ou dites l’encodage dans le profil."))))  # fmt: skip
    return found


def separator_line(row: list[str]) -> bool:
    """The line by which a spreadsheet is told the separator (sep=;)."""
    return row[0].strip().lower() in ("sep=", "sep") and not any(c.strip() for c in row[1:])


def before_said(rows: list[list[str]]) -> list[Said]:
    """Titles and notes above the line of headings, as they stand."""
    full = [(i, next(c for c in row if c.strip())) for i, row in enumerate(rows, 1) if any(c.strip() for c in row)]
    if not rows:
        return []
    what = {"n": len(rows), "row": len(rows) + 1, "what": quoted(text for _i, text in full) or "–"}
    return [Said("before", Message(_("Les titres des colonnes sont à la ligne %(row)d ; %(n)d {n:ligne au-dessus n’est pas une donnée|lignes au-dessus ne sont pas des données} : %(what)s."), what), tuple(i for i, _t in full))]  # fmt: skip


def sheets_said(facts: Facts) -> list[Said]:
    out = []
    if facts.left or len(facts.read) > 1:
        what = {"read": quoted(facts.read), "left": quoted(facts.left) or "–"}
        out.append(Said("sheet", Message(_("Feuilles lues : %(read)s. Feuilles laissées de côté : %(left)s."), what)))
    if facts.hidden:
        hidden = {"n": len(facts.hidden), "row": facts.hidden[0]}
        out.append(Said("hidden", Message(_("%(n)d {n:ligne est masquée|lignes sont masquées} dans le classeur (la première : %(row)d) ; {n:elle est lue|elles sont lues} comme les autres."), hidden), tuple(facts.hidden)))  # fmt: skip
    if facts.formulas and facts.stale:
        out.append(Said("formula", Message(_("%(n)d {n:cellule est une formule|cellules sont des formules} : la valeur gardée dans le classeur est lue, et le logiciel qui l’a écrit ne l’avait pas recalculée."), {"n": facts.formulas})))  # fmt: skip
    return out


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


def flattened(path: str, name: str, layout: dict[str, object], target: str) -> dict[str, object]:
    """Run in a bounded child: the rows of a file of others as plain CSV in `target`, and what they do not tell."""
    form, facts, guessed = Layout.of(layout), Facts(), False
    kind = kind_of(Path(path), name)
    if kind == "csv":
        text = csv_text(Path(path), name, form.encoding, form.separator)
        label, delimiter, guessed, lines = text.encoding, text.delimiter, text.guessed, text.rows
        blocks = iter(lambda: lines.take(2_000), [])
    else:
        label, delimiter = kind, ""
        rows = counted(workbook_rows(Path(path), name, form, facts) if kind == "xlsx" else parquet_rows(Path(path), name), name)  # fmt: skip
        blocks = ([row] for row in rows)
    with open(target, "w", encoding="utf-8", newline="", errors="replace") as out:
        write = csv.writer(out)
        for block in blocks:
            write.writerows(block)
    return {"label": label, "delimiter": delimiter, "guessed": guessed, "facts": asdict(facts)}


READING = bounded.Limits(memory=208 * 2**20, output=MAX_UNPACKED)


def flat_rows(path: Path, name: str, layout: Layout) -> tuple[str, str, Lines, bool, Facts]:
    """What `flattened` left of a file, row by row; the plain rows go when the reader does."""
    with tempfile.NamedTemporaryFile(prefix="kalata-flat-") as flat:
        said = bounded.call(
            "kalata.tables.files:flattened", file=name, limits=READING, path=str(path), name=name,
            layout=layout.record(), target=flat.name,
        )  # fmt: skip
        text = open(flat.name, encoding="utf-8", newline="")  # noqa: SIM115  closed with its reader
    facts = Facts(**said["facts"])
    facts.odd = {kind: {int(c): rows for c, rows in found.items()} for kind, found in facts.odd.items()}
    facts.counts = {kind: {int(c): n for c, n in found.items()} for kind, found in facts.counts.items()}
    return said["label"], said["delimiter"], Lines(Source(text), name, said["delimiter"], ","), said["guessed"], facts


def in_blocks(found: Opened, rows: Lines, after: list[list[str]], layout: Layout, size: int) -> Blocks:
    """Blocks of rows as wide as the header; blank rows are passed over and counted, ragged ones refused."""
    width = len(found.header)
    number = found.account.before + layout.header_rows + 1
    account = found.account
    for start in range(0, len(after), size):
        yield from regular(found, after[start : start + size], number + start, width, layout)
    number += len(after)
    for block in rows.blocks(size, width):
        if isinstance(block, Cells) or (set(map(len, block)) == {width} and all(map(any, block))):
            account.rows += len(block)
            yield number, block
        else:
            yield from regular(found, block, number, width, layout)
        number += len(block)
    account.lines = rows.lines


def regular(found: Opened, block: Sequence[list[str]], number: int, width: int, layout: Layout) -> Blocks:
    """The runs of rows of this width in a block."""
    part: list[list[str]] = []
    start = number
    step = len(layout.groups)
    for offset, row in enumerate(block):
        if not any(cell and not cell.isspace() for cell in row):
            found.account.blank += 1
            if len(found.blanks) < 50:
                found.blanks.append(number + offset)
            if part:
                yield start, part
            part, start = [], number + offset + 1
            continue
        if len(row) < width and step and (width - len(row)) % step == 0:
            row = row + [""] * (width - len(row))
        if len(row) != width:
            raise RaggedRow(file=found.name, row=number + offset, got=len(row), want=width)
        found.account.rows += 1
        part.append(row)
    if part:
        yield start, part


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
