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


# --- siblings: the same kinds on other figures, at each boundary --------------------------------------------
def tabulated(tmp_path, text, profile):
    (tmp_path / "f.csv").write_text(text)
    (tmp_path / "p.yaml").write_text(profile)
    return tabulating.run(tmp_path / "f.csv", tabulating.load_profile(tmp_path / "p.yaml"))


def with_rows(name, *rows, without=()):
    kept = [line for line in (R / name).read_text().splitlines() if not any(w in line for w in without)]
    return "\n".join([*kept, *rows]) + "\n"


@pytest.mark.parametrize(
    ("voting", "status"), [("004,9,,,,,,attendu", "rejected"), ("004,10,,,,,,attendu", "undetermined")]
)
def test_a_quorum_not_met_opens_with_the_very_electors_who_could_meet_it(tmp_path, voting, status):
    """495 of 1,000 voted: 9 more of 1,009 do not make half, 10 more of 1,010 do."""
    text = with_rows("r05b_quorum_not_met.csv", voting, without=["003,"])
    found = tabulated(tmp_path, text, (R / "p_referendum.yaml").read_text()).record()["outcome"]
    assert found["status"] == status


@pytest.mark.parametrize(
    ("electors", "status"), [(1, "seats"), (2, "seats"), (3, "undetermined"), (10, "undetermined")]
)
def test_a_threshold_is_open_from_the_votes_that_reach_it_on_the_grown_base(tmp_path, electors, status):
    """C has 48 of 1,000: 2 more make 50 of 1,002, below 5 %; 3 more make 51 of 1,003, above."""
    text = with_rows("r06_threshold_missing.csv", f"002,{electors},,,,,,,attendu", without=["002,"])
    assert tabulated(tmp_path, text, (R / "r06_threshold.yaml").read_text()).record()["outcome"]["status"] == status


@pytest.mark.parametrize(("name", "profile"), [("r06d_tie_runoff_missing.csv", "p_status_two_round.yaml"), ("r06e_tie_ref.csv", "p_referendum.yaml")])  # fmt: skip
@pytest.mark.parametrize(("electors", "status"), [(0, "tie"), (1, "undetermined")])
def test_a_tie_is_one_only_where_nobody_is_left_to_break_it(tmp_path, name, profile, electors, status):
    text = (R / name).read_text().replace(",500,", f",{electors},")
    found = tabulated(tmp_path, text, (R / profile).read_text()).record()["outcome"]
    assert found["status"] == status and found["tie"]["rule"] is None and found["tie"]["broken_by"] is None
    assert "aucune règle trouvée" in found["tie"]["rule_label"]["fr"]


@pytest.mark.parametrize(
    ("table", "seats_of_003", "status"),
    [('{001: 4, "002": 3, "003": 1}', 1, "seats"), ('{"001": 4}', 4, "seats"), ("{003: 7}", 7, "seats")],
)
def test_seats_are_those_of_the_table_by_its_codes_as_written_else_of_the_system(tmp_path, table, seats_of_003, status):
    profile = (R / "r07_seats.yaml").read_text().replace('{001: 4, "002": 3}', table)
    found = tabulated(tmp_path, (R / "r07_seats.csv").read_text(), profile)
    assert sum(found.outcomes["003"].seats().values()) == seats_of_003 and found.outcomes["003"].status.value == status


@pytest.mark.parametrize("table", ['{001: 4, "002": 3}', '{"001": 4}'])
def test_a_constituency_whose_seats_nobody_states_has_none_and_is_not_decided(tmp_path, table):
    profile = (R / "r07_seats.yaml").read_text().replace(", seats: 4}", "}").replace('{001: 4, "002": 3}', table)
    found = tabulated(tmp_path, (R / "r07_seats.csv").read_text(), profile)
    assert found.outcomes["003"].status.value == "undetermined" and found.outcomes["003"].seats() == {}


@pytest.mark.parametrize(("yes", "no"), [("Yes", "No"), ("on", "off"), ("y", "n"), ("Oui", "Non")])
def test_words_of_a_profile_are_the_words_of_the_file(tmp_path, yes, no):
    text = (R / "r08_yesno.csv").read_text().replace("Yes,No", f"{yes},{no}")
    profile = (R / "r08_yesno.yaml").read_text().replace("[Yes, No]", f"[{yes}, {no}]")
    profile = profile.replace("system: referendum", f"system: {{kind: referendum, yes: {yes}, no: {no}}}")
    found = tabulated(tmp_path, text, profile).record()["outcome"]
    assert found["status"] == "adopted" and found["options"] == [yes]


@pytest.mark.parametrize(("name", "status"), [("r05b_quorum_not_met.csv", "undetermined"), ("r05c_quorum_exact.csv", "adopted")])  # fmt: skip
def test_yes_and_no_without_quotation_marks_name_the_options_too(name, status):
    assert outcome(name, "p_referendum_bare_yes.yaml")["status"] == status


@pytest.mark.parametrize(
    ("votes", "n", "want", "left"),
    [
        ('{"A": 7, "B": 1, "C": 0}', 6, {"A": 4, "B": 1, "C": 0}, 1),
        ('{"A": 9, "B": 0, "C": 0}', 8, {"A": 5, "B": 0, "C": 0}, 3),
        ('{"A": 1, "B": 0}', 3, {"A": 1, "B": 0}, 2),
    ],
)
def test_more_seats_left_than_lists_with_a_claim_are_raised_and_never_given(votes, n, want, left):
    found = json.loads(seats("--method", "droop_lr", "--seats", str(n), stdin=votes).output)
    assert sum(found["seats"].values()) + sum(t["seats"] for t in found["ties"]) == n
    assert all(held == 0 for o, held in found["seats"].items() if json.loads(votes)[o] == 0)
    assert found["seats"] == want and sum(t["seats"] for t in found["ties"]) == left


@pytest.mark.parametrize("base", [189, 190, 191])
def test_a_base_is_refused_just_below_its_parts_and_taken_from_them_on(base):
    run = seats("--method", "dhondt", "--seats", "3", stdin=f'{{"votes": {{"A": 100, "B": 90}}, "threshold_base": {base}}}')  # fmt: skip
    if base < 190:
        assert run.output == "" and run.exception.code == "RES-212"
    else:
        assert sum(json.loads(run.output)["seats"].values()) == 3
