"""From a file to the outcome: the pool of what is not settled, by constituency, in numerator and denominator."""

from __future__ import annotations

from pathlib import Path

import pytest

from kalata.refusals import Refused
from kalata.results import tabulating

HEAD = "circo,station,inscrits,sup,votants,exprimes,A,B,C,etat"
PROFILE = """
contest: {{id: x, system: {system}}}
rows: wide
station: [station]
{more}
figures: {{registered: inscrits, additional: sup, voters: votants, valid: exprimes}}
options: [A, B, C]
status: {{column: etat, counted: [c], annulled: [a], missing: [m], rerun: [r], contested: [k]}}
"""
CIRCO = "constituency: [circo]"


def run(tmp_path: Path, rows: list[str], system: str = "plurality", more: str = "") -> tabulating.Tabulation:
    (tmp_path / "p.yaml").write_text(PROFILE.format(system=system, more=more), encoding="utf-8")
    (tmp_path / "f.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return tabulating.run(tmp_path / "f.csv", tabulating.load_profile(tmp_path / "p.yaml"))


def outcome(tmp_path, rows, **more):
    return run(tmp_path, rows, **more).outcomes[""]


LEAD = "X,1,400,0,100,100,60,40,0,c"


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ("X,2,19,0,,,,,,m", "elected"),
        ("X,2,20,0,,,,,,m", "undetermined"),
        ("X,2,19,1,,,,,,m", "undetermined"),  # one elector more beside the list
        ("X,2,,0,,,,,,m", "undetermined"),  # nobody knows how many
        ("X,2,20,0,20,20,20,0,0,a", "elected"),  # annulled for good: no vote comes from there
        ("X,2,19,0,20,20,20,0,0,r", "undetermined"),  # to be held again: the list, or the papers already seen
        ("X,2,19,0,10,10,10,0,0,r", "elected"),
        ("X,2,19,0,4,4,4,0,0,k", "elected"),  # contested: 60 to 40 without it, 19 electors in it
        ("X,2,20,0,4,4,4,0,0,k", "undetermined"),
    ],
)
def test_electors_of_what_is_missing_annulled_to_be_rerun_or_contested_are_in_the_pool(tmp_path, row, status):
    found = outcome(tmp_path, [LEAD, row])
    assert found.status == status
    if status == "undetermined":
        assert found.open and found.open[0].through[0].stations == 1
        assert found.open[0].through[0].codes == ("2",)


def test_who_could_replace_whom_is_told_with_votes_stations_and_reasons(tmp_path):
    rows = [LEAD, "X,2,15,0,,,,,,m", "X,3,6,0,2,2,2,0,0,k"]
    (change,) = run(tmp_path, rows).record()["outcome"]["open"]
    assert change == {
        "what": "first",
        "options": ["B"],
        "instead_of": ["A"],
        "votes": 20,
        "through": {
            "stations": 2,
            "registered": 21,
            "why": {"missing": 1, "contested": 1},
            "codes": ["2", "3"],
        },
        "tight": True,
    }


@pytest.mark.parametrize(
    ("row", "why"),
    [("Y,3,{n},0,,,,,,m", "missing"), ("Y,3,{n},0,4,4,4,0,0,k", "contested"), ("Y,3,{n},0,4,4,4,0,0,r", "rerun")],
)
@pytest.mark.parametrize(("electors", "status"), [(19, "elected"), (20, "undetermined")])
def test_each_constituency_has_its_own_pool_whatever_the_reason(tmp_path, row, why, electors, status):
    """20 votes of lead in each; what is not settled in one says nothing of the other."""
    rows = [LEAD, "Y,2,400,0,100,100,60,40,0,c", row.format(n=electors)]
    found = run(tmp_path, rows, more=CIRCO).outcomes
    assert found["X"].status == "elected" and found["X"].open == () and found["Y"].status == status
    assert [(t.why, t.codes) for c in found["Y"].open for t in c.through] == ([(why, ("3",))] if electors == 20 else [])


def test_an_option_without_a_vote_here_can_still_win_through_what_is_missing_here(tmp_path):
    rows = ["X,1,400,0,100,100,100,0,0,c", "X,2,100,0,,,,,,m"]
    found = run(tmp_path, rows, more=CIRCO).outcomes["X"]
    assert found.status == "undetermined" and {c.options[0] for c in found.open} == {"B", "C"}


def test_stations_that_are_announced_and_listed_nowhere_may_be_of_any_constituency(tmp_path):
    found = run(tmp_path, [LEAD], more=CIRCO + "\nexpected: 2").outcomes["X"]
    assert found.secured == "unknown" and found.status == "undetermined"
    known = CIRCO + "\nabsent: [{what: étranger, stations: 1, voters: 19}]"
    assert run(tmp_path, [LEAD], more=known).outcomes["X"].status == "elected"
    other = CIRCO + "\nabsent: [{what: étranger, stations: 1, voters: 900, constituency: Y}]"
    assert run(tmp_path, [LEAD], more=other).outcomes["X"].status == "elected"


@pytest.mark.parametrize(
    "system", ["{kind: two_round_majority, base: registered}", "{kind: two_round_majority, base: voters}"]
)
def test_a_base_that_some_station_leaves_empty_is_not_known(tmp_path, system):
    rows = ["X,1,100,0,60,60,60,0,0,c", "X,2,,0,,40,0,40,0,c"]
    found = outcome(tmp_path, rows, system=system)
    assert found.status == "undetermined" and "ne donnent pas" in found.reason.text("fr")


def test_seats_are_those_of_the_table_else_of_the_system_else_not_known(tmp_path):
    rows = ["X,1,400,0,100,100,60,40,0,c", "Y,2,400,0,100,100,60,40,0,c"]
    table = CIRCO + '\nseats: {"X": 3}'
    found = run(tmp_path, rows, system="{kind: pr_dhondt, seats: 5}", more=table).outcomes
    assert (sum(found["X"].seats().values()), sum(found["Y"].seats().values())) == (3, 5)
    found = run(tmp_path, rows, system="pr_dhondt", more=table).outcomes
    assert found["Y"].status == "undetermined" and "nombre de sièges" in found["Y"].reason.text("fr")
    found = run(tmp_path, rows, system="list_plurality", more=table).outcomes
    assert found["X"].seats() == {"A": 3, "B": 0} and found["Y"].status == "undetermined"


def test_seats_of_an_undetermined_constituency_are_in_no_sum(tmp_path):
    rows = [LEAD, "Y,2,400,0,100,100,60,40,0,c", "Y,3,90,0,,,,,,m"]
    record = run(tmp_path, rows, system="{kind: pr_dhondt, seats: 5}", more=CIRCO).record()["outcome"]
    assert record["status"] == "undetermined" and sum(record["seats"].values()) == 5
    assert {c["constituency"] for c in record["open"]} == {"Y"}


@pytest.mark.parametrize(
    "system", ["referendum", "{kind: referendum, 'yes': Oui, 'no': Non}", "{kind: referendum, 'yes': A, 'no': A}"]
)
def test_a_system_that_does_not_fit_the_options_is_refused_with_its_code(tmp_path, system):
    with pytest.raises(Refused) as refused:
        run(tmp_path, [LEAD], system=system)
    assert refused.value.code == "RES-203"


def test_more_votes_than_valid_votes_never_make_more_seats_than_there_are(tmp_path):
    rows = ["X,1,400,0,100,10,60,40,0,c"]
    system = "{kind: quota_highest_average, seats: 3, quota_base: valid}"
    found = outcome(tmp_path, rows, system=system)
    assert sum(found.seats().values()) <= 3
