"""A text and a workbook bear the head of the house and where they come from, run nothing, and are the same twice."""

import io
from datetime import timedelta

import docx
import openpyxl
import pytest

from kalata.documents import office
from kalata.documents.rendering import Head, Paper
from tests.documents.samples import BLOCKS, HOSTILE
from tests.documents.test_register import AT

HEAD = Head(
    title="Rôle d’audience",
    country="République de l’Essai",
    body="Cour",
    number="A-3",
    about="Élection",
    exercise="EXERCICE",
)


def paper(lang="fr"):
    return Paper("essai", HEAD, {"blocks": BLOCKS}, lang)


def everything(file):
    made = docx.Document(io.BytesIO(file))
    cells = [c.text for t in made.tables for r in t.rows for c in r.cells]
    return made, "\n".join([*(p.text for p in made.paragraphs), *cells])


def test_a_text_says_all_the_blocks_with_the_head_and_where_it_comes_from():
    made, said = everything(office.text_of(paper(), AT, "D26-000417-V"))
    for part in (
        "RÉPUBLIQUE".title(),
        "Cour",
        "Rôle d’audience",
        "A-3",
        "EXERCICE",
        "Ɛɔɲŋ",
        '#panic("x")',
        "[U+202E]",
        "un",
        "Le greffier",
        "D26-000417-V",
        "Kalata 2026",
        "fait foi",
    ):
        assert part in said, part
    assert made.core_properties.title == "Rôle d’audience" and made.core_properties.language == "fr"
    assert "fait foi" in made.sections[0].footer.paragraphs[0].text
    assert "Working copy" in everything(office.text_of(paper("en"), AT))[1]


def test_the_same_paper_is_the_same_file_and_another_hour_is_another():
    assert (
        office.text_of(paper(), AT) == office.text_of(paper(), AT) != office.text_of(paper(), AT + timedelta(hours=1))
    )


def test_a_paper_that_is_not_made_of_blocks_has_no_text():
    with pytest.raises(KeyError):
        office.text_of(Paper("essai", HEAD, {"rows": []}, "fr"), AT)


SHEETS = [
    office.Sheet("Affaires [1]/2", ["N°", "Parties", "Voix"], [["1", "=cmd|' /C calc'!A0", 1453], ["2", HOSTILE, None], ["3", "http://x.test", 0]], ["ordre", "qui", "nombre"]),
]  # fmt: skip


def test_a_workbook_keeps_figures_as_figures_and_runs_nothing():
    book = openpyxl.load_workbook(io.BytesIO(office.workbook(HEAD, SHEETS, "fr", AT)))
    page = book.worksheets[0]
    assert page["C2"].value == 1453 and page["C4"].value == 0 and page["C3"].value is None
    assert page["B2"].value.startswith("'=") and page["B2"].data_type == "s" and page["B4"].hyperlink is None
    assert "[U+0000]" in page["B3"].value and page.freeze_panes == "A2"


def test_its_last_sheet_says_where_it_comes_from_and_what_columns_mean():
    book = openpyxl.load_workbook(io.BytesIO(office.workbook(HEAD, SHEETS, "en", AT, "D26-000417-V")))
    told = [[c.value for c in row] for row in book.worksheets[-1].rows]
    said = "\n".join(str(c) for row in told for c in row if c)
    for part in ("République de l’Essai", "Rôle d’audience", "D26-000417-V", "Kalata 2026", "Working copy", "ordre"):
        assert part in said, part
    assert book.properties.title == "Rôle d’audience"


def test_the_same_sheets_are_the_same_file():
    assert office.workbook(HEAD, SHEETS, "fr", AT) == office.workbook(HEAD, SHEETS, "fr", AT)
    other = [office.Sheet("a", ["N°"], [["2"]])]
    assert office.workbook(HEAD, other, "fr", AT) != office.workbook(HEAD, SHEETS, "fr", AT)
