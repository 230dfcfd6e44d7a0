"""Files of questions on disk: bounded, a workbook read in a child, the whole file written or none. Pure."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from kalata import bounded
from kalata.text import gettext_noop as _
from kalata.training.rules.quiz import exchange
from kalata.training.rules.quiz.faults import BadQuestion, Lost, NoFile
from kalata.training.rules.quiz.question import Question

PAGE = Path(__file__).parent / "rules" / "quiz" / "scorm_page.html"
MOST_ROWS, MOST_COLUMNS = 20_000, 700


def bytes_of(path: str, most: int = exchange.MOST) -> bytes:
    """The bytes of a file (- for standard input), one more than allowed where it is larger. TRN-306."""
    try:
        if path == "-":
            return sys.stdin.buffer.read(most + 1)
        with Path(path).open("rb") as file:
            return file.read(most + 1)
    except (OSError, ValueError) as problem:
        raise NoFile(file=path, why=getattr(problem, "strerror", None) or str(problem)) from None


def read(path: str) -> tuple[list[Question], list[Lost]]:
    data = bytes_of(path)
    return exchange.read(path, data, lambda: rows_of_workbook(path))


def rows_of_workbook(path: str) -> list[dict[str, str]]:
    found = bounded.call("kalata.training.question_files:workbook_rows", file=Path(path).name, path=str(Path(path).resolve()))  # fmt: skip
    return [dict(row) for row in found]


def workbook_rows(path: str) -> list[dict[str, str]]:
    """The rows of the first sheet by column, each cell as text; a formula is not one. Called in the bounded child."""
    from openpyxl import load_workbook

    name = Path(path).name
    try:
        sheet = load_workbook(path, read_only=True, data_only=False, keep_links=False).worksheets[0]
    except Exception:
        raise NoFile(file=name, why=_("ce n’est pas un classeur XLSX lisible")) from None
    out: list[dict[str, str]] = []
    head: list[str] = []
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
        if number > MOST_ROWS:
            raise NoFile(file=name, why=_("trop de lignes"))
        if any(cell.data_type == "f" for cell in row):
            raise BadQuestion(file=name, field=str(number), why=_("une formule est là où un texte est attendu"))
        cells = [text_of(cell.value) for cell in row]
        if not head:
            head = cells
        elif any(cells):
            out.append({key: value for key, value in zip(head, cells, strict=False) if key})
    for key in ("id", "kind", "text"):
        if key not in head:
            raise BadQuestion(file=name, field=key, why=_("colonne absente"))
    return out


def text_of(value: object) -> str:
    """A cell as a person sees it: 1 and not 1.0, true and not True."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def keep(out: str, data: bytes) -> None:
    """The whole file or none. TRN-306."""
    place = Path(out)
    try:
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(place)
    except OSError as problem:
        raise NoFile(file=out, why=problem.strerror or str(problem)) from None
