"""Rows and columns that are the sum of others are recognised by arithmetic; what is equal by chance passes."""

import random

import pytest

from kalata.results.numeric import reading, sums
from kalata.results.rules import meanings
from kalata.results.rules.boxes import Box
from kalata.results.rules.profile import BadProfile, profile_from
from kalata.tables import files
from tests.rules.reading import BASE, HEAD, LONG, LONG_HEAD, ROWS, kinds, problems, read, run, saved, votes

TOTAL = "1190,622,17,605,280,325"
FIRST_TWO = "780,400,15,385,180,205"
TWO_KEYS = BASE | {"station": ["commune", "station"]}


@pytest.mark.parametrize("name", ["TOTAL", "Total général", "999", "Ensemble", "Kati-Kita"])
def test_a_row_that_is_the_sum_of_those_above_is_no_station_whatever_its_name(tmp_path, name):
    assert problems(tmp_path, [HEAD, *ROWS, f"x,{name},{TOTAL}"]) == [("IMP-234", 5, "station")]


def test_a_total_above_the_rows_a_total_between_and_a_total_of_totals_are_named(tmp_path):
    assert problems(tmp_path, [HEAD, f"x,900,{TOTAL}", *ROWS]) == [("IMP-234", 2, "station")]
    rows = [*ROWS[:2], f"Kati,901,{FIRST_TWO}", ROWS[2], f"x,902,{TOTAL}"]
    assert [p[:2] for p in problems(tmp_path, [HEAD, *rows])] == [("IMP-234", 4), ("IMP-234", 6)]


def test_subtotals_put_together_at_the_end_are_recognised_by_their_area(tmp_path):
    rows = [*ROWS, "Kati,004,100,50,0,50,30,20", f"Kati,905,{FIRST_TWO}", "Kati,906,880,450,15,435,210,225"]
    assert ("IMP-234", 7, "station") in problems(tmp_path, [HEAD, *rows])
    mixed = ["Kati,001,400,210,10,200,120,80", "Kita,003,410,222,2,220,100,120", "Kati,002,380,190,5,185,60,125"]
    assert problems(tmp_path, [HEAD, *mixed, f"Kati,907,{FIRST_TWO}"]) == [("IMP-234", 5, "station")]


def test_a_subtotal_of_one_station_counts_only_when_it_is_named_so(tmp_path):
    twin = "400,210,10,200,120,80"
    assert problems(tmp_path, [HEAD, *ROWS[1:], ROWS[0], f"Kati,005,{twin}"]) == []  # equal by chance
    assert problems(tmp_path, [HEAD, *ROWS[1:], ROWS[0], f"Kati,Total Kati,{twin}"]) == [("IMP-234", 5, "station")]


def test_a_row_named_total_that_is_no_sum_is_refused_and_a_place_that_begins_so_is_not(tmp_path):
    assert problems(tmp_path, [HEAD, *ROWS, "Kati,TOTAL,1190,622,17,604,280,324"]) == [("IMP-235", 5, "station")]
    assert problems(tmp_path, [HEAD, *ROWS, "Kati,Total Bonamoussadi,300,150,0,150,70,80"]) == []


@pytest.mark.parametrize("rows", [["001,0,0,0,0,0,0"] * 1, ["004,0,0,0,0,0,0", "005,0,0,0,0,0,0"]])
def test_stations_of_zeros_are_no_totals(tmp_path, rows):
    assert problems(tmp_path, [HEAD, *ROWS[1:], *(f"Kati,{r}" for r in rows)]) == []


def test_small_numbers_that_add_up_by_chance_are_stations(tmp_path):
    rows = ["Kati,1,9,3,0,3,1,2", "Kati,2,9,4,0,4,2,2", "Kati,3,18,7,0,7,3,4"]
    assert problems(tmp_path, [HEAD, *rows]) == []


def test_a_profile_leaves_totals_out_or_keeps_them_and_both_are_said(tmp_path):
    lines = [HEAD, *ROWS[:2], f"Kati,Total Kati,{FIRST_TWO}", ROWS[2], f"x,TOTAL,{TOTAL}"]
    found = run(tmp_path, lines, BASE | {"totals": "skip"})
    assert votes(found.table) == {"A": 280, "B": 325} and kinds(found.table) == ["total"]
    assert found.table.said[0].rows == (4, 6)
    assert votes(run(tmp_path, lines, BASE | {"totals": "keep"}).table) == {"A": 740, "B": 855}


def test_a_total_that_is_left_out_must_be_the_sum(tmp_path):
    wrong = [HEAD, *ROWS, "x,TOTAL,1190,622,17,605,280,326"]
    assert problems(tmp_path, wrong, BASE | {"totals": "skip"}) == [("IMP-235", 5, "station")]


def test_a_total_without_a_code_is_refused_for_both(tmp_path):
    assert [p[0] for p in problems(tmp_path, [HEAD, *ROWS, f"TOTAL,,{TOTAL}"])] == ["IMP-208", "IMP-234"]
    assert problems(tmp_path, [HEAD, *ROWS, f"TOTAL,,{TOTAL}"], TWO_KEYS) == [("IMP-234", 5, "commune + station")]


def test_a_hundred_made_files_of_ordinary_stations_hold_no_total_and_each_added_one_is_found(tmp_path):
    chance = random.Random(7)
    for n in range(100):
        rows = []
        for _i in range(chance.randint(3, 60)):
            a, b, null = chance.randint(0, 90), chance.randint(0, 90), chance.randint(0, 6)
            rows.append([a + b + null + chance.randint(0, 200), a + b + null, null, a + b, a, b])
        at = chance.randint(2, len(rows))
        first = chance.randint(0, at - 2)
        lines = [f"K{i % 3},{i:04d}," + ",".join(map(str, r)) for i, r in enumerate(rows)]
        found = read(tmp_path, [HEAD, *lines], BASE | {"totals": "keep"}, f"{n}.csv")
        assert sums.totals(found) == []
        total = [sum(r[j] for r in rows[first:at]) for j in range(6)]
        if sum(1 for r in rows[first:at] if any(r)) < 2 or min(total[0], total[4]) < 40:
            continue
        with_total = [*lines[:at], "K0,9999," + ",".join(map(str, total)), *lines[at:]]
        found = read(tmp_path, [HEAD, *with_total], BASE | {"totals": "keep"}, f"{n}.csv")
        assert at in [t.at for t in sums.totals(found)], (n, first, at)


def test_a_row_that_begins_like_a_total_and_has_no_code_is_never_a_station_though_its_sum_is_wrong(tmp_path):
    two = BASE | {"station": ["commune", "station"]}
    sums_up = "TOTAL KATI,,780,400,15,385,180,205"
    rows = [*ROWS[:2], sums_up, *ROWS[2:]]
    assert problems(tmp_path, [HEAD, *rows], two) == [("IMP-234", 4, "commune + station")]
    off = [r.replace("TOTAL KATI,,780,400", "TOTAL KATI,,780,401") for r in rows]
    assert problems(tmp_path, [HEAD, *off], two) == [("IMP-235", 4, "commune + station")]
    coded = [r.replace("TOTAL KATI,,", "TOTAL KATI,009,") for r in off]  # a place may bear the name of its petrol station
    assert problems(tmp_path, [HEAD, *coded], two) == []


def test_a_column_of_totals_among_the_votes_is_refused(tmp_path):
    head = HEAD + ",C"
    rows = [f"{r},{int(r.split(',')[6]) + int(r.split(',')[7])}" for r in ROWS]
    assert problems(tmp_path, [head, *rows], BASE | {"options": ["A", "B", "C"]}) == [("IMP-236", 2, "options")]
    named = [head.replace(",C", ",Total"), *rows]
    assert problems(tmp_path, named, BASE | {"options": {"range": ["A", "Total"]}}) == [("IMP-237", 2, "options")]


@pytest.mark.parametrize(
    ("label", "box"),
    [
        ("BLANCO", Box.BLANK_BALLOTS),
        ("Votes blancs", Box.BLANK_BALLOTS),
        ("bulletins blancs", Box.BLANK_BALLOTS),
        ("votos en blanco", Box.BLANK_BALLOTS),
        ("Votos em branco", Box.BLANK_BALLOTS),
        ("NULO", Box.NULL_BALLOTS),
        ("Nuls", Box.NULL_BALLOTS),
        ("Rejected votes", Box.NULL_BALLOTS),
        ("Invalid ballot papers", Box.NULL_BALLOTS),
        ("Registered voters", Box.REGISTERED),
        ("Total valid votes", Box.VALID),
        ("Suffrages exprimés", Box.VALID),
        ("Le Blanc", None),
        ("Blancos Unidos", None),
        ("Liste nulle part", None),
        ("OUI", None),
        ("Union des votants", None),
    ],
)
def test_words_that_name_a_box_are_known_and_names_are_not_taken_for_them(label, box):
    assert meanings.box_named(label) == box


LINES = [
    LONG_HEAD,
    "Kati,001,400,180,,13,100",
    "Kati,001,400,180,,22,80",
    "Kati,001,400,180,,BLANCO,190",
    "Kati,001,400,180,,NULO,10",
]


def test_blank_and_null_ballots_given_as_rows_are_never_elected(tmp_path):
    assert [p[0] for p in problems(tmp_path, LINES, LONG)] == ["IMP-237", "IMP-237"]


def test_rows_of_blank_and_null_ballots_go_to_the_boxes_that_the_profile_names(tmp_path):
    profile = LONG | {
        "figures": {"registered": "inscrits", "valid": "exprimes"},
        "options": {
            "column": "candidat",
            "votes": "voix",
            "boxes": {"blanco": "blank_ballots", "Nulo": "null_ballots"},
        },
    }
    found = run(tmp_path, LINES, profile)
    assert votes(found.table) == {"13": 100, "22": 80}
    assert (found.total.boxes[Box.BLANK_BALLOTS], found.total.boxes[Box.NULL_BALLOTS]) == (190, 10)
    assert found.outcomes[""].options == ("13",)


def test_a_word_that_is_an_option_of_this_contest_is_one_when_the_profile_says_so(tmp_path):
    profile = LONG | {
        "options": {"column": "candidat", "votes": "voix", "boxes": {"BLANCO": "option", "NULO": "option"}}
    }
    profile["figures"] = {"registered": "inscrits"}
    assert votes(read(tmp_path, LINES, profile))["BLANCO"] == 190


def test_a_box_given_by_a_column_and_by_rows_is_refused(tmp_path):
    profile = LONG | {"options": {"column": "candidat", "votes": "voix", "boxes": {"NULO": "null_ballots"}}}
    assert problems(tmp_path, LINES, LONG | {"figures": {}})[0][0] == "IMP-237"
    with pytest.raises(BadProfile, match="IMP-101"):
        read(tmp_path, LINES, profile)


@pytest.mark.parametrize(
    "total",
    ["1190,622,17,605,280,", ",622,17,605,280,325", "1190,622,,605,280,325", "1190,,17,,280,325"],
    ids=["no last option", "no registered", "no null", "two boxes empty"],
)
@pytest.mark.parametrize("first", [False, True])
def test_a_total_that_leaves_boxes_empty_is_one_by_those_it_fills(tmp_path, total, first):
    """Counted as a station it doubled one list and not the other, and elected who had lost."""
    rows = [f"x,900,{total}", *ROWS] if first else [*ROWS, f"x,900,{total}"]
    assert problems(tmp_path, [HEAD, *rows]) == [("IMP-234", 2 if first else 5, "station")]


def test_a_station_with_an_empty_box_that_is_the_sum_of_nothing_stays_a_station(tmp_path):
    assert problems(tmp_path, [HEAD, *ROWS, "x,900,1190,622,17,605,281,"]) == []  # one vote from the sum
    assert problems(tmp_path, [HEAD, *ROWS, "x,900,,,,,280,"]) == []  # too little is written to know


SMALL = ["Kati,001,60,45,0,40,20,20", "Kati,002,60,40,0,35,15,20", "Kita,003,60,31,0,30,15,15"]


def test_a_total_of_two_small_boxes_is_one_and_no_station_that_elects(tmp_path):
    assert problems(tmp_path, [HEAD, *SMALL, "x,900,,,,,50,55"]) == [("IMP-234", 5, "station")]
    assert problems(tmp_path, [HEAD, *SMALL, "x,900,,,,,50,54"]) == []  # the sum of nothing
    kept = run(tmp_path, [HEAD, *SMALL, "x,900,,,,,50,55"], BASE | {"totals": "keep"})
    assert votes(kept.table) == {"A": 100, "B": 110}  # who says that it is a station is believed


def test_stations_with_empty_boxes_are_seldom_taken_for_a_total(tmp_path):
    chance, taken = random.Random(11), 0
    for n in range(100):
        rows = [[chance.randint(0, 90) for _j in range(6)] for _i in range(chance.randint(3, 40))]
        lines = [f"K{i % 3},{i:04d}," + ",".join(map(str, r)) for i, r in enumerate(rows)]
        lines.append(f"K0,9999,,,,,{chance.randint(60, 180)},{chance.randint(60, 180)}")
        taken += sums.totals(read(tmp_path, [HEAD, *lines], BASE | {"totals": "keep"}, f"{n}.csv")) != []
    assert taken <= 1


def test_each_total_says_the_lines_that_make_it_and_both_sides_of_every_box(tmp_path):
    lines = [HEAD, *ROWS[:2], f"Kati,Total Kati,{FIRST_TWO}", ROWS[2], f"x,TOTAL,{TOTAL}"]
    first, last = run(tmp_path, lines, BASE | {"totals": "skip"}).record()["totals"]
    assert (first["row"], first["lines"], first["set_aside"]) == (4, [[2, 3]], True)
    assert [(f["field"], f["written"], f["sum"]) for f in first["figures"]] == [
        ("registered", 780, 780), ("voters", 400, 400), ("null_ballots", 15, 15), ("valid", 385, 385), ("A", 180, 180), ("B", 205, 205),
    ]  # fmt: skip
    assert (last["row"], last["line_count"], last["lines"]) == (6, 2, [[4, 5]])  # the subtotal and the last station
    assert all(f["written"] == f["sum"] for f in last["figures"])


def test_a_total_that_is_no_sum_shows_the_lines_nearest_to_it_and_the_gap(tmp_path):
    path = saved(tmp_path, [HEAD, *ROWS, "Kati,TOTAL,1190,622,17,604,280,324"])
    made = profile_from(BASE)
    table = reading.read(files.opened(path), made, strict=False)[0]
    (one,) = table.proofs
    assert one.why is None and not one.aside and one.runs == ((2, 4),)
    assert [(f, a - b) for f, a, b in one.terms if a != b] == [("valid", -1), ("B", -1)]


def test_a_total_of_a_long_file_is_proved_by_the_names_that_the_profile_gives(tmp_path):
    rows = [f"{k},{s},{i},{v},0,{o},{n}" for k, s, i, v, a in (("Kati", "1", 4003, 2001, 1203), ("Kati", "2", 3807, 1805, 610), ("Kita", "3", 4101, 2200, 1007), ("x", "T", 11911, 6006, 2820)) for o, n in (("Aa", a), ("Bb", v - a))]  # fmt: skip
    profile = LONG | {"totals": "skip", "options": LONG["options"] | {"labels": {"Aa": "A", "Bb": "B"}}}
    (one,) = run(tmp_path, [LONG_HEAD, *rows], profile).table.proofs
    assert one.aside and [t for t in one.terms if t[0] in "AB"] == [("A", 2820, 2820), ("B", 3186, 3186)]
