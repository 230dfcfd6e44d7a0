"""Keys that are folded and said, numbers that stay ambiguous, long files, corrections, words of a profile."""

import pytest

from kalata import plain
from kalata.results import tabulating
from kalata.results.rules.profile import profile_from
from kalata.results.rules.systems import BadSystem, Formula, system_from
from kalata.tables.rules.numbers import Fault, parse_count, style_of
from tests.rules.reading import BASE, HEAD, LONG, LONG_HEAD, ROWS, kinds, problems, read, run, saved, votes


# --- keys ---------------------------------------------------------------------------------
def test_areas_that_differ_by_spaces_case_width_or_accents_are_one_and_it_is_said(tmp_path):
    areas = ["Ségou", "SEGOU", "Ségou ", "S\u00e9gou\u00a0", "Se\u0301gou", "ｓéｇｏｕ", "segou"]
    rows = [f"{area},{i:03d},400,210,10,200,1{i}0,80" for i, area in enumerate(areas)]
    found = run(tmp_path, [HEAD, *rows])
    assert [(a.path, a.counted) for a in found.areas] == [(("Ségou",), 7)]
    assert kinds(found.table) == ["folded"] and "SEGOU" in found.table.said[0].message.text("fr")


def test_two_areas_of_one_name_under_two_regions_stay_two(tmp_path):
    profile = BASE | {"areas": ["region", "commune"], "station": ["station"]}
    rows = ["region," + HEAD, "Kayes,Kita,001,400,210,10,200,120,80", "Ségou,KITA,002,380,190,5,185,60,125"]
    assert len([a for a in run(tmp_path, rows, profile).areas if len(a.path) == 2]) == 2


@pytest.mark.parametrize("other", ["001 ", " 001", "\u00a0001", "００１", "001\t"])
def test_a_station_written_with_other_spaces_is_the_same_station(tmp_path, other):
    rows = [ROWS[0], ROWS[1].replace("002", other)]
    assert problems(tmp_path, [HEAD, *rows]) == [("IMP-206", 3, "station")]
    rows = [ROWS[0].replace("001", other), ROWS[1]]
    found = read(tmp_path, [HEAD, *rows])
    assert found.keys[0] == ("001",) and kinds(found) == (["folded"])


def test_a_key_made_of_an_area_holds_the_name_of_the_area(tmp_path):
    profile = BASE | {"station": ["commune", "station"]}
    rows = ["Ségou,1,400,210,10,200,120,80", "SEGOU ,1,380,190,5,185,60,125"]
    assert [p[:2] for p in problems(tmp_path, [HEAD, *rows], profile)] == [("IMP-206", 3)]


def test_constituencies_are_one_each_and_written_as_in_the_table_of_seats(tmp_path):
    profile = BASE | {
        "contest": {"id": "x", "system": {"kind": "pr_dhondt"}},
        "constituency": "commune",
        "seats": {"KATI": 3, "Kita": 2},
    }
    found = run(tmp_path, [HEAD, ROWS[0], ROWS[1].replace("Kati", "kati "), ROWS[2]], profile)
    assert {k: sum(o.seats().values()) for k, o in found.outcomes.items()} == {"KATI": 3, "Kita": 2}


@pytest.mark.parametrize("word", ["compte", "COMPTÉ", "Compté ", "\u00a0compte"])
def test_a_status_is_read_whatever_its_case_and_accents(tmp_path, word):
    profile = BASE | {"status": {"column": "etat", "counted": ["Compté"], "missing": ["attendu"]}}
    found = read(tmp_path, [HEAD + ",etat", ROWS[0] + f",{word}", ROWS[1] + ",attendu"], profile)
    assert found.standing.tolist() == [0, 2]


# --- numbers ------------------------------------------------------------------------------
def column(*cells):
    plains = [int(c) for c in cells if c.isdigit() and len(c) < 10]
    style = style_of([c for c in cells if not (c.isdigit() and len(c) < 10)], max(plains, default=None))
    return [parse_count(c, style) for c in cells]


@pytest.mark.parametrize(
    ("cells", "read_as"),
    [
        (("0.000", "5.000"), [0, 5]),  # a group that begins with zero is no thousand
        (("0,000", "120,000"), [0, 120]),
        (("120.000", "60.000"), [Fault.MIXED, Fault.MIXED]),  # 120 or 120 000: nobody can tell
        (("5.000",), [Fault.MIXED]),
        (("5,000", "12"), [Fault.MIXED, 12]),
        (("1.000", "99"), [Fault.MIXED, 99]),
        (("1.000", "100"), [1000, 100]),  # a column grouped by thousands has plain cells just short of one
        (("1.000", "999"), [1000, 999]),
        (("1.000", "1000"), [Fault.MIXED, 1000]),
        (("1.453", "2.000"), [1453, 2000]),
        (("1.453.000", "2.000"), [1453000, 2000]),
        (("1 000", "2 000"), [1000, 2000]),  # a space is never a decimal point
        (("0.000", "1.453"), [Fault.MIXED, Fault.MIXED]),
        (("0.125", "0.000"), [Fault.FRACTION, 0]),
        (("1453.0", "5.000"), [1453, 5]),
        (("9" * 5_000,), [Fault.ABSURD]),
        (("+" + "0" * 5_000 + "7",), [7]),
    ],
)
def test_thousands_or_decimals_as_the_column_shows_it_or_refused(cells, read_as):
    assert column(*cells) == read_as


def test_a_file_of_three_decimals_is_never_read_as_thousands(tmp_path):
    rows = ["Kati,001,400,210,0.000,200,120.000,80", "Kati,002,380,190,5.000,185,60.000,125"]
    assert problems(tmp_path, [HEAD, *rows]) == [("IMP-205", 2, "A"), ("IMP-205", 3, "A")]


# --- long files ---------------------------------------------------------------------------
def long(*rows):
    return [LONG_HEAD, *rows]


def test_figures_of_a_station_that_disagree_are_named_with_both_rows(tmp_path):
    lines = long("Kati,001,400,200,10,X,120", "Kati,001,410,200,12,Y,80")
    assert problems(tmp_path, lines, LONG) == [("IMP-238", 3, "inscrits"), ("IMP-238", 3, "nuls")]
    with pytest.raises(Exception, match=r"ligne 2.*dit 400"):
        run(tmp_path, lines, LONG)


@pytest.mark.parametrize("same", ["400", " 400", "400.0", "+400"])
def test_figures_that_agree_whatever_their_writing_pass(tmp_path, same):
    found = read(tmp_path, long("Kati,001,400,200,10,X,120", f"Kati,001,{same},200,10,Y,80"), LONG)
    assert found.figures[0].tolist() == [400, 200, 10]


def test_a_figure_is_the_first_that_is_written(tmp_path):
    found = read(tmp_path, long("Kati,001,,,,X,120", "Kati,001,400,200,10,Y,80", "Kati,002,300,,,X,40", "Kati,002,,100,5,Y,60"), LONG)  # fmt: skip
    assert found.figures.tolist() == [[400, 200, 10], [300, 100, 5]]


def test_a_station_in_two_areas_or_two_states_is_refused(tmp_path):
    lines = long("Kati,001,400,200,10,X,120", "Kita,001,400,200,10,Y,80")
    assert problems(tmp_path, lines, LONG) == [("IMP-238", 3, "commune")]
    assert problems(tmp_path, long("Kati,001,400,200,10,X,120", "KATI ,001,400,200,10,Y,80"), LONG) == []
    stated = [LONG_HEAD + ",etat", "Kati,001,400,200,10,X,120,ok", "Kati,001,400,200,10,Y,80,non"]
    profile = LONG | {"status": {"column": "etat", "counted": ["ok"], "annulled": ["non"]}}
    assert problems(tmp_path, stated, profile) == [("IMP-238", 3, "etat")]


def test_an_option_in_several_writings_is_one_and_no_vote_is_lost(tmp_path):
    lines = long("Kati,001,400,200,10,Baobab,120", "Kati,001,400,200,10,Étoile,80", "Kati,002,400,200,10,BAOBAB,110", "Kati,002,400,200,10,Etoile ,90")  # fmt: skip
    found = read(tmp_path, lines, LONG)
    assert votes(found) == {"Baobab": 230, "Étoile": 170} and kinds(found) == ["added", "added"]


def test_an_option_twice_for_one_station_is_refused(tmp_path):
    lines = long("Kati,001,400,200,10,X,120", "Kati,001,400,200,10,X,80")
    assert problems(tmp_path, lines, LONG) == [("IMP-209", 3, "candidat")]
    lines = long("Kati,001,400,200,10,X,120", "Kati,001,400,200,10,X ,80")
    assert problems(tmp_path, lines, LONG) == [("IMP-209", 3, "candidat")]


# --- corrections --------------------------------------------------------------------------
def fixed(tmp_path, *rows, head=HEAD, profile=BASE):
    return run(tmp_path, [HEAD, *ROWS], profile, corrections=[head, *rows])


def test_a_correction_of_a_station_that_is_not_there_is_refused_and_added_when_the_profile_says_so(tmp_path):
    row = "Kati,0O1,400,210,10,200,20,180"
    assert problems(tmp_path, [HEAD, *ROWS], corrections=[HEAD, row]) == [("IMP-239", 2, "station")]
    found = fixed(tmp_path, row, profile=BASE | {"corrections": "add"})
    assert len(found.table) == 4 and found.table.said[-1].kind == "correction"
    assert "dont 1 qui" in found.table.said[-1].message.text("fr")


def test_a_correction_of_some_figures_keeps_the_others(tmp_path):
    found = fixed(tmp_path, "Kati,001,,,,,20,180")
    assert votes(found.table) == {"A": 180, "B": 425} and found.total.boxes["registered"] == 1190
    assert "001 : A 120 → 20, B 80 → 180" in found.table.said[-1].message.text("fr")


def test_a_correction_may_hold_only_the_columns_that_change(tmp_path):
    found = fixed(tmp_path, "001,100", head="station,B")
    assert votes(found.table) == {"A": 280, "B": 345} and found.total.counted == 3
    assert [a.path for a in found.areas] == [("Kati",), ("Kita",)]
    found = fixed(tmp_path, "001,12", head="station,nuls")
    assert votes(found.table) == {"A": 280, "B": 325} and found.total.boxes["null_ballots"] == 19


def test_a_correction_that_gives_zero_is_not_blank(tmp_path):
    assert votes(fixed(tmp_path, "001,0", head="station,A").table) == {"A": 160, "B": 325}


def test_a_missing_station_becomes_counted_with_its_votes_and_an_annulled_one_does_not_by_itself(tmp_path):
    profile = BASE | {"status": {"column": "etat", "counted": ["ok"], "annulled": ["nul"], "missing": [""]}}
    base = [HEAD + ",etat", "Kati,001,400,,,,,,", ROWS[1] + ",nul", ROWS[2] + ",ok"]
    found = run(tmp_path, base, profile, corrections=["station,A,B", "001,10,20", "002,1,2"])
    assert (found.total.counted, found.total.annulled, found.total.missing) == (2, 1, 0)
    again = run(tmp_path, base, profile, corrections=["station,A,B,etat", "002,1,2,ok"])
    assert (again.total.counted, again.total.annulled, again.total.missing) == (2, 0, 1)


def test_a_rerun_with_other_lists_has_no_vote_for_those_that_did_not_run(tmp_path):
    profile = BASE | {"options": {"pattern": "L"}, "figures": {}}
    lines = ["commune,station,L1,L2,L3", "Kati,001,10,20,30", "Kati,002,1,2,3"]
    found = run(tmp_path, lines, profile, corrections=["commune,station,L2,L3", "Kati,001,25,35"])
    assert votes(found.table) == {"L1": 1, "L2": 27, "L3": 38}


# --- profiles -----------------------------------------------------------------------------
def made(tmp_path, text):
    return tabulating.load_profile(saved(tmp_path, text, "p.yaml"))


def test_words_of_a_profile_are_the_words_of_the_file(tmp_path):
    text = """
contest: {id: ref, system: {kind: referendum, yes: Yes, no: No}}
station: [station]
options: [Yes, No]
seats: {001: 4, 010: 2, on: 1}
"""
    profile = made(tmp_path, text)
    assert profile.options.columns == ("Yes", "No") and (profile.system.yes, profile.system.no) == ("Yes", "No")
    assert dict(profile.seats) == {"001": 4, "010": 2, "on": 1}
    assert votes(
        run(tmp_path, ["station,Yes,No", "001,200,50"], {"station": "station", "options": ["Yes", "No"]}).table
    )


def test_a_key_twice_in_a_profile_is_refused_with_both_lines(tmp_path):
    with pytest.raises(Exception, match=r"IMP-101.*options.*deux fois, déjà ligne 2"):
        made(tmp_path, "station: [s]\noptions: [A]\nfigures: {}\noptions: [B]\n")
    with pytest.raises(plain.BadYaml):
        plain.yaml_of("a: {b: 1, b: 2}", file="x")


def test_formula_and_method_are_one_word():
    for word in ("formula", "method"):
        assert system_from({"kind": "proportional", word: "sainte_lague"}).formula is Formula.SAINTE_LAGUE
    assert system_from({"kind": "proportional", "formula": "dhondt", "method": "dhondt"}).formula is Formula.DHONDT
    with pytest.raises(BadSystem):
        system_from({"kind": "proportional", "formula": "dhondt", "method": "sainte_lague"})


@pytest.mark.parametrize(
    "bad",
    [
        {"header": 0},
        {"header": {"row": 1, "rows": 9}},
        {"header": "deux"},
        {"totals": "peut-être"},
        {"corrections": "oui"},
        {"options": {"column": "c", "votes": "v", "groups": ["x"]}},
        {"rows": "long", "options": {"column": "c", "votes": "v", "boxes": {"NULO": "rien"}}},
        {"rows": "long", "options": {"column": "c", "votes": "v", "box": {}}},
    ],
)
def test_what_a_profile_says_of_the_layout_is_checked(bad):
    with pytest.raises(Exception, match="IMP-101"):
        profile_from(BASE | bad)
