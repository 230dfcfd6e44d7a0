"""A workbook as a plan: the columns by their names, numbers as they were written, and no formula where a value must stand.

openpyxl reads the file twice, for its values and for its formulas; other people's files are read in a bounded child.
"""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from kalata.planning.rules.exchange.faults import NoValue, TypedFormula
from kalata.planning.rules.exchange.sheets import COMPUTED, SHEET
from kalata.planning.rules.faults import AnotherForm
from kalata.text import gettext_noop as _

MOST_ROWS, MOST_COLUMNS = 50_000, 200
MOST_UNPACKED = 200 << 20
NEEDED = ("id", "dur_likely", "dur_unit")


def table(data: bytes) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """The columns and the rows that hold something, computed columns left out.

    Raises: PLN-108, PLN-131, PLN-132.
    """
    values, formulas = opened(data, values=True), opened(data, values=False)
    name = SHEET if SHEET in values.sheetnames else values.sheetnames[0]
    shown, written = values[name], formulas[name]
    if (shown.max_row or 0) > MOST_ROWS + 1 or (shown.max_column or 0) > MOST_COLUMNS:
        raise AnotherForm(why=_("il a plus de lignes ou de colonnes qu’un plan"))
    rows = zip(shown.iter_rows(), written.iter_rows(), strict=False)
    header = headings(next(rows, ((), ()))[0])
    found = []
    for number, (cells, sources) in enumerate(rows, 2):
        row = {}
        for at, heading in header.items():
            if at < len(cells):
                row[heading] = said(number, heading, cells[at].value, sources[at])
        if any(row.values()):
            found.append((number, row))
    if not found:
        raise AnotherForm(why=_("il n’a aucune activité"), row=1)
    return list(header.values()), found


def opened(data: bytes, *, values: bool) -> Any:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise AnotherForm(why=_("il a plus de lignes ou de colonnes qu’un plan"))
        return load_workbook(io.BytesIO(data), data_only=values, keep_links=False)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, OSError):
        raise AnotherForm(why=_("ce n’est pas un classeur XLSX lisible")) from None


def headings(cells: Any) -> dict[int, str]:
    """Place -> column, the computed ones left out."""
    found = {at: str(cell.value).strip() for at, cell in enumerate(cells) if cell.value not in (None, "")}
    for name in NEEDED:
        if name not in found.values():
            raise AnotherForm(why=_("il n’a pas les colonnes id, dur_likely et dur_unit"), row=1, field=name)
    names = list(found.values())
    if len(set(names)) < len(names):
        twice = next(n for n in names if names.count(n) > 1)
        raise AnotherForm(why=_("une colonne est donnée deux fois"), row=1, field=twice)
    return {at: name for at, name in found.items() if name not in COMPUTED}


def said(row: int, field: str, value: object, source: Any) -> str:
    """A cell as text; refused where it holds a formula nobody computes."""
    if source.data_type == "f":
        if value is None or (isinstance(value, str) and value.startswith("#")):
            formula = getattr(source.value, "text", source.value)
            raise NoValue(row=row, field=field, value=str(formula)[:60])
    elif isinstance(value, str) and value.lstrip().startswith("=") and len(value.strip()) > 1:
        raise TypedFormula(row=row, field=f"{field} ({get_column_letter(source.column)})", value=value[:60])
    return as_text(value)


def as_text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(int(value))
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case _:
            return str(value)


def rows(path: str) -> dict[str, Any]:
    """The same as plain values, for a bounded child."""
    with open(path, "rb") as file:
        header, found = table(file.read())
    return {"header": header, "rows": [[n, row] for n, row in found]}


def each(found: dict[str, Any]) -> Iterator[tuple[int, dict[str, str]]]:
    with contextlib.suppress(KeyError):
        for number, row in found["rows"]:
            yield int(number), {str(k): str(v) for k, v in row.items()}
