"""From one form of questions to another, by the names of the files. What a form cannot hold is found by reading again what was written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from kalata import plain
from kalata.refusals import Refused
from kalata.text import gettext_noop as _
from kalata.training.rules.quiz import gift, moodle, qti, scorm, tables
from kalata.training.rules.quiz.faults import BadArchive, BadGift, Lost, NoFile, NoForm, lost
from kalata.training.rules.quiz.question import Question, as_json, of_json, record

MOST = 16 << 20
READ = (".json", ".gift", ".xml", ".csv", ".xlsx")
WRITTEN = (*READ, ".scorm.zip", ".qti.zip")
NAMES = {".json": "JSON", ".gift": "GIFT", ".xml": "Moodle XML", ".csv": "CSV", ".xlsx": "XLSX", ".scorm.zip": "SCORM 1.2", ".qti.zip": "QTI 2.1"}  # fmt: skip
OUT_SAYS = _("écrite")
Rows = Callable[[], list[dict[str, str]]]


def form_of(path: str, forms: Sequence[str], what: str) -> str:
    """The form that a file's name says. TRN-304 where it says none of these."""
    found = next((one for one in sorted(forms, key=len, reverse=True) if path.lower().endswith(one)), "")
    if not found:
        raise NoForm(file=path, what=what)
    return found


def read(path: str, data: bytes, rows: Rows) -> tuple[list[Question], list[Lost]]:
    """(the questions of a file, those that could not be read). rows: those of a workbook, read elsewhere.

    Raises: TRN-301 to TRN-306, EDG-105, EDG-106.
    """
    if path.lower().endswith(".zip"):
        raise BadArchive(file=path, what="zip")
    form = form_of(path, READ, _("lue"))
    if len(data) > MOST:
        raise NoFile(file=path, why=_("plus de 16 Mio"))
    if data[:2] == b"PK" and form != ".xlsx":
        raise BadArchive(file=path, what="zip")
    if form == ".json":
        return of_json(plain.json_of(data, file=path, most=MOST), path), []
    if form == ".xml":
        return moodle.read(data, path)
    if form == ".gift":
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as problem:
            raise BadGift(file=path, row=data[: problem.start].count(b"\n") + 1, why=_("il n’est pas en UTF-8")) from None  # fmt: skip
        if found := plain.hidden(text, lines=True):
            raise BadGift(file=path, row=1, why=found)
        return gift.read(text, path), []
    if form == ".csv":
        return tables.read(
            plain.rows_of(data, file=path, most=MOST, needed=tables.HEAD[:6], most_columns=400), path
        ), []
    return tables.read(rows(), path), []


def written(path: str, questions: Sequence[Question], *, title: str, lang: str, page: str) -> tuple[bytes, list[Lost]]:
    """(the bytes in the form of the name, what is lost there): where anything is lost the bytes are not to be kept."""
    form = form_of(path, WRITTEN, OUT_SAYS)
    kinds = {".gift": scorm.KINDS, ".csv": tables.SIMPLE, ".xlsx": tables.SIMPLE, ".scorm.zip": scorm.KINDS, ".qti.zip": qti.KINDS}.get(form)  # fmt: skip
    missing = [lost("kind_not_held", q.id, NAMES[form], q.kind) for q in questions if kinds and q.kind not in kinds]
    if missing:
        return b"", missing
    if form == ".json":
        return (json.dumps(as_json(questions), ensure_ascii=False, indent=1) + "\n").encode(), []
    if form in TEXTS:
        write, again = TEXTS[form]
        return write(questions).encode(), apart(questions, lambda some: again(write(some), path), form)
    if form == ".xlsx":
        return workbook(tables.rows(questions)), apart(questions, lambda some: by_rows(tables.rows(some), path), form)
    if form == ".qti.zip":
        return qti.package(questions, title, lang), []
    return scorm.package(questions, title, lang, page), []


Texts = Mapping[str, tuple[Callable[[Sequence[Question]], str], Callable[[str, str], list[Question]]]]
TEXTS: Texts = {
    ".gift": (gift.written, gift.read),
    ".xml": (moodle.written, lambda text, path: moodle.read(text.encode(), path)[0]),
    ".csv": (tables.as_csv, lambda text, path: tables.read(plain.rows_of(text.encode(), file=path, most=2 * MOST, most_columns=1_000), path)),
}  # fmt: skip
"""How a form that is a text is written, and read again."""


def by_rows(table: list[list[str]], path: str) -> list[Question]:
    return tables.read([dict(zip(table[0], row, strict=True)) for row in table[1:]], path)


def apart(
    questions: Sequence[Question], again: Callable[[Sequence[Question]], list[Question]], form: str
) -> list[Lost]:
    """Questions that do not come back as they were; where one spoils the reading of all, each is tried alone."""
    try:
        found = again(questions)
        what = f"{len(found)} / {len(questions)}"
    except Refused as refused:
        found, what = [], refused.code
    if len(found) == len(questions):
        return [
            lost("not_held", a.id, NAMES[form], first_key(a, b))
            for a, b in zip(questions, found, strict=True)
            if a != b
        ]
    if len(questions) > 1 and (some := [one for q in questions for one in apart([q], again, form)]):
        return some
    return [lost("not_held", questions[0].id if len(questions) == 1 else "–", NAMES[form], what)]


def first_key(a: Question, b: Question) -> str:
    """The first key in which two questions differ."""
    one, other = record(a), record(b)
    return next((k for k in one if one[k] != other.get(k)), next((k for k in other if k not in one), "moodle"))


def workbook(table: Sequence[Sequence[str]]) -> bytes:
    """The rows as a workbook of texts: nothing in it is computed."""
    import io
    from datetime import datetime

    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})  # fmt: skip
    book.set_properties({"created": datetime(2000, 1, 1)})
    sheet = book.add_worksheet("questions")
    for r, row in enumerate(table):
        for c, cell in enumerate(row):
            if cell:
                sheet.write_string(r, c, cell)
    book.close()
    return out.getvalue()
