"""Rows of a CSV that somebody gives, each with its number: nothing guessed, nothing dropped without a word."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kalata.plain import hidden
from kalata.text import Message, nfc
from kalata.text import gettext_noop as _
from kalata.training.rules.faults import BadCell, NotATable, Repeated

MOST_ROWS = 1_000_000
LONGEST = 200
"""Characters of one cell."""
BREAKS = str.maketrans("", "", "\r\n\t")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WHOLE = re.compile(r"[0-9]{1,9}")
DECIMAL = re.compile(r"-?[0-9]{1,12}(?:[.,][0-9]{1,9})?")


@dataclass(frozen=True, slots=True)
class Table:
    """name: of the file, for refusals. rows: (its number, its cells) without the blank ones; `at`: column by title."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, list[str]], ...]

    @property
    def at(self) -> dict[str, int]:
        return {title: i for i, title in enumerate(self.header)}

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        for row, cells in self.rows:
            yield row, dict(zip(self.header, cells, strict=True))


def table_of(text: str, name: str, needed: Sequence[str]) -> Table:
    """The rows of a CSV, its cells trimmed and in one form of Unicode.

    Raises: TRN-101 without a column of `needed`, a title twice, an open quotation mark, a row of another length;
    TRN-102 for a cell too long or with a character that no screen shows.
    """
    form = ", ".join(needed)
    first = text.split("\n", 1)[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=separator, strict=True)
    header: tuple[str, ...] = ()
    rows: list[tuple[int, list[str]]] = []
    simple = text.isascii()
    spaced = not simple or " " in text or "\t" in text
    try:
        for number, cells in enumerate(reader, 1):
            if spaced:
                cells = [c.strip() for c in cells]
            if not any(cells):
                continue
            if not header:
                header = heading(cells, name, needed, number)
                continue
            if len(cells) != len(header):
                odd = Message(_("ligne %(row)d : %(got)d {got:colonne|colonnes} au lieu de %(want)d"), {"row": number, "got": len(cells), "want": len(header)})  # fmt: skip
                raise NotATable(file=name, row=number, why=odd, form=form)
            if len(rows) == MOST_ROWS:
                raise NotATable(file=name, row=number, why=Message(_("plus de %(n)d {n:ligne|lignes}"), {"n": MOST_ROWS}), form=form)  # fmt: skip
            rows.append((number, cells if simple else [nfc(c) for c in cells]))
    except csv.Error:
        why = Message(_("ligne %(row)d : un guillemet reste ouvert ou n’est pas doublé"), {"row": reader.line_num})
        raise NotATable(file=name, row=reader.line_num, why=why, form=form) from None
    if not header:
        raise NotATable(file=name, row=1, why=_("il est vide"), form=form)
    table = Table(name, header, tuple(rows))
    printable = simple and text.translate(BREAKS).isprintable()
    if not printable or max(map(len, text.split("\n"))) > LONGEST:
        looked_through(table, printable)
    return table


def table_of_rows(
    header: Sequence[str], rows: Iterable[tuple[int, list[str]]], name: str, needed: Sequence[str]
) -> Table:
    """The same of rows already parted, as a workbook gives them. Raises: TRN-101, TRN-102."""
    titles = heading([h.strip() for h in header], name, needed, 1)
    kept = [(number, [nfc(c.strip()) for c in cells]) for number, cells in rows if any(c.strip() for c in cells)]
    table = Table(name, titles, tuple(kept))
    looked_through(table, False)
    return table


def heading(cells: list[str], name: str, needed: Sequence[str], row: int) -> tuple[str, ...]:
    form = ", ".join(needed)
    titles = [nfc(c) for c in cells]
    twice = [t for i, t in enumerate(titles) if t and t in titles[:i]]
    if twice:
        raise NotATable(file=name, row=row, field=twice[0][:60], why=Message(_("la colonne « %(name)s » y est deux fois"), {"name": twice[0][:60]}), form=form)  # fmt: skip
    missing = [n for n in needed if n not in titles]
    if missing:
        raise NotATable(file=name, row=row, field=missing[0], why=Message(_("il manque la colonne %(names)s"), {"names": ", ".join(missing)}), form=form)  # fmt: skip
    return tuple(titles)


def looked_through(table: Table, printable: bool) -> None:
    for row, cells in table.rows:
        if printable and max(map(len, cells)) <= LONGEST:
            continue
        for i, cell in enumerate(cells):
            if len(cell) > LONGEST:
                raise BadCell(file=table.name, row=row, field=table.header[i], value=cell[:40] + "…", form=f"≤ {LONGEST}")  # fmt: skip
            if not printable and (odd := hidden(cell, lines=True)):
                raise BadCell(file=table.name, row=row, field=table.header[i], value=odd, form="ABC")


def bad(table: Table, row: int, field: str, value: str, form: str) -> BadCell:
    return BadCell(file=table.name, row=row, field=field, value=value[:60], form=form)


def code_in(table: Table, row: int, cells: Mapping[str, str], field: str, form: str) -> str:
    value = cells[field]
    if not value:
        raise bad(table, row, field, value, form)
    return value


def whole_in(table: Table, row: int, cells: Mapping[str, str], field: str, form: str) -> int:
    value = cells[field]
    if not WHOLE.fullmatch(value):
        raise bad(table, row, field, value, form)
    return int(value)


def decimal_in(table: Table, row: int, cells: Mapping[str, str], field: str, form: str) -> Fraction:
    value = cells[field]
    if not DECIMAL.fullmatch(value):
        raise bad(table, row, field, value, form)
    return Fraction(value.replace(",", "."))


def day_of(text: str) -> date | None:
    """A day written AAAA-MM-JJ; None for what is none."""
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        return None


def once(table: Table, seen: dict[object, int], key: object, row: int, field: str, value: str) -> None:
    """Keep the row of a key; TRN-103 where it was there already."""
    if key in seen:
        raise Repeated(file=table.name, row=row, first=seen[key], field=field, value=value[:60])
    seen[key] = row
