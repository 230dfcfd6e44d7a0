"""What is proposed of a file's columns: sure where a name is one to the eye, asked where it is near, never in silence."""

import pytest

from kalata.results.rules import proposing
from kalata.results.rules.proposing import codes_stand_alone, display_name, one_apart, option_for, propose, status_for
from kalata.tables.rules.seen import VALUES, Look, letter, survey

LISTS = [(n, n) for n in ("Le baobab", "La pirogue", "La calebasse", "L’épi de mil", "La grue couronnée")]
BOXES = ["registered", "voters", "null_ballots", "valid"]


def looked(header, *rows):
    return survey(header, [(2, list(rows))])[0]


def roles(header, *rows, options=LISTS, boxes=BOXES):
    return [(p.role, p.asks) for p in propose(header, looked(header, *rows), options, boxes)]


@pytest.mark.parametrize(
    ("heading", "place"),
    [("BAOBAB", 0), ("Le Baobab", 0), ("le  baobab ", 0), ("EPI DE MIL", 3), ("L'Épi de mil", 3), ("GRUE COURONNEE", 4), ("La_pirogue", 1)],
)  # fmt: skip
def test_a_name_that_is_one_to_the_eye_is_sure(heading, place):
    found = option_for(heading, LISTS)
    assert (found.role, found.asks, found.tone) == (f"o{place}", False, "ok")


@pytest.mark.parametrize("heading", ["CALEBASE", "La calebassee", "Pirogua", "Baobap"])
def test_one_letter_apart_is_a_question(heading):
    assert option_for(heading, LISTS).asks


@pytest.mark.parametrize("heading", ["CALBSE", "TAUX", "Liste A", ""])
def test_two_letters_apart_is_nothing(heading):
    assert option_for(heading, LISTS) is None


def test_near_two_options_is_near_none():
    assert option_for("Liste C", [("a", "Liste A"), ("b", "Liste B")]) is None


@pytest.mark.parametrize(
    ("a", "b", "near"),
    [("abcd", "abcd", False), ("abcd", "abce", True), ("abcd", "abcde", True), ("abcd", "abc", False), ("abcd", "acbd", False)],
)  # fmt: skip
def test_one_letter_is_one_letter(a, b, near):
    assert one_apart(a, b) is near and one_apart(b, a) is near


def test_every_column_is_said_and_whole_numbers_that_go_nowhere_are_asked():
    header = ["region", "bureau", "INSCRITS", "EXPRIMES", "BAOBAB", "CALEBASE", "TAUX", "OBS", "INCONNU", "VIDE"]
    row = ["Ségou", "A1", "389", "247", "78", "21", "65,30", "RAS", "12", ""]
    assert roles(header, row) == [
        ("area", False), ("station", False), ("registered", False), ("valid", False), ("o0", False), ("o2", True),
        ("", False), ("", False), ("", True), ("", False),
    ]  # fmt: skip


def test_a_box_that_the_contest_does_not_have_is_not_proposed():
    assert roles(["bureau", "BLANCS"], ["A1", "3"]) == [("station", False), ("", True)]


@pytest.mark.parametrize("heading", ["BLANCS", "Bulletins blancs", "votos em branco", "Procurations"])
def test_a_word_of_a_box_that_the_contest_lacks_is_asked_and_never_a_new_candidate(heading):
    header = ["bureau", "inscrits", heading]
    assert roles(header, ["1", "400", "5"], options=[])[2] == ("", True)
    assert proposing.value_for(heading, [], BOXES) == "?" and proposing.value_note(heading, BOXES, []) == proposing.NO_BOX


def test_a_value_that_names_a_box_goes_there_unless_a_column_holds_it_already():
    assert proposing.value_for("NULS", [], BOXES, ["station", "registered"]) == "null_ballots"
    assert proposing.value_for("NULS", [], BOXES, ["station", "null_ballots"]) == "?"
    assert proposing.value_note("NULS", BOXES, ["null_ballots"]) == proposing.TAKEN
    assert proposing.value_for("Baobab", [], BOXES) == "option" and proposing.value_note("Baobab", BOXES, []) == ""


def test_a_contest_without_options_is_proposed_new_ones_under_names_to_read_again():
    header = ["station", "reg_voters", "yoweri_kaguta_museveni", "rate"]
    found = roles(header, ["1", "400", "120", "0.5"], options=[], boxes=[])
    assert [r for r, _a in found] == ["station", "registered", "option", ""]


@pytest.mark.parametrize(
    ("heading", "name"),
    [("yoweri_kaguta_museveni", "Yoweri Kaguta Museveni"), ("BAOBAB", "Baobab"), ("Étoile", "Étoile"), ("ÉTOILE  DU NORD", "Étoile Du Nord"), ("VOTOS_P1", "Votos P1")],
)  # fmt: skip
def test_a_heading_is_no_name_and_one_is_proposed(heading, name):
    assert display_name(heading) == name


@pytest.mark.parametrize(
    ("word", "means"),
    [("Compté", "counted"), ("COMPTEE", "counted"), ("annulé", "annulled"), ("", "missing"), ("à refaire", "rerun"), ("CONTABILIZADA", "counted"), ("reporté", "")],
)  # fmt: skip
def test_a_word_of_a_status_is_known_or_asked(word, means):
    assert status_for(word) == means


def test_every_row_is_looked_at_not_the_first_ones():
    rows = [["A", "compté"]] * 5_000 + [["A", "suspendu"]]
    found = looked(["x", "etat"], *rows)
    assert found["rows"] == 5_001 and found["columns"][1]["values"] == [["compté", 5_000], ["suspendu", 1]]


@pytest.mark.parametrize(("n", "kept"), [(VALUES, True), (VALUES + 1, False)])
def test_values_are_kept_up_to_a_number(n, kept):
    found = looked(["x"], *([str(i)] for i in range(n)))
    assert (found["columns"][0]["values"] is not None) is kept


@pytest.mark.parametrize(
    ("cells", "look"),
    [(["", " "], Look.EMPTY), (["12", ""], Look.WHOLE), (["1 234", "12"], Look.WHOLE), (["12,5", "3"], Look.NUMBER), (["65,3 %"], Look.NUMBER), (["65.3%"], Look.NUMBER), (["12", "RAS"], Look.TEXT), (["1O2"], Look.TEXT)],
)  # fmt: skip
def test_a_column_looks_like_what_its_cells_are(cells, look):
    assert looked(["x"], *([c] for c in cells))["columns"][0]["look"] == look


def test_two_columns_of_one_name_say_how_often_both_are_filled():
    found = looked(["BAOBAB", "Le Baobab", "x"], ["78", "", "1"], ["", "64", "1"], ["3", "4", "1"])
    assert found["together"] == [[0, 1, 1]]


@pytest.mark.parametrize(("place", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_have_the_letters_of_a_spreadsheet(place, name):
    assert letter(place) == name


def test_values_of_a_whole_file_are_bounded_and_the_shortest_lists_kept():
    from kalata.tables.rules.seen import KEPT

    wide = [f"c{i}" for i in range(60)]
    rows = [[str(j % (100 if i else 2)) for i in range(60)] for j in range(100)]
    columns = looked(wide, *rows)["columns"]
    assert columns[0]["values"] is not None and sum(len(c["values"] or ()) for c in columns) <= KEPT


def test_a_column_of_text_counts_its_filled_cells_all_the_same():
    found = survey(["x"], [(2, [["a"], ["3"], [""]]), (5, [["b"], [""], ["7"]])])[0]["columns"][0]
    assert (found["filled"], found["look"]) == (4, Look.TEXT)


@pytest.mark.parametrize(
    ("rows", "alone"),
    [
        ([["Ségou", "SEG-001"], ["Mopti", "MOP-001"]], True),
        ([["Ségou", "SEG-001"], ["Mopti", "SEG-001"]], False),  # the same code in two zones
        ([["Ségou", "001"], ["Mopti", "002"]], False),  # a number of order
        ([["Ségou", "SEG-001"], ["Ségou", "SEG-002"]], False),  # one zone: another file may count from one again
        ([["Ségou", "SEG-001"], ["Mopti", ""]], False),
    ],
)
def test_codes_that_stand_once_over_several_zones_say_a_station_by_themselves(rows, alone):
    assert codes_stand_alone(["area", "station"], looked(["Région", "Code"], *rows)) is alone
    assert not codes_stand_alone(["", "station"], looked(["Région", "Code"], *rows))
