"""The budget workbook of the house, read again in a bounded child: what each cell holds now, and whether a hand typed it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl.utils import get_column_letter

from kalata.planning.rules.exchange.sheets_in import MOST_COLUMNS, MOST_ROWS, opened, said
from kalata.planning.rules.faults import AnotherForm
from kalata.text import gettext_noop as _

Heads = Mapping[str, Sequence[Sequence[str]]]
"""language -> (the sheet of drivers and its headings, that of lines and its headings)."""
NOT_OURS = _("ce n’est pas le classeur de budget que la maison écrit")


def language(book: Any, heads: Heads) -> str:
    """The language it was written in: both sheets are there, each under its own headings."""
    for lang, sheets in heads.items():
        if all(name in book.sheetnames and headed(book[name], words) for name, *words in sheets):
            return lang
    raise AnotherForm(why=NOT_OURS)


def headed(sheet: Any, words: Sequence[str]) -> bool:
    first = next(sheet.iter_rows(min_row=1, max_row=1, max_col=len(words)), ())
    return [str(cell.value or "").strip() for cell in first] == list(words)


def rows(path: str, heads: Heads) -> dict[str, Any]:
    """Each row of drivers and of lines as (number, cells); a cell is (text, typed): False where a formula gave it.

    Raises: PLN-108 another workbook, PLN-131 and PLN-132 with row and column.
    """
    with open(path, "rb") as file:
        data = file.read()
    values, formulas = opened(data, values=True), opened(data, values=False)
    lang = language(values, heads)
    found = {}
    for key, (name, *words) in zip(("drivers", "lines"), heads[lang], strict=True):
        found[key] = table(values[name], formulas[name], words)
    return found


def table(shown: Any, written: Any, words: Sequence[str]) -> list[Any]:
    if (shown.max_row or 0) > MOST_ROWS or (shown.max_column or 0) > MOST_COLUMNS:
        raise AnotherForm(why=_("il a plus de lignes ou de colonnes qu’un plan"))
    out: list[Any] = []
    pairs = zip(shown.iter_rows(max_col=len(words)), written.iter_rows(max_col=len(words)), strict=False)
    for number, (cells, sources) in enumerate(pairs, 1):
        if number == 1:
            continue
        row = [
            (said(number, f"{word} ({get_column_letter(at + 1)})", cell.value, source), source.data_type != "f")
            for at, (word, cell, source) in enumerate(zip(words, cells, sources, strict=False))
        ]
        if row[0][0] == "" or not any(text for text, _typed in row[3:5]):
            break  # the line of the rate, or the total: what is under it is computed
        out.append((number, row))
    return out
