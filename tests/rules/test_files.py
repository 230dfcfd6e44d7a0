"""Hostile and broken files: each refused by its code, nothing read further."""

import gzip
import io
import zipfile

import pytest
import xlsxwriter

from kalata.refusals import Refused
from kalata.results.numeric import reading
from kalata.results.numeric.reading import BadFile
from kalata.results.rules.profile import BadProfile, UnknownColumn, profile_from
from kalata.tables import csv_files, files

PROFILE = profile_from(
    {"station": "bureau", "areas": ["zone"], "figures": {"registered": "inscrits"}, "options": ["A", "B"]}
)
HEAD = "zone,bureau,inscrits,A,B\n"


def read(tmp_path, content, name="f.csv", profile=PROFILE):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return reading.read(files.opened(path), profile)[0]


def refused(tmp_path, content, name="f.csv", profile=PROFILE):
    with pytest.raises(Refused) as caught:
        read(tmp_path, content, name, profile)
    return caught.value


def cell_error(tmp_path, content):
    caught = refused(tmp_path, content)
    assert isinstance(caught, BadFile)
    return [(p.code, p.row, p.field) for p in caught.problems]


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        ("z,1,-5,1,2", "IMP-202", "inscrits"),
        ("z,1,5.5,1,2", "IMP-203", "inscrits"),
        ("z,1,beaucoup,1,2", "IMP-201", "inscrits"),
        ("z,1,99999999,1,2", "IMP-204", "inscrits"),
        ("z,1,9,1,2x", "IMP-201", "B"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(tmp_path, row, code, field):
    assert cell_error(tmp_path, HEAD + "z,0,9,1,2\n" + row + "\n") == [(code, 3, field)]


def test_a_column_that_mixes_thousands_separators_is_refused(tmp_path):
    assert {c for c, _r, _f in cell_error(tmp_path, HEAD + 'z,1,"1,453",1,2\nz,2,1.453,1,2\n')} == {"IMP-205"}


def test_1453_point_0_is_1453(tmp_path):
    assert read(tmp_path, HEAD + "z,1,1453.0,1,2\n").figures[0, 0] == 1453


def test_a_station_that_stands_twice_is_refused_with_both_rows(tmp_path):
    caught = refused(tmp_path, HEAD + "z,1,9,1,2\nz,1,9,1,2\n")
    assert (caught.problems[0].code, caught.problems[0].row, caught.problems[0].other) == ("IMP-206", 3, 2)


def test_a_station_without_a_key_is_refused(tmp_path):
    assert cell_error(tmp_path, HEAD + "z,,9,1,2\n") == [("IMP-208", 2, "bureau")]


def test_a_missing_column_is_named_with_those_found(tmp_path):
    caught = refused(tmp_path, "zone,bureau,inscrits,A\nz,1,9,1\n")
    assert isinstance(caught, UnknownColumn) and caught.params["field"] == "B" and "inscrits" in caught.params["found"]


def test_a_bom_is_passed_over(tmp_path):
    assert read(tmp_path, b"\xef\xbb\xbf" + HEAD.encode() + b"z,1,9,1,2\n").keys == [("1",)]


def test_a_file_of_two_encodings_is_refused_where_the_second_begins(tmp_path):
    """Read as Windows-1252 it made two areas of one: KÃ©niÃ©ba and Kéniéba."""
    from kalata.tables.file_faults import WrongEncoding

    rows = (HEAD + "Kéniéba,1,9,1,2\n").encode("utf-8") + "Kéniéba,2,9,1,2\n".encode("cp1252")
    with pytest.raises(WrongEncoding) as refused:
        read(tmp_path, rows)
    assert refused.value.params["byte"] == "0xe9" and refused.value.params["place"] == rows.rindex(b"K") + 1


def test_windows_1252_is_read_and_its_accents_kept(tmp_path):
    assert read(tmp_path, (HEAD + "Ségou,1,9,1,2\n").encode("cp1252")).paths == [("Ségou",)]


def test_utf_16_is_read_by_its_bom(tmp_path):
    assert read(tmp_path, (HEAD + "Ségou,1,9,1,2\n").encode("utf-16")).paths == [("Ségou",)]


def test_bytes_that_are_no_text_are_refused(tmp_path):
    assert refused(tmp_path, HEAD.encode() + b"\xff\x00\x01\x02,1,9,1,2\n").code == "IMP-112"


def test_a_ragged_row_is_named(tmp_path):
    caught = refused(tmp_path, HEAD + "z,1,9,1,2\nz,2,9,1\n")
    assert (caught.code, caught.params["row"]) == ("IMP-113", 3)


def test_an_empty_file_is_refused(tmp_path):
    assert refused(tmp_path, "").code == "IMP-114"


def test_a_header_with_the_same_column_twice_is_refused(tmp_path):
    assert refused(tmp_path, "bureau,bureau\n1,2\n").code == "IMP-115"


def test_quoted_fields_may_hold_newlines_and_separators(tmp_path):
    assert read(tmp_path, HEAD + '"z, le\nvieux",1,9,1,2\n').paths == [("z, le\nvieux",)]


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_the_separator_is_detected(tmp_path, mark):
    assert read(tmp_path, (HEAD + "z,1,9,1,2\n").replace(",", mark)).figures[0, 0] == 9


def test_a_file_of_a_gigabyte_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "big.csv"
    with path.open("wb") as out:
        out.truncate(2**30)
    with pytest.raises(files.TooLarge):
        files.opened(path)


def test_a_gzip_bomb_stops_at_its_limit(tmp_path):
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9) as packed:
        packed.write(HEAD.encode())
        for _n in range(700):
            packed.write(b"0" * 2**20)
    assert out.tell() < 2**20
    assert refused(tmp_path, out.getvalue(), "bomb.csv.gz").code in ("IMP-111", "IMP-110")


class Piece(str):
    """A piece of a text: joined to what came before, it copies all of that again."""

    def __radd__(self, before):
        raise AssertionError("joined piece by piece: half a gigabyte without a line end takes half a minute")


def test_a_line_as_long_as_its_file_is_put_together_once():
    class Text:
        left = [Piece("a,b\n0"), *[Piece("0" * 10)] * 500, Piece("1\n2,"), Piece("3")]

        def read(self, _size):
            return self.left.pop(0) if self.left else ""

    assert "".join(csv_files.pieces(Text())) == "a,b\n" + "0" * 5_001 + "1\n2,3"


def test_a_zip_bomb_named_xlsx_is_refused(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * (120 * 2**20))
    with pytest.raises(files.TooLarge):
        files.opened(path)


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 pas un zip",
        b"PAR1 pas un parquet",
        b"%PDF-1.7",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\x1f\x8b pas un gzip",
    ],
)
def test_a_damaged_container_is_refused_and_never_a_crash(tmp_path, content):
    assert refused(tmp_path, content).code == "IMP-110"


def test_a_workbook_is_read_like_a_csv(tmp_path):
    path = tmp_path / "f.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for i, row in enumerate([["zone", "bureau", "inscrits", "A", "B"], ["z", "001", 1453, 1, 2]]):
        for j, cell in enumerate(row):
            sheet.write(i, j, cell)
    book.close()
    found = reading.read(files.opened(path), PROFILE)[0]
    assert found.keys == [("001",)] and found.figures[0, 0] == 1453


def test_a_parquet_file_is_read_like_a_csv(tmp_path):
    import duckdb

    path = tmp_path / "f.parquet"
    duckdb.connect().execute(
        f"copy (select 'z' as zone, '001' as bureau, 1453 as inscrits, 1 as \"A\", 2 as \"B\") to '{path}' (format parquet)"
    )
    assert reading.read(files.opened(path), PROFILE)[0].keys == [("001",)]


def test_long_rows_become_one_station_with_its_options(tmp_path):
    profile = profile_from(
        {
            "station": "bureau",
            "rows": "long",
            "figures": {"registered": "inscrits"},
            "options": {"column": "liste", "votes": "voix"},
        }
    )
    found = read(tmp_path, "bureau,inscrits,liste,voix\n1,9,A,4\n1,9,B,3\n2,8,B,1\n", profile=profile)
    assert found.options == ["A", "B"] and found.votes.tolist() == [[4, 3], [-1, 1]]


def test_an_unknown_status_is_refused(tmp_path):
    profile = profile_from(
        {"station": "bureau", "options": ["A"], "status": {"column": "etat", "counted": ["ok"], "missing": [""]}}
    )
    caught = refused(tmp_path, "bureau,A,etat\n1,5,ok\n2,6,peut-être\n", profile=profile)
    assert (caught.problems[0].code, caught.problems[0].row, caught.problems[0].value) == ("IMP-207", 3, "peut-être")


@pytest.mark.parametrize(
    "bad",
    [
        {"station": ""},
        {"station": "b", "figures": {"voters_x": "v"}},
        {"station": "b", "rows": "diagonal"},
        {"station": "b", "options": 5},
        {"station": "b", "nimporte": 1},
        {"station": "b", "status": {"column": "x"}},
    ],
)
def test_a_wrong_profile_is_refused_with_the_field(bad):
    with pytest.raises(BadProfile) as caught:
        profile_from(bad)
    assert caught.value.code == "IMP-101" and caught.value.params["field"]


@pytest.mark.parametrize("bad", ["(a+)+$", "(a|aa)+$", "a*a*a*$", r"(.)\1+", "[", "a" * 81, ".+.+.+x"])
def test_a_pattern_that_could_take_for_ever_is_refused(bad):
    with pytest.raises(BadProfile) as caught:
        profile_from({"station": "b", "options": {"pattern": bad}})
    assert caught.value.params["field"] == "options.pattern"


def test_a_simple_pattern_chooses_the_columns_of_a_real_file():
    profile = profile_from({"station": "b", "options": {"pattern": "[0-9]+ - "}})
    assert profile.options.resolve(["b", "1 - Le baobab", "12 - La pirogue", "total"]) == [
        ("1 - Le baobab", "1 - Le baobab"),
        ("12 - La pirogue", "12 - La pirogue"),
    ]
    assert profile_from({"station": "b", "options": {"pattern": ".*x.*"}}).options.resolve(["y" * 250 + "x"]) == []
