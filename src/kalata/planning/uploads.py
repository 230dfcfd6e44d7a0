"""Files of others as plans: what each is, read in a bounded child where it is not plain text; nothing is kept."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kalata import bounded
from kalata.planning import budget_book
from kalata.planning.rules.book_reading import Table
from kalata.planning.rules.exchange import sheets_in
from kalata.planning.rules.exchange.lost import Lost
from kalata.planning.rules.faults import AnotherForm
from kalata.planning.rules.tables import decoded, is_xml, table_of
from kalata.text import Message, translate
from kalata.text import gettext_noop as _

READ = (".csv", ".xml", ".xlsx")
Rows = tuple[list[str], list[tuple[int, dict[str, str]]]]


def kind_of(path: str, data: bytes) -> str:
    """What a file is, by its name and by what it begins with."""
    suffix = Path(path).suffix.lower()
    if data[:2] == b"PK":
        return ".xlsx"
    if is_xml(path, data) or data.lstrip()[:6] == b"ERMHDR":
        return ".xml"
    if suffix in {"", ".csv", ".txt"} or path == "-":
        return ".csv"
    if suffix in READ:
        return suffix
    raise AnotherForm(why=Message(_("on ne lit pas les fichiers « %(kind)s »"), {"kind": suffix}), file=path)


def in_child(task: str, path: str, data: bytes, **more: Any) -> Any:
    handle, name = tempfile.mkstemp(suffix=Path(path).suffix)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        return bounded.call(f"kalata.planning.rules.exchange.{task}", file=Path(path).name, path=name, **more)
    finally:
        Path(name).unlink()


def from_workbook(path: str, data: bytes) -> Rows:
    """The table of a workbook."""
    found = in_child("sheets_in:rows", path, data)
    return list(found["header"]), list(sheets_in.each(found))


def plan_rows(path: str, data: bytes) -> tuple[Rows, list[Lost]]:
    """The columns and rows of a plan file of any kind, and what of it a plan cannot hold.

    Raises: PLN-101 to PLN-110, PLN-131, PLN-132, EDG-102, EDG-103.
    """
    kind = kind_of(path, data)
    if kind == ".xml":
        found = in_child("msp_in:rows", path, data)
        return (list(found["header"]), list(sheets_in.each(found))), [(a, b) for a, b in found["lost"]]
    if kind == ".xlsx":
        return from_workbook(path, data), []
    header, rows = table_of(decoded(data))
    return (list(header), rows), []


def budget_rows(path: str, data: bytes) -> dict[str, Table]:
    """The rows of the budget workbook of the house, in either language. Raises: as `plan_rows`."""
    if kind_of(path, data) != ".xlsx":
        raise AnotherForm(why=_("ce n’est pas un classeur XLSX lisible"))
    said: Callable[[str, str], str] = translate
    heads = {
        lang: [
            [said(budget_book.DRIVERS, lang), *(said(w, lang) for w in budget_book.DRIVER_HEAD)],
            [said(budget_book.LINES, lang), *(said(w, lang) for w in budget_book.LINE_HEAD)],
        ]
        for lang in ("fr", "en")
    }
    found = in_child("book_in:rows", path, data, heads=heads)
    return {key: [(int(n), [(str(text), bool(typed)) for text, typed in cells]) for n, cells in found[key]] for key in ("drivers", "lines")}  # fmt: skip
