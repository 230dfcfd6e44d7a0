"""Every physical line of a file is read, passed over with its reason, or refused."""

import gzip

import pytest

from kalata.refusals import Refused
from kalata.results.rules.profile import BadProfile, profile_from
from kalata.tables import files
from kalata.tables.rules import layout
from tests.rules.reading import BASE, HEAD, ROWS, kinds, problems, read, run, saved, votes

NOTED = HEAD + ",remarque"


def noted(*remarks):
    return [NOTED, *(f"{row},{remark}" for row, remark in zip(ROWS, remarks, strict=True))]


@pytest.mark.parametrize(
    ("remarks", "row"),
    [
        (("rien", '"urne abîmée', "rien"), 3),  # never closed
        (('"urne', "rien", "rien"), 2),
        (("rien", "rien", '"urne'), 4),
        (("rien", '"urne abîmée', 'fin"'), 3),  # closed by a mark two rows on: the row between is swallowed
        (('"a', "b", 'c"'), 2),
        (('"urne" abîmée', "rien", "rien"), 2),  # closed too soon: nobody can tell what was meant
    ],
)
def test_a_quotation_mark_that_swallows_rows_is_refused_where_it_opens_even_in_a_column_nobody_maps(
    tmp_path, remarks, row
):
    assert problems(tmp_path, noted(*remarks)) == [("IMP-118", row)]


@pytest.mark.parametrize("remark", ['"dit « non »"', '"un ""mot"""', 'mi"lieu', '"deux\nlignes"', '"1, 2"', '""'])
def test_a_quotation_mark_in_its_place_is_no_fault(tmp_path, remark):
    assert len(read(tmp_path, noted("rien", remark, "rien"))) == 3


def test_an_open_mark_far_into_a_long_file_is_named_by_its_row(tmp_path):
    rows = [f"Kati,{i:05d},400,210,10,200,120,80,ras" for i in range(4_000)]
    rows[3_210] = rows[3_210].replace("ras", '"ras')
    assert problems(tmp_path, [NOTED, *rows]) == [("IMP-118", 3_212)]
    with pytest.raises(Refused) as apart:
        list(files.opened(tmp_path / "f.csv", apart=True).blocks)
    assert (apart.value.code, apart.value.params["row"]) == ("IMP-118", 3_212)


def test_lines_rows_blank_lines_and_cells_of_several_lines_add_up(tmp_path):
    lines = ["Résultats provisoires", "", *noted("rien", '"deux\nlignes"', "rien"), "", ",,,,,,,,"]
    found = run(tmp_path, lines)
    assert found.account == {"lines": 9, "rows": 3, "header": 1, "before": 2, "blank": 2, "other": 0, "inside": 1}
    assert kinds(found.table) == ["before", "blank"] and len(found.table) == 3
    assert "Résultats provisoires" in found.table.said[0].message.text("fr")
    assert found.record()["lines"]["rows"] == 3 and found.table.rows.tolist() == [4, 5, 6]


def test_rows_of_separators_alone_are_blank_and_never_a_station(tmp_path):
    found = read(tmp_path, [HEAD, *ROWS[:1], ",,,,,,,", " , ,,,,,,", *ROWS[1:]])
    assert len(found) == 3 and found.rows.tolist() == [2, 5, 6] and kinds(found) == ["blank"]


@pytest.mark.parametrize("at", [0, 1, 3_000])
def test_a_null_byte_is_refused_with_its_line(tmp_path, at):
    rows = [f"Kati,{i:05d},400,210,10,200,120,80" for i in range(4_000)]
    rows[at] = rows[at].replace("Kati", "Ka\0ti")
    assert problems(tmp_path, [HEAD, *rows]) == [("IMP-120", at + 2)]


def test_utf_16_without_its_mark_is_refused_and_read_when_the_profile_says_it(tmp_path):
    content = ("\n".join([HEAD, *ROWS]) + "\n").encode("utf-16-le")
    assert problems(tmp_path, content) == [("IMP-120", 1)]
    assert votes(read(tmp_path, content, BASE | {"encoding": "utf-16-le"})) == {"A": 280, "B": 325}


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_the_line_that_tells_a_spreadsheet_the_separator_is_understood(tmp_path, mark, bom):
    text = "\r\n".join([f"sep={mark}", *(line.replace(",", mark) for line in [HEAD, *ROWS])]) + "\r\n"
    found = run(tmp_path, bom + text.encode())
    assert votes(found.table) == {"A": 280, "B": 325} and found.table.rows.tolist() == [3, 4, 5]


def test_the_separator_is_found_among_decimal_commas_and_below_a_title(tmp_path):
    rows = [row.replace(",", ";") + ";45,13" for row in ROWS]
    assert votes(read(tmp_path, ["Élection, tour 1, provisoire", (HEAD + ",part").replace(",", ";"), *rows])) == {
        "A": 280,
        "B": 325,
    }


def test_a_separator_said_by_the_profile_is_the_one(tmp_path):
    rows = [line.replace(",", "^") for line in [HEAD, *ROWS]]
    assert votes(read(tmp_path, rows, BASE | {"separator": "^"})) == {"A": 280, "B": 325}
    with pytest.raises(BadProfile):
        profile_from(BASE | {"separator": ";;"})


@pytest.mark.parametrize("title", ["Résultats", "Résultats,,,,,,,", ",,,,,,,", "sep=,"])
def test_titles_above_the_headings_are_passed_over_and_said(tmp_path, title):
    found = read(tmp_path, [title, HEAD, *ROWS])
    assert len(found) == 3 and kinds(found) == ["before"] and found.rows.tolist() == [3, 4, 5]


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([["T"] * 8, list("abcdefgh"), list("12345678")], 1),
        ([["T"] * 4 + ["U"] * 4, [""] * 8, list("abcdefgh")], 2),
        ([["T"] * 3 + ["", "U", "U"], list("abcdef")], 1),
        ([["a", "b", "b", "b"], list("1234")], 1),  # two names over four columns name none of them
        ([["a", "b", "c", "c"], list("1234")], 0),
        ([["a", "b", "b"], list("123")], 0),  # three columns are too few to say
        ([["1", "1", "1", "1"]], 0),
        ([], 0),
    ],
)
def test_a_title_merged_over_the_columns_is_not_their_names(rows, place):
    assert layout.header_at(rows, layout.Layout()) == place


def test_headings_said_to_stand_over_two_rows_begin_at_the_upper_one_be_it_merged():
    rows = [["Bureau", "Voix", "Voix", "Voix"], ["", "A", "B", "C"], list("1234")]
    assert layout.header_at(rows, layout.Layout(header_rows=2)) == 0


def test_headings_over_two_rows_are_joined_from_top_to_bottom(tmp_path):
    upper = "Lieu,,Corps électoral,,,,Voix,"
    lower = "commune,station,inscrits,votants,nuls,exprimés,A,B"
    profile = BASE | {
        "header": {"row": 1, "rows": 2},
        "station": ["Lieu / station"],
        "areas": ["Lieu / commune"],
        "figures": {"registered": "Corps électoral / inscrits"},
        "options": {"labels": {"Voix / A": "A", "Voix / B": "B"}},
    }
    assert votes(read(tmp_path, [upper, lower, *ROWS], profile)) == {"A": 280, "B": 325}


@pytest.mark.parametrize(
    "heading",
    [
        " station",
        "station ",
        "sta\u00a0tion".replace("\u00a0", ""),
        "Station",
        "STATION",
        "\u00a0station\u202f",
        '"station\n"',
    ],
)
def test_spaces_and_case_of_a_heading_are_folded_on_both_sides(tmp_path, heading):
    head = HEAD.replace("station", heading)
    assert len(read(tmp_path, [head, *ROWS])) == 3
    assert (
        len(read(tmp_path, [HEAD, *ROWS], BASE | {"station": [heading.strip('"')], "figures": {"valid": " exprimes "}}))
        == 3
    )


def test_a_heading_that_names_two_columns_is_refused_only_where_it_is_needed(tmp_path):
    head = HEAD.replace("A,B", "A,%,B,%")
    rows = ["Kati,001,400,210,10,200,120,60.0,80,40.0", "Kati,002,380,190,5,185,60,32.4,125,67.6"]
    assert votes(read(tmp_path, [head, *rows])) == {"A": 180, "B": 205}
    assert problems(tmp_path, [HEAD.replace("A,B", "A,A"), *ROWS])[0][0] == "IMP-115"
    chosen = BASE | {"options": {"labels": {"A [1]": "A", "A [2]": "B"}}}
    assert votes(read(tmp_path, [HEAD.replace("A,B", "A,A"), *ROWS], chosen)) == {"A": 280, "B": 325}


def test_a_ragged_row_is_refused_with_its_row_and_what_was_expected(tmp_path):
    with pytest.raises(Refused) as caught:
        read(tmp_path, [HEAD, ROWS[0], ROWS[1] + ",3", ROWS[2]])
    assert (caught.value.code, caught.value.params["row"], caught.value.params["got"]) == ("IMP-113", 3, 9)


GROUPED = BASE | {
    "figures": {"registered": "inscrits", "valid": "exprimes"},
    "options": {"groups": ["N°", "Nom", "Voix"], "column": "Nom", "votes": "Voix"},
}


def test_columns_that_repeat_to_the_right_without_their_headings_are_read_as_groups(tmp_path):
    lines = [
        "commune;station;inscrits;exprimes;N°;Nom;Voix",
        "Kati;001;400;200;1;BAOBAB;120;2;ETOILE;80",
        "Kati;002;380;185;2;Étoile;60;1;Baobab;125",  # another order, another spelling
        "Kati;003;300;30;1;BAOBAB;30",  # a list that did not run here
    ]
    found = read(tmp_path, lines, GROUPED)
    assert votes(found) == {"BAOBAB": 275, "Étoile": 140} and "added" in kinds(found)
    assert found.votes[2, found.options.index("Étoile")] == -1
    assert problems(tmp_path, lines)[0][0] == "IMP-102"  # the headings A and B do not exist: nothing is guessed
    assert problems(tmp_path, [*lines, "Kati;004;300;30;1;BAOBAB"], GROUPED) == [("IMP-113", 5)]


def test_groups_written_each_time_with_a_number_are_read_alike(tmp_path):
    lines = ["commune,station,inscrits,exprimes,N° 1,Nom 1,Voix 1,N° 2,Nom 2,Voix 2", "Kati,001,400,200,1,X,120,2,Y,80"]
    assert votes(read(tmp_path, lines, GROUPED)) == {"X": 120, "Y": 80}


def test_an_option_twice_in_one_row_of_groups_is_refused(tmp_path):
    lines = ["commune,station,inscrits,exprimes,N°,Nom,Voix", "Kati,001,400,200,1,X,120,2,X,80"]
    assert [p[:2] for p in problems(tmp_path, lines, GROUPED)] == [("IMP-209", 2)]


def test_an_encoding_that_was_guessed_is_said(tmp_path):
    found = read(tmp_path, "\n".join([HEAD, ROWS[0].replace("Kati", "Ségou")]).encode("cp1252"))
    assert kinds(found) == ["encoding"] and found.paths == [("Ségou",)]
    assert kinds(read(tmp_path, "\n".join([HEAD, ROWS[0].replace("Kati", "Ségou")]).encode())) == []


def test_a_packed_file_is_read_the_same(tmp_path):
    text = gzip.compress(("\n".join(noted("rien", '"urne', "rien")) + "\n").encode())
    assert problems(tmp_path, text) == [("IMP-118", 3)]


def test_a_level_that_is_no_area_is_refused_and_none_prints_none(tmp_path):
    path = saved(tmp_path, [HEAD, *ROWS])
    assert problems(tmp_path, path, levels=("station",))[0][0] == "IMP-103"
    assert problems(tmp_path, path, levels=("commune", "cercle"))[0][0] == "IMP-103"
    assert (
        run(tmp_path, path, levels=("none",)).areas == [] and len(run(tmp_path, path, levels=("Commune ",)).areas) == 2
    )


def test_more_stations_than_expected_are_said(tmp_path):
    path = saved(tmp_path, [HEAD, *ROWS])
    assert any(
        "3 bureaux, et 2 sont attendus" in n.text("fr") for n in run(tmp_path, path, BASE | {"expected": 2}).notes
    )
    assert not run(tmp_path, path, BASE | {"expected": 3}).notes


def test_a_blank_cell_of_a_column_that_is_carried_means_the_one_above(tmp_path):
    rows = [ROWS[0], ROWS[1].replace("Kati", ""), ROWS[2]]
    found = run(tmp_path, [HEAD, *rows], BASE | {"carry": ["commune"]})
    assert [a.path for a in found.areas] == [("Kati",), ("Kita",)]
    with pytest.raises(BadProfile):
        profile_from(BASE | {"carry": ["inscrits"]})
