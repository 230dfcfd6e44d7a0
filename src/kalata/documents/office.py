"""The same head and provenance on a text to be worked on (.docx) and on a workbook (.xlsx), the same bytes each time.

Neither is an issued paper: each says that the PDF in the register decides.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import docx
import xlsxwriter
from django.utils import timezone
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from kalata.documents.rendering import Head, Paper, say_in, software
from kalata.documents.rules import content
from kalata.inert import safe
from kalata.text import gettext_noop as _
from kalata.text import long_date

Block = Mapping[str, Any]
OLD = (1980, 1, 1, 0, 0, 0)
NOT_THE_PAPER = _("Copie de travail. Seul le PDF inscrit au registre des documents fait foi.")


def provenance(head: Head, fingerprint: str, lang: str, at: datetime, reference: str = "") -> list[tuple[str, str]]:
    """Where a file comes from: (label, value), the same on every kind of file."""
    say = say_in(lang)
    here = timezone.localtime(at)
    rows = [
        (say(_("État")), head.country),
        (say(_("Institution")), head.body),
        (say(_("Document")), head.title),
        (say(_("Numéro")), head.number),
        (say(_("Objet")), head.about),
        (say(_("Mention")), head.exercise),
        (say(_("Référence au registre")), reference),
        (say(_("Fait le")), f"{long_date(here.date(), lang)}, {here:%H:%M}"),
        (say(_("Logiciel")), software()),
        (say(_("Empreinte du contenu")), fingerprint),
        (say(_("Valeur")), say(NOT_THE_PAPER)),
    ]
    return [(label, content.shown(value)) for label, value in rows if value]


# --- .docx ---------------------------------------------------------------------------------------
def text_of(paper: Paper, at: datetime, reference: str = "") -> bytes:
    """A paper made of blocks (`typst/blocks.typ`) as .docx. KeyError where it is not made of blocks."""
    said = paper.says()
    made = docx.Document()
    head = Head(**said["head"])
    core = made.core_properties
    core.title, core.author, core.language, core.comments = head.title, head.body, paper.lang, ""
    core.created = core.modified = at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    core.last_modified_by, core.revision = head.body, 1
    language(made, paper.lang)
    opening(made, head)
    for block in said["data"]["blocks"]:
        WRITERS[block["kind"]](made, block)
    made.add_heading(say_in(paper.lang)(_("Provenance")), 2)
    rows = provenance(head, content.digest(said), paper.lang, at, reference)
    table(made, {"heads": [], "rows": [list(r) for r in rows], "aligns": []})
    made.sections[0].footer.paragraphs[0].text = say_in(paper.lang)(NOT_THE_PAPER)
    out = io.BytesIO()
    made.save(out)
    return settled(out.getvalue())


def language(made: Any, lang: str) -> None:
    fonts = made.styles.element.find(".//" + qn("w:rPrDefault") + "/" + qn("w:rPr"))
    found = fonts.find(qn("w:lang"))
    if found is None:
        found = OxmlElement("w:lang")
        fonts.append(found)
    found.set(qn("w:val"), "en-GB" if lang == "en" else "fr-FR")
    made.styles["Normal"].font.name = "DejaVu Sans"
    made.styles["Normal"].font.size = Pt(10)


def opening(made: Any, head: Head) -> None:
    for text, bold in ((head.country, True), (head.motto, False), (head.body, True), (head.desk, False)):
        if text:
            made.add_paragraph().add_run(text).bold = bold
    made.add_heading(head.title, 1)
    for text in (head.number, head.about, head.exercise):
        if text:
            made.add_paragraph(text)


def table(made: Any, block: Block) -> None:
    heads, rows = block["heads"], block["rows"]
    wide = len(heads) or max((len(r) for r in rows), default=0)
    if not wide:
        return
    grid = made.add_table(rows=0, cols=wide)
    grid.style = "Table Grid"
    for n, row in enumerate([heads, *rows] if heads else rows):
        cells = grid.add_row().cells
        for i, (cell, value) in enumerate(zip(cells, row, strict=False)):
            cell.text = value
            if heads and n == 0:
                cell.paragraphs[0].runs[0].bold = True
            elif block["aligns"][i : i + 1] == ["right"]:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if heads:
        repeated = OxmlElement("w:tblHeader")
        grid.rows[0]._tr.get_or_add_trPr().append(repeated)


def items(made: Any, block: Block) -> None:
    for item in block["items"]:
        made.add_paragraph(item, style="List Bullet")


def pairs(made: Any, block: Block) -> None:
    for label, value in block["rows"]:
        line = made.add_paragraph()
        line.add_run(f"{label} : ").bold = True
        line.add_run(value)


def signatures(made: Any, block: Block) -> None:
    table(made, {"heads": [], "aligns": [], "rows": [["\n".join([*name, "", "", ""]) for name in block["names"]]]})


WRITERS: Mapping[str, Callable[[Any, Block], None]] = {
    "heading": lambda made, b: made.add_heading(b["text"], 2),
    "paragraph": lambda made, b: made.add_paragraph(b["text"]),
    "note": lambda made, b: made.add_paragraph(b["text"]),
    "list": items,
    "pairs": pairs,
    "table": table,
    "signatures": signatures,
}


def settled(file: bytes) -> bytes:
    """The same zip with one date for every entry: the day it was made is in its properties."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as there, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as here:
        for name in there.namelist():
            entry = zipfile.ZipInfo(name, OLD)
            entry.compress_type = zipfile.ZIP_DEFLATED
            here.writestr(entry, there.read(name))
    return out.getvalue()


# --- .xlsx ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, headings, rows of plain values (None: an empty box), what each column means."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str | int | None]]
    means: Sequence[str] = ()


def workbook(head: Head, sheets: Sequence[Sheet], lang: str, at: datetime, reference: str = "") -> bytes:
    """These sheets, then where they come from and what each column means. No cell is a formula."""
    say, out = say_in(lang), io.BytesIO()
    fingerprint = content.digest(content.plain([[s.name, s.heads, s.rows] for s in sheets], "sheets"))
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {"title": head.title, "author": head.body, "created": at.astimezone(UTC).replace(tzinfo=None, microsecond=0)}
    )
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    for one in sheets:
        page = book.add_worksheet(sheet_name(one.name))
        page.freeze_panes(1, 0)
        write(page, 0, one.heads, bold)
        for n, row in enumerate(one.rows, 1):
            write(page, n, row)
        page.set_column(0, max(0, len(one.heads) - 1), 18)
    page = book.add_worksheet(sheet_name(say(_("Provenance"))))
    page.set_column(0, 0, 28)
    page.set_column(1, 2, 70)
    lines = [list(r) for r in provenance(head, fingerprint, lang, at, reference)]
    meant = [[one.name, h, m] for one in sheets for h, m in zip(one.heads, one.means, strict=False)]
    for n, line in enumerate([*lines, *([[]] if meant else []), *meant]):
        write(page, n, line)
    book.close()
    return settled(out.getvalue())


def sheet_name(name: str) -> str:
    """At most 31 signs, none that a workbook refuses."""
    return "".join("-" if sign in "[]:*?/\\'" else sign for sign in content.shown(name))[:31] or "–"


def write(page: Any, n: int, row: Sequence[str | int | None], style: Any = None) -> None:
    for i, value in enumerate(row):
        if isinstance(value, int) and not isinstance(value, bool):
            page.write_number(n, i, value, style)
        elif value is not None and value != "":
            page.write_string(n, i, str(safe(content.shown(str(value))))[:32_767], style)
