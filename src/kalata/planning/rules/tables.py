"""A table in text: the one reader of every CSV of this room. What is not one is refused with its row, in the words of its kind."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kalata.inert import bare
from kalata.planning.rules.faults import AnotherForm
from kalata.text import Message
from kalata.text import gettext_noop as _

MOST_BYTES = 16 << 20
MOST_ACTIVITIES = 10_000
MOST_COLUMNS = 200
MOST_CELL = 4_000
NEEDED = ("id", "dur_likely", "dur_unit")
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def decoded(data: bytes, **said: object) -> str:
    """The text of a file in UTF-8, its mark of order taken off. said: what the refusal names beside (its file)."""
    if len(data) > MOST_BYTES:
        raise AnotherForm(why=Message(_("plus de %(n)d Mio"), {"n": MOST_BYTES >> 20}), **said)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        row = data[: problem.start].count(b"\n") + 1
        raise AnotherForm(why=_("il n’est pas en UTF-8"), row=row, **said) from None


def is_xml(path: str, data: bytes) -> bool:
    return path.lower().endswith(".xml") or data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


Table = tuple[tuple[str, ...], list[tuple[int, dict[str, str]]]]


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of table: the columns it must have, the refusal of what has another form (with what that one says beside), its limits."""

    needed: tuple[str, ...] = NEEDED
    refused: type[AnotherForm] = AnotherForm
    most: int = MOST_ACTIVITIES
    too_many: str = _("plus de %(n)d {n:activité|activités}")
    empty: str = _("il n’a aucune activité")
    """"" where a table without rows is one."""
    most_bytes: int = MOST_BYTES
    said: Mapping[str, object] = field(default_factory=dict)

    def fault(self, why: object, **more: object) -> AnotherForm:
        return self.refused(why=why, **self.said, **more)


PLAN = Form()
ROWS = _("plus de %(n)d {n:ligne|lignes}")


def table_of(text: str, form: Form = PLAN) -> Table:
    """The columns, and each row that holds something: its number and its cells by column. The one reader of every CSV of this room:
    what our own files disarmed (`kalata.inert`) is as it was."""
    if len(text) > form.most_bytes:
        raise form.fault(Message(_("plus de %(n)d Mio"), {"n": form.most_bytes >> 20}))
    text = text.removeprefix("\ufeff")
    looks = text.lstrip()[:200].lower()
    if looks.startswith(("<?xml", "<", "ermhdr")) or text[:2] == "PK":
        raise form.fault(_("ce n’est pas un CSV"))
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    header: tuple[str, ...] = ()
    rows: list[tuple[int, dict[str, str]]] = []
    blanks: list[str] = []
    for row, cells in numbered(lines, form):
        if not any(c.strip() for c in cells):
            continue
        for cell in cells:
            if len(cell) > MOST_CELL or UNSEEN.search(cell):
                raise form.fault(_("une case a un caractère invisible ou est trop longue"), row=row)
        if not header:
            header = header_of(cells, row, form)
            blanks = [""] * len(header)
            continue
        if any(cells[len(header) :]):
            raise form.fault(Message(_("la ligne %(n)d a plus de cases que le titre"), {"n": row}), row=row)
        if len(rows) == form.most:
            raise form.fault(Message(form.too_many, {"n": form.most}), row=row)
        rows.append((row, dict(zip(header, [*map(bare, cells), *blanks][: len(header)], strict=True))))
    if not header and not form.empty:
        raise form.fault(Message(_("il manque la colonne %(names)s"), {"names": ", ".join(form.needed)}), row=1, field=form.needed[0])  # fmt: skip
    if not rows and form.empty:
        raise form.fault(form.empty, row=1)
    return header, rows


def numbered(lines: Iterator[list[str]], form: Form) -> Iterator[tuple[int, list[str]]]:
    row = 0
    try:
        for cells in lines:
            row += 1
            yield row, cells
    except csv.Error:
        raise form.fault(Message(_("un guillemet reste ouvert ligne %(n)d"), {"n": row + 1}), row=row + 1) from None


def delimiter_of(text: str) -> str:
    """The sign between the columns, from the heading: comma, else semicolon or tab where those part it."""
    first = re.split("\r\n|\r|\n", text.lstrip("\r\n"), maxsplit=1)[0]
    return max(",;\t", key=lambda sign: (first.count(sign), sign == ","))


def header_of(cells: list[str], row: int, form: Form) -> tuple[str, ...]:
    header = tuple(c.strip() for c in cells)
    while header and not header[-1]:
        header = header[:-1]
    missing = [c for c in form.needed if c not in header]
    if missing:
        why = Message(_("il manque la colonne %(names)s"), {"names": ", ".join(missing)})
        raise form.fault(why, row=row, field=missing[0])
    twice = next((c for c in header if header.count(c) > 1), None)
    if twice is not None or len(header) > MOST_COLUMNS:
        raise form.fault(Message(_("la colonne « %(name)s » est donnée deux fois"), {"name": twice or "…"}), row=row, field=twice or "")  # fmt: skip
    return header
