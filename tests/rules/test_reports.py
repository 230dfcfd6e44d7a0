"""Small files on which other software decided wrongly: each, and siblings of it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from kalata.refusals import Refused
from kalata.results import tabulating
from kalata.results.commands import results
from kalata.results.rules.profile import OptionSpec
from tests.conftest import SHARED

R = SHARED / "reports"
pytestmark = pytest.mark.real


def outcome(name, profile):
    return tabulating.run(R / name, tabulating.load_profile(R / profile)).record()["outcome"]


@pytest.mark.parametrize(
    ("name", "profile", "status", "on_counted", "what"),
    [
        ("r05b_quorum_not_met.csv", "p_referendum.yaml", "undetermined", "rejected", ["quorum"]),
        ("r05c_quorum_exact.csv", "p_referendum.yaml", "adopted", None, []),
        ("r06_threshold_missing.csv", "r06_threshold.yaml", "undetermined", "seats", ["threshold"]),
        ("r06d_tie_runoff_missing.csv", "p_status_two_round.yaml", "undetermined", "tie", ["tie", "majority"]),
        ("r06e_tie_ref.csv", "p_referendum.yaml", "undetermined", "tie", ["tie", "quorum"]),
    ],
)
def test_what_missing_stations_could_still_change_is_said(name, profile, status, on_counted, what):
    found = outcome(name, profile)
    assert found["status"] == status and found.get("on_counted") == on_counted
    assert list(dict.fromkeys(c["what"] for c in found["open"])) == what


def test_the_list_below_the_threshold_and_the_station_that_could_lift_it_are_named():
    (change,) = outcome("r06_threshold_missing.csv", "r06_threshold.yaml")["open"]
    assert change["options"] == ["C"] and change["through"]["stations"] == 1 and change["through"]["registered"] == 10


@pytest.mark.parametrize("gone", ["003,20,,,,,,attendu", "003,12,,,,,,attendu"])
def test_a_quorum_met_exactly_is_undone_by_electors_who_may_not_vote(tmp_path, gone):
    exact = (R / "r05c_quorum_exact.csv").read_text() + gone + "\n"
    (tmp_path / "f.csv").write_text(exact)
    found = tabulating.run(tmp_path / "f.csv", tabulating.load_profile(R / "p_referendum.yaml")).record()["outcome"]
    assert found["status"] == "undetermined" and [c["what"] for c in found["open"]] == ["quorum"]


def test_a_constituency_absent_from_the_table_has_the_seats_of_the_system():
    found = tabulating.run(R / "r07_seats.csv", tabulating.load_profile(R / "r07_seats.yaml"))
    assert sum(found.outcomes["003"].seats().values()) == 4


@pytest.mark.parametrize("profile", ["p_one_option.yaml", "p_yes_not_in_file.yaml"])
def test_a_system_that_does_not_fit_is_a_coded_refusal(profile):
    with pytest.raises(Exception, match="RES-203"):
        outcome("r08_yesno.csv", profile)


def seats(*args, stdin=None):
    run = CliRunner().invoke(results, ["seats", "--json", *args], input=stdin)
    return run


@pytest.mark.parametrize(
    ("stdin", "code"),
    [
        ((R / "r21c_base.json"), "RES-212"),
        ((R / "r21d_base_text.json"), "RES-212"),
        ((R / "r22_twice.json"), "CLI-101"),
        ('{"votes": {"A": 3, "A": 4}}', "CLI-101"),
        ('{"votes": {"A": 3}, "votes": {"A": 4}}', "CLI-101"),
        ('{"votes": {"A": 3}, "base": 9}', "CLI-101"),
        ('{"A": 1.0}', "RES-210"),
        ('{"A": 1e3}', "RES-210"),
        ('{"A": "12"}', "RES-210"),
        ('{"A": -1}', "RES-210"),
        ('{"A": NaN}', "CLI-101"),
        ('{"votes": {"A": 3}, "threshold_base": -1}', "RES-212"),
        ('{"votes": {"A": 3}, "threshold_base": 3.5}', "RES-212"),
        ('["A"]', "CLI-101"),
    ],
)
@pytest.mark.parametrize("method", ["dhondt", "hare_lr", "quota_highest_average", "plurality", "two_round_majority"])
def test_votes_or_a_base_that_cannot_be_are_refused_and_nothing_is_shared(stdin, code, method):
    text = stdin if isinstance(stdin, str) else stdin.read_text()
    run = seats("--method", method, "--seats", "3", stdin=text)
    assert run.output == "" and getattr(run.exception, "code", "") == code


def test_a_seat_without_a_rule_is_raised_and_no_list_without_a_vote_has_one():
    run = seats("--method", "droop_lr", "--seats", "6", stdin='{"A": 7, "B": 1, "C": 0}')
    found = json.loads(run.output)
    assert found["seats"] == {"A": 4, "B": 1, "C": 0} and run.exit_code == 1
    assert sum(t["seats"] for t in found["ties"]) == 1


def test_an_order_that_names_no_list_of_the_input_is_refused():
    run = seats("--method", "dhondt", "--seats", "1", "--tie-order", "B,Z", stdin='{"A": 5, "B": 5}')
    assert getattr(run.exception, "code", "") == "RES-213"


# --- reading ------------------------------------------------------------------------------
def read_as(name, profile, corrections=None, **more):
    made = tabulating.load_profile(R / profile)
    for key, value in more.items():
        made = replace(made, **{key: value})
    return tabulating.run(R / name, made, corrections=corrections and R / corrections)


@pytest.mark.parametrize(
    ("name", "profile", "codes"),
    [
        ("r01_total_row.csv", "p_base.yaml", ["IMP-234"]),
        ("r01_total_row.csv", "p_base_expected3.yaml", ["IMP-234"]),
        ("r01_total_row.csv", "p_base_two_keys.yaml", ["IMP-234"]),
        ("r01b_subtotals.csv", "p_base_two_keys.yaml", ["IMP-234"] * 3),
        ("r02b_quote_to_end.csv", "p_base.yaml", ["IMP-118"]),
        ("r03_spaces.csv", "p_base.yaml", ["IMP-206"]),
        ("r04_three_decimals.csv", "p_base.yaml", ["IMP-205", "IMP-205"]),
        ("r10_long_conflict.csv", "p_long.yaml", ["IMP-238"] * 3),
        ("r11_long_blank_rows.csv", "p_long.yaml", ["IMP-237"] * 2),
        ("r12_title_rows.xlsx", "p_base.yaml", ["IMP-201"]),
        ("r12c_dates.xlsx", "p_base.yaml", ["IMP-231"]),
        ("r12d_formula.xlsx", "p_base.yaml", ["IMP-201"]),
        ("r12e_zero_format.xlsx", "p_base.yaml", ["IMP-206"]),
        ("r19_fr_burvot.csv", "p_burvot.yaml", ["IMP-113"]),
        ("r19h_nul.csv", "p_base.yaml", ["IMP-120"]),
    ],
)
def test_a_file_that_would_give_a_wrong_figure_is_refused_by_its_code(name, profile, codes):
    with pytest.raises(Refused) as caught:
        read_as(name, profile)
    assert ([p.code for p in getattr(caught.value, "problems", [])] or [caught.value.code]) == codes
    assert caught.value.message.text("fr") != caught.value.message.text("en")


@pytest.mark.parametrize(
    ("name", "profile", "votes", "kinds"),
    [
        ("r01c_equal_rows.csv", "p_base.yaml", {"A": 240, "B": 160}, []),
        ("r10b_long_first_blank.csv", "p_long.yaml", {"Alpha": 160, "Beta": 140}, []),
        ("r12b_notes_first.xlsx", "p_base.yaml", {"A": 180, "B": 205}, ["sheet"]),
        ("r12f_merged.xlsx", "p_base.yaml", {"A": 180, "B": 205}, ["merged"]),
        ("r12g_hidden.xlsx", "p_base.yaml", {"A": 180, "B": 205}, ["hidden"]),
        ("r14_import_two_spellings.csv", "p_import_long.yaml", {"Baobab": 230, "Étoile": 170}, ["added", "added"]),
        ("r19e_sep_line.csv", "p_base.yaml", {"A": 120, "B": 80}, ["before"]),
        ("r08_yesno.csv", "r08_yesno.yaml", {"Yes": 200, "No": 50}, []),
        ("r05c_quorum_exact.csv", "p_referendum_bare_yes.yaml", {"OUI": 400, "NON": 100}, []),
    ],
)
def test_a_file_that_can_be_read_is_read_and_what_was_done_to_it_is_said(name, profile, votes, kinds):
    found = read_as(name, profile)
    assert found.votes(found.total) == votes and [s.kind for s in found.table.said] == kinds
    said = found.record()["said"]
    assert all(s["fr"] and s["en"] and s["fr"] != s["en"] for s in said)


def test_the_merged_area_is_carried_and_the_total_left_out_on_demand_gives_the_right_sum():
    assert [a.path for a in read_as("r12f_merged.xlsx", "p_base.yaml").areas] == [("Kati",)]
    found = read_as("r01_total_row.csv", "p_base_expected3.yaml", totals="skip")
    assert found.votes(found.total) == {"A": 280, "B": 325} and found.total.stations == 3 and not found.notes
    kept = read_as("r01_total_row.csv", "p_base_expected3.yaml", totals="keep")
    assert any("4 bureaux, et 3 sont attendus" in n.text("fr") for n in kept.notes)


def test_a_correction_of_no_station_is_refused_and_a_partial_one_keeps_the_rest():
    with pytest.raises(Refused) as caught:
        read_as("r01c_equal_rows.csv", "p_base.yaml", "r20_correction_typo.csv")
    assert caught.value.problems[0].code == "IMP-239"
    found = read_as("r01c_equal_rows.csv", "p_base.yaml", "r20b_correction_partial.csv")
    assert found.votes(found.total) == {"A": 140, "B": 260} and found.total.boxes["registered"] == 800


def test_the_french_layout_is_read_once_the_profile_says_what_repeats():
    options = OptionSpec(column="Nom", votes="Voix", groups=("N°Panneau", "Nom", "Voix", "% Voix/Ins"))
    made = tabulating.load_profile(R / "p_burvot.yaml")
    layout = replace(made.layout, groups=options.groups, columns=made.station)
    found = read_as("r19_fr_burvot.csv", "p_burvot.yaml", options=options, layout=layout)
    assert found.votes(found.total) == {"BAOBAB": 900, "ETOILE": 744}
