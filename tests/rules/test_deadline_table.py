"""The table of time limits that a jurist reads and amends: every row is computed, the pages are built from it."""

import pytest

from tests.tables import deadlines as table

ROWS = table.rows()


@pytest.mark.parametrize("row", ROWS, ids=[r["règle"] for r in ROWS])
def test_the_answer_of_the_table_is_the_one_computed(row) -> None:
    assert table.answered(row["formule"], row["entrée"]) == row["réponse"]


def test_the_table_has_its_columns_and_a_source_in_every_row() -> None:
    assert list(ROWS[0]) == table.COLUMNS and len(ROWS) >= 40
    assert all(r[c].strip() for r in ROWS for c in table.COLUMNS)
    assert len({(r["formule"], r["entrée"]) for r in ROWS}) == len(ROWS)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_page_is_the_one_built_from_the_table(lang) -> None:
    assert table.PAGES[lang].read_text(encoding="utf-8") == table.page(lang), "python -m tests.tables.deadlines"


@pytest.mark.parametrize(
    ("formula", "entry", "word"),
    [
        ("5 jours apres", "dimanche 29 juillet 2018", "apres"),
        ("5 jours après ; franche", "dimanche 29 juillet 2018", "franche"),
        ("5 jours après ; sans sammedi", "dimanche 29 juillet 2018", "sammedi"),
        ("5 jours après", "29/07/2018", "29/07"),
        ("5 jours après", "dimanche 29 juillet 2018 ; suspendue du x au y", "suspendue"),
    ],
)
def test_a_word_of_the_table_that_says_nothing_is_named(formula, entry, word) -> None:
    with pytest.raises(table.Unreadable, match=word):
        table.answered(formula, entry)


def test_a_table_saved_by_a_spreadsheet_with_semicolons_would_be_read(tmp_path, monkeypatch) -> None:
    import csv

    other = tmp_path / "echeances.csv"
    with other.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.DictWriter(target, table.COLUMNS, delimiter=";")
        writer.writeheader()
        writer.writerows(ROWS)
    monkeypatch.setattr(table, "TABLE", other)
    assert table.rows() == ROWS
