"""A workbook is read as a person sees it: displayed codes, merged areas, titles, sheets; what cannot be is refused by its cell."""

import datetime

import pytest

from kalata.tables import files, workbooks
from tests.rules.reading import BASE, HEAD, ROWS, fill, kinds, problems, read, run, votes, workbook

TEXT = [HEAD, *ROWS]


def with_cell(tmp_path, row, column, write):
    """The base workbook with one cell written otherwise."""
    return workbook(tmp_path, TEXT, edit=lambda book, page: write(book, page, row, column))


def number(value, form):
    return lambda book, page, row, column: page.write_number(row, column, value, book.add_format({"num_format": form}))


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (1, "000", "001"),
        (7, "0000", "0007"),
        (12345, "00-000", "12-345"),
        (1234, "000", "1234"),
        (1, '"BV "000', "BV 001"),
        (12, "000;-000", "012"),
        (0, "000", "000"),
        (5, "00\\/00", "00/05"),
        (7, "0", "7"),
        (7, "General", "7"),
        (1453, "#,##0", "1453"),
    ],
)
def test_a_code_is_the_one_displayed(tmp_path, value, form, shown):
    path = with_cell(tmp_path, 1, 1, number(value, form))
    assert read(tmp_path, path).keys[0] == (shown,)


def test_a_code_displayed_001_is_the_station_written_001(tmp_path):
    path = workbook(tmp_path, [HEAD, ROWS[0], ROWS[0]], edit=lambda b, p: number(1, "000")(b, p, 1, 1))
    assert problems(tmp_path, path) == [("IMP-206", 3, "station")]


@pytest.mark.parametrize("content", [[HEAD, ROWS[0], ROWS[0].replace("001", "1")]])
def test_zeros_that_a_spreadsheet_has_cut_from_some_codes_are_named(tmp_path, content):
    assert problems(tmp_path, content) == [("IMP-233", 3, "station")]
    assert len(read(tmp_path, content, BASE | {"duplicates": "keep"})) == 2
    assert problems(tmp_path, [HEAD, *ROWS[:1], ROWS[1].replace("002", "2")]) == []  # 001 and 2: nobody's double


@pytest.mark.parametrize(
    "write",
    [
        lambda b, p, r, c: p.write_datetime(r, c, datetime.date(2026, 2, 1), b.add_format({"num_format": "d-mmm"})),
        lambda b, p, r, c: p.write_datetime(
            r, c, datetime.datetime(2026, 2, 1, 5, 0), b.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        ),
        number(0.5, "hh:mm"),
        number(1.5, "[h]:mm"),
        number(0.5, "# ?/?"),
        number(123456789012345678, "0"),
        lambda b, p, r, c: p.write_formula(r, c, "=1/0", None, "#DIV/0!"),
        lambda b, p, r, c: p.write_formula(r, c, "=VLOOKUP(1,A1:B2,2)", None, "#N/A"),
    ],
    ids=["date", "instant", "hour", "hours", "fraction", "digits", "error", "not found"],
)
@pytest.mark.parametrize("column", [0, 1])
def test_a_code_or_an_area_that_the_spreadsheet_changed_is_refused_with_its_cell(tmp_path, write, column):
    path = with_cell(tmp_path, 2, column, write)
    (found,) = problems(tmp_path, path)
    assert found == ("IMP-231", 3, ["commune", "station"][column])
    with pytest.raises(Exception, match="AB"[column] + "3"):
        run(tmp_path, path)


def test_an_error_or_a_formula_without_value_is_no_empty_figure(tmp_path):
    path = with_cell(tmp_path, 2, 6, lambda b, p, r, c: p.write_formula(r, c, "=G2/0", None, "#DIV/0!"))
    assert problems(tmp_path, path) == [("IMP-201", 3, "A")]
    path = with_cell(tmp_path, 2, 6, lambda b, p, r, c: p.write_formula(r, c, "=G2+1", None, ""))
    assert [p[:2] for p in problems(tmp_path, path)] == [("IMP-231", 3)]


def test_formulas_that_nobody_recomputed_are_said(tmp_path):
    path = with_cell(tmp_path, 2, 6, lambda b, p, r, c: p.write_formula(r, c, "=F3-125", None, 60))
    found = read(tmp_path, path)
    assert votes(found)["A"] == 280 and kinds(found) == ["formula"]


def test_dates_and_errors_in_columns_that_nobody_reads_are_left_alone(tmp_path):
    def edit(book, page):
        page.write_string(0, 8, "saisi le")
        page.write_datetime(1, 8, datetime.date(2026, 2, 1), book.add_format({"num_format": "d-mmm"}))
        page.write_formula(2, 8, "=1/0", None, "#DIV/0!")

    assert kinds(read(tmp_path, workbook(tmp_path, TEXT, edit=edit))) == []


def test_merged_areas_are_carried_down_and_said_and_merged_votes_are_refused(tmp_path):
    def areas(book, page):
        page.merge_range(1, 0, 2, 0, "Kati", book.add_format())

    found = run(tmp_path, workbook(tmp_path, TEXT, edit=areas))
    assert [(a.path, a.counted) for a in found.areas] == [(("Kati",), 2), (("Kita",), 1)]
    assert kinds(found.table) == ["merged"]

    def figures(book, page):
        page.merge_range(1, 6, 2, 6, 180)

    assert [p[:3] for p in problems(tmp_path, workbook(tmp_path, TEXT, edit=figures))] == [("IMP-231", 3, "A")]


def test_a_merged_key_is_one_station_twice(tmp_path):
    path = workbook(tmp_path, TEXT, edit=lambda b, p: p.merge_range(1, 1, 2, 1, "001"))
    assert ("IMP-206", 3, "station") in problems(tmp_path, path)


def test_hidden_rows_are_read_and_said_and_hidden_sheets_are_not_read_and_said(tmp_path):
    def edit(book, page):
        page.set_row(2, None, None, {"hidden": True})
        other = book.add_worksheet("brouillon")
        fill(other, [HEAD, "Kati,099,1,1,0,1,1,0"])
        other.hide()

    found = read(tmp_path, workbook(tmp_path, TEXT, edit=edit))
    assert len(found) == 3 and kinds(found) == ["sheet", "hidden"] and found.said[1].rows == (3,)
    assert "brouillon" in found.said[0].message.text("fr")


def test_titles_blank_rows_and_notes_of_a_sheet_are_passed_over_and_said(tmp_path):
    rows = ["RÉPUBLIQUE", ["Résultats, tour 1"], "", HEAD, *ROWS, "", ["", "Source : procès-verbaux"]]
    found = read(tmp_path, workbook(tmp_path, rows))
    assert len(found) == 3 and kinds(found) == ["before", "note", "blank"]
    assert found.rows.tolist() == [5, 6, 7]


def test_the_sheet_that_holds_the_columns_is_found_after_a_sheet_of_notes(tmp_path):
    def edit(book, page):
        fill(book.add_worksheet("Resultats"), TEXT)

    path = workbook(tmp_path, ["Note", "voir feuille 2"], sheet="Lisez-moi", edit=edit)
    found = read(tmp_path, path)
    assert votes(found) == {"A": 280, "B": 325} and "Lisez-moi" in found.said[0].message.text("fr")
    assert files.opened(path).header == HEAD.split(",")  # and without a profile, the sheet that looks like a table


def two_sheets(tmp_path, second=None):
    return workbook(
        tmp_path,
        [HEAD, *ROWS[:2]],
        sheet="Kati",
        edit=lambda b, p: fill(b.add_worksheet("Kita"), second or ["Commune de Kita", HEAD, ROWS[2]]),
    )


def test_of_two_sheets_with_the_columns_none_is_guessed(tmp_path):
    path = two_sheets(tmp_path)
    assert problems(tmp_path, path) == [("IMP-119", None)]
    assert votes(read(tmp_path, path, BASE | {"sheet": "kati "})) == {"A": 180, "B": 205}
    assert problems(tmp_path, path, BASE | {"sheet": "Ségou"}) == [("IMP-119", None)]


@pytest.mark.parametrize("sheets", ["all", ["Kati", "Kita"]])
def test_sheets_of_one_table_are_read_one_below_the_other(tmp_path, sheets):
    found = read(tmp_path, two_sheets(tmp_path), BASE | {"sheets": sheets})
    assert votes(found) == {"A": 280, "B": 325} and len(found) == 3


def test_a_fault_in_the_second_sheet_is_named_by_its_sheet_and_row(tmp_path):
    path = two_sheets(tmp_path, ["Commune de Kita", HEAD, ROWS[2].replace("410", "quatre cents")])
    assert problems(tmp_path, path, BASE | {"sheets": "all"}) == [("IMP-201", 3, "Kita / inscrits")]


def test_sheets_whose_columns_differ_are_not_put_together(tmp_path):
    path = two_sheets(tmp_path, [HEAD.replace("A,B", "B,A"), ROWS[2]])
    assert problems(tmp_path, path, BASE | {"sheets": ["Kati", "Kita"]}) == [("IMP-121", None)]


def test_a_table_that_does_not_begin_in_the_first_column_is_read(tmp_path):
    rows = [["", *line.split(",")] for line in TEXT]
    path = workbook(tmp_path, [[int(c) if i and j > 2 else c for j, c in enumerate(r)] for i, r in enumerate(rows)])
    assert votes(read(tmp_path, path)) == {"A": 280, "B": 325}


@pytest.mark.parametrize("key", ["#REF!", "#N/A", "#DIV/0!", "1,23457E+11", "1.5E+10", "#NOM?"])
def test_a_key_of_a_csv_that_a_spreadsheet_has_lost_is_refused(tmp_path, key):
    rows = [ROWS[0], ROWS[1].replace("002", f'"{key}"'), ROWS[2]]
    assert ("IMP-232", 3, "station") in problems(tmp_path, [HEAD, *rows])


@pytest.mark.parametrize(("place", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_named_as_a_spreadsheet_does(place, name):
    assert workbooks.column_name(place) == name and workbooks.column_of(name.encode()) == place


def test_a_title_merged_over_every_column_is_passed_over_and_the_headings_found(tmp_path):
    def edit(book, page):
        page.merge_range(0, 0, 0, 3, "RÉPUBLIQUE DU MALI")
        page.merge_range(0, 4, 0, 7, "Un peuple, un but, une foi")

    path = workbook(tmp_path, [[""] * 8, [""] * 8, HEAD, *ROWS], edit=edit)
    assert files.opened(path).header == HEAD.split(",")
    found = read(tmp_path, path)
    assert len(found) == 3 and found.rows.tolist() == [4, 5, 6]
