"""Small files on which other software decided wrongly: each, and siblings of it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from kalata.results import tabulating
from kalata.results.commands import results
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
