"""The worked examples of the jurists: every line answered as written, and printed in the docs as it stands."""

from __future__ import annotations

import pytest

from tests.tables import book

EXAMPLES = [(table, number, row) for table in book.TABLES for number, row in enumerate(book.rows(table), 2)]


@pytest.mark.parametrize(("table", "number", "row"), EXAMPLES, ids=[f"{t}.csv:{n}" for t, n, _row in EXAMPLES])
def test_the_answer_is_the_one_of_the_table(table, number, row):
    assert book.answer(table, row) == row["réponse"], f"{table}.csv, ligne {number} : {row['règle']}"


@pytest.mark.parametrize(("table", "number", "row"), EXAMPLES, ids=[f"{t}.csv:{n}" for t, n, _row in EXAMPLES])
def test_every_line_says_its_rule_and_where_it_is_from(table, number, row):
    assert all(row[column].strip() for column in book.COLUMNS) and row["règle"] in book.english()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_docs_are_the_tables(lang):
    written = book.PAGES[lang].read_text(encoding="utf-8")
    assert written == book.page(lang), "python -m tests.tables.book"


def test_every_formula_every_threshold_and_every_warning_of_one_sheet_has_its_lines():
    from kalata.results.rules.systems import Formula

    formulas = {row["formule"] for table, _n, row in EXAMPLES if table == "sieges"}
    checks = {row["formule"] for table, _n, row in EXAMPLES if table == "controles"}
    assert formulas >= {f.value for f in Formula} and checks >= {
        "E01",
        "E02",
        "E03",
        "E04",
        "E06",
        "W01",
        "W03",
        "W04",
        "W06",
    }
