"""A list as it goes out: its columns with what each one means, and the files made of its rows. No screen here.

One way for every list of the house: a column says its name in files, its heading, how its value is found and
what it means; CSV, XLSX and JSON come from the same columns, with where the rows come from and a dictionary.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from tempfile import SpooledTemporaryFile
from typing import Any

from kalata.inert import safe
from kalata.refusals import Refused
from kalata.text import Message, Named, decimal_string, translate
from kalata.text import gettext_noop as _

MOST_ROWS = 1_048_000
"""Rows of one sheet of a workbook, its header left apart."""
MOST_CELL = 32_767
CHUNK = 400
SPLITS = re.compile(r"[,;\"\s]+")
"""What would begin another cell, in one country or another."""


class TooLong(Refused):
    """More rows than a sheet of a workbook holds."""

    code = "LST-101"
    says = _("Cette liste a %(n)d {n:ligne|lignes} : une feuille de classeur en tient %(most)d.")
    remedy = _("Resserrez les filtres, ou prenez le CSV ou le JSON : ils n’ont pas de limite.")
    status = 422


class Kind(StrEnum):
    """What a column holds; it decides how a cell is drawn, written and told in the dictionary."""

    TEXT = "text"
    CODE = "code"
    COUNT = "integer"
    SHARE = "share"
    INSTANT = "instant"
    DAY = "date"
    STATE = "state"
    LINES = "texts"


KIND_LABELS = {
    Kind.TEXT: _("texte"), Kind.CODE: _("code"), Kind.COUNT: _("nombre entier ; vide : inconnu, jamais zéro"),
    Kind.SHARE: _("part, de 0 à 1"), Kind.INSTANT: _("instant, ISO 8601 avec son décalage"),
    Kind.DAY: _("jour, AAAA-MM-JJ"), Kind.STATE: _("état"), Kind.LINES: _("textes, séparés par une espace"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list, for the screen, the files and the dictionary.

    key: its name in files. label, means: French sentences of the catalogue. states: for a state, code -> (label,
    colour, icon). href: the page of a row. partial: a template that draws the cell. sort: the word that orders by
    it in an address; "" where nothing does.
    """

    key: str
    label: str
    value: Callable[[Any], Any]
    kind: Kind = Kind.TEXT
    means: str = ""
    sort: str = ""
    states: Mapping[Any, tuple[str, str, str]] = field(default_factory=dict)
    href: Callable[[Any], str] | None = None
    partial: str = ""
    shown: bool = True
    filed: bool = True


def plain(value: Any) -> Any:
    """A value as files hold it: None is an empty box, a share is exact to the fourth decimal, an instant bears its offset."""
    if isinstance(value, bool):
        return int(value)
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fraction):
        return decimal_string(value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, list | tuple | set | frozenset):
        return " ".join(str(plain(v)) for v in value)
    if isinstance(value, Message | Named):
        return value.text("fr")
    return str(value)


@dataclass(frozen=True, slots=True)
class Source:
    """Where the rows of a file come from: told before the rows, in words and values."""

    title: str
    lines: Sequence[tuple[str, str]]


def filed(columns: Iterable[Column]) -> list[Column]:
    return [c for c in columns if c.filed]


def cells(columns: Sequence[Column], row: Any) -> list[Any]:
    return [plain(c.value(row)) for c in columns]


def meaning(columns: Iterable[Column], lang: str) -> list[list[str]]:
    """(name, kind, explanation) of each column of a file."""
    return [
        [c.key, translate(KIND_LABELS[c.kind], lang), translate(c.means or c.label, lang)
         + (" : " + ", ".join(f"{k} = {translate(v[0], lang)}" for k, v in c.states.items()) if c.states else "")]
        for c in filed(columns)
    ]  # fmt: skip


def csv_of(
    header: Sequence[str], rows: Iterable[Iterable[Any]], before: Iterable[Sequence[str]] = ()
) -> Iterator[bytes]:
    """A CSV in pieces: what is said `before` it stands on lines that begin with #, as the web's rule for tables has it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    for name, value in before:  # one cell, never quoted: a quote before the sign would hide it from a reader
        buffer.write(" ".join(SPLITS.sub(" ", f"# {name} : {value}").split()) + "\r\n")
    writer.writerow([safe(h) for h in header])
    for count, row in enumerate(rows, 1):
        writer.writerow(["" if c is None else safe(c) for c in row])
        if count % CHUNK == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def csv_file(columns: Sequence[Column], rows: Iterable[Any], source: Source, lang: str) -> Iterator[bytes]:
    kept = filed(columns)
    said = [(translate(k, lang), v) for k, v in ((_("Liste"), source.title), *source.lines)]
    return csv_of([c.key for c in kept], (cells(kept, r) for r in rows), said)


def dictionary_file(columns: Sequence[Column], lang: str) -> Iterator[bytes]:
    return csv_of(["colonne", "type", "explication"], meaning(columns, lang))


def json_file(columns: Sequence[Column], rows: Iterable[Any], source: Source, lang: str) -> Iterator[bytes]:
    """The rows with their dictionary, in pieces. Values are as they are: no program takes JSON for a formula."""
    kept = filed(columns)
    head = {
        "title": source.title,
        "source": [{"name": translate(k, lang), "value": v} for k, v in source.lines],
        "columns": [{"key": k, "type": c.kind.value, "kind": t, "means": m} for c, (k, t, m) in zip(kept, meaning(columns, lang), strict=True)],
    }  # fmt: skip
    yield json.dumps(head, ensure_ascii=False)[:-1].encode() + b', "rows": ['
    for count, row in enumerate(rows):
        one = dict(zip((c.key for c in kept), cells(kept, row), strict=True))
        yield (b",\n" if count else b"\n") + json.dumps(one, ensure_ascii=False).encode()
    yield b"\n]}\n"


def workbook_file(
    columns: Sequence[Column], rows: Iterable[Any], source: Source, lang: str, made: datetime | None = None
) -> Iterator[bytes]:
    """A workbook: where the rows come from, the rows, the dictionary. Text is written as text, never as a formula.

    made: the instant it bears, so that the same rows give the same bytes; now, if not given.
    """
    import xlsxwriter

    kept = filed(columns)
    out: Any = SpooledTemporaryFile(max_size=8 * 2**20)  # noqa: SIM115  closed below
    plainly = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, plainly)
    if made:
        book.set_properties({"created": made})
    bold = book.add_format({"bold": True})
    told = [["Kalata", source.title], *([translate(k, lang), v] for k, v in source.lines)]
    for title, header, lines in (
        ("Kalata", [], iter(told)),
        (translate(_("Liste"), lang), [c.key for c in kept], (cells(kept, r) for r in rows)),
        (translate(_("Dictionnaire"), lang), ["colonne", "type", "explication"], iter(meaning(columns, lang))),
    ):  # fmt: skip
        sheet = book.add_worksheet(title)
        for j, text in enumerate(header):
            sheet.write_string(0, j, str(safe(text)), bold)
        for i, line in enumerate(lines, 1 if header else 0):
            for j, cell in enumerate(line):
                if isinstance(cell, int) and abs(cell) < 10**15:
                    sheet.write_number(i, j, cell)
                elif cell not in (None, ""):
                    sheet.write_string(i, j, str(safe(str(cell)))[:MOST_CELL])
    book.close()
    out.seek(0)
    with out:
        while chunk := out.read(1 << 16):
            yield chunk


TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "dictionnaire": "text/csv; charset=utf-8",
}


def file_of(form: str, columns: Sequence[Column], rows: Iterable[Any], source: Source, lang: str) -> Iterator[bytes]:
    if form == "dictionnaire":
        return dictionary_file(columns, lang)
    writer = {"csv": csv_file, "json": json_file, "xlsx": workbook_file}[form]
    return writer(columns, rows, source, lang)
