"""Cases of the field guide (disputes, 10): what courts weighed, with their own figures."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kalata.disputes.elections import of_file
from kalata.disputes.rules.effect import recompute
from kalata.disputes.rules.election import Election
from kalata.disputes.rules.margins import margins_of
from kalata.disputes.rules.materiality import weigh
from kalata.results import tabulating
from kalata.text import percent
from tests.conftest import HERE, SHARED
from tests.disputes.rules.cases import annul, decided, election, rectify, station

R, P = SHARED / "results", HERE / "profiles"


def real(profile: str, file: str) -> Election:
    path: Path = R / file
    if not path.exists():
        pytest.skip(f"NOT CHECKED: {path} is not there")
    return of_file(path, tabulating.load_profile(P / f"{profile}.yaml"), {})


def test_bougouni_2020_the_leading_list_still_leads_by_356() -> None:
    rows = [
        station("kept", [44_423, 44_067], constituency="Bougouni"),
        station("annulled", [974, 969], constituency="Bougouni"),
    ]
    system = {"kind": "list_two_round_majority"}
    base = election(system, "AB", rows, seats={"Bougouni": 4}, round=2)
    done = decided(base, annul("annulled"))
    assert done.body["before"]["votes"] == {"A": 45_397, "B": 45_036}
    assert done.body["after"]["votes"] == {"A": 44_423, "B": 44_067}
    assert weigh(done.after, {}).record()["margins"][0]["margin"] == 356
    assert not any(done.changes.values())
    assert done.body["after"]["outcome"]["seats"] == {"A": 4, "B": 0}


def test_ghana_2012_the_shares_after_the_votes_asked_to_be_annulled() -> None:
    votes = [5_574_761, 38_223, 5_248_898, 64_362, 8_877, 24_617, 20_323, 15_201]
    rest = 3_931_339 - 2_622_551 - 1_233_186
    asked = [2_622_551, rest, 1_233_186, 0, 0, 0, 0, 0]
    left = [v - a for v, a in zip(votes, asked, strict=True)]
    left[1], left[3] = 0, left[3] + left[1]  # how the rest lies between the small options is not known; their sum is
    rows = [station("left", left), station("asked", asked)]
    done = decided(election({"kind": "two_round_majority"}, "ABCDEFGH", rows), annul("asked"))
    assert done.body["before"]["figures"]["valid"] == 10_995_262
    base = done.body["after"]["figures"]["valid"]
    assert base == 7_063_923 and done.annulled_votes == 3_931_339
    after = done.body["after"]["outcome"]
    assert after["status"] == "elected" and after["options"] == ["C"]
    shares = [percent(Fraction(done.body["after"]["votes"][o], base), "en") for o in "AC"]
    assert shares == ["41.79%", "56.85%"]


def test_kilgoris_the_margin_is_6652() -> None:
    base = election({"kind": "plurality"}, "AB", [station("all", [23_812, 17_160])])
    assert weigh(base, {}).record()["margins"] == [{"boundary": "rank", "constituency": None, "options": ["A", "B"], "margin": 6_652}]  # fmt: skip


def test_france_2024_6367_four_votes_over_an_eighth_of_registered_five_deducted_lose_the_qualification() -> None:
    system = {"kind": "two_round_majority", "qualify_at": {"share": "12.5%", "base": "registered"}}
    figures = {"registered": 80_000, "voters": 41_000}
    votes = [16_000, 14_000, 10_004]
    base = election(system, "ABC", [station("all", votes, figures=figures)])
    found = weigh(base, {"irregular": [{"station": ["all"], "votes": 5}]}).record()
    shares = {m["options"][0]: m["margin"] for m in found["margins"] if m["boundary"] == "qualification_share"}
    assert shares["C"] == 4 and found["outcome"]["options"] == ["A", "B", "C"]
    price = next(d for d in found["deductions"] if d["option"] == "C")
    assert price["votes"] == 5 and price["outcome"]["options"] == ["A", "B"]
    assert found["irregular"]["any"] == {"same": False}
    four = weigh(base, {"irregular": [{"station": ["all"], "votes": 4}]}).record()
    assert four["irregular"]["any"] == {"same": True}


def test_mali_2013_annulled_votes_are_a_third_category_beside_the_null_ballots() -> None:
    figures = {"voters": 3_345_253 - 113, "null_ballots": 389_876, "valid": 2_955_264, "ballots": 3_345_253 - 113}
    rows = [station("rest", [2_955_264, 0], figures=figures), station("annulled", [113, 0], figures={"voters": 113, "null_ballots": 0, "valid": 113, "ballots": 113})]  # fmt: skip
    done = decided(
        election({"kind": "two_round_majority"}, "AB", rows), annul("annulled"), annulled_keeps=["voters"]
    ).body
    after = done["after"]["figures"]
    assert done["annulled_votes"] == 113
    assert after["voters"] == after["null_ballots"] + done["annulled_votes"] + after["valid"] == 3_345_253


def test_mali_2023_the_log_explains_the_final_figures_and_the_nine_stay_a_finding() -> None:
    figures = {"valid": 3_307_402}
    system = {"kind": "referendum", "yes": "Y", "no": "N"}
    base = election(system, "YN", [station("Mali", [3_208_230, 99_181], figures=figures)])
    assert sum(c[0] for c in base.votes) - base.valid[0] == 9
    before = {"votes.Y": 3_208_230, "votes.N": 99_181, "figures.valid": 3_307_402}
    after = {"votes.Y": 3_110_877, "votes.N": 99_309, "figures.valid": 3_210_186}
    done = decided(base, rectify("Mali", before, after))
    assert done.body["difference"]["votes"] == {"Y": -97_353, "N": 128}
    assert done.findings == [], "E01 was broken before, and holds after"
    left = decided(base, rectify("Mali", {"votes.N": 99_181}, {"votes.N": 99_190}))
    assert left.findings == [], "already broken by nine: no new finding, and nothing is mended by itself"
    again = decided(done.after, rectify("Mali", {"figures.valid": 3_210_186}, {"figures.valid": 3_210_177}))
    assert [f["code"] for f in again.findings] == ["E01"]


@pytest.mark.real
def test_peru_2021_annulled_stations_keep_their_turnout_and_the_margin_is_43957() -> None:
    base = real("peru-2021-round2", "peru-2021-presidential/round2_stations.csv.gz")
    stations = base.record()["stations"]
    assert (stations["counted"], stations["annulled"], stations["missing"], len(base.keys)) == (86_262, 220, 6, 86_488)
    found = weigh(base, {"contested": [list(k) for k in base.keys[:3000]]})
    assert [m["margin"] for place in found.places for m in margins_of(place)] == [43_957]
    assert found.minimal is None or found.minimal["exact"]
    first = next(i for i, s in enumerate(base.standing) if s == 0)
    done = recompute(base, {"acts": [{"id": "1", "act": "ANNUL_STATION", "stations": [list(base.keys[first])]}]}).body
    assert done["annulled_keeps"] == ["registered", "voters", "null_ballots"]
    assert done["difference"]["figures"]["voters"] == 0 and done["difference"]["figures"]["valid"] < 0


@pytest.mark.real
def test_georgia_2016_district_66_is_still_a_runoff_without_its_contested_precincts() -> None:
    base = real("georgia-2016-round1", "georgia-2016-parliamentary/majoritarian_round1.csv.gz")
    name = next(c for c in base.constituencies if c.split()[0] in ("66", "66.0"))
    found = base.outcomes[name]
    assert found.status.value == "runoff"
    votes = base.votes_of(base.sums[base.constituencies.index(name)])
    best: Any = max(votes.values())
    assert percent(Fraction(best, sum(votes.values())), "en", 1) == "46.8%"
    stations = [i for i, c in enumerate(base.constituency or []) if c == base.constituencies.index(name)][:3]
    done = decided(base, {"act": "ANNUL_STATION", "stations": [list(base.keys[i]) for i in stations]})
    assert done.after.outcomes[name].status.value == "runoff"
    assert {k for k in base.outcomes if not base.outcomes[k].same_as(done.after.outcomes[k])} == set()


@pytest.mark.real
def test_georgia_2016_voted_again_precincts_are_counted_once_beside_those_they_repeat_which_are_kept() -> None:
    base = real("georgia-2016-round1", "georgia-2016-parliamentary/majoritarian_round1.csv.gz")
    again = real("georgia-2016-rerun", "georgia-2016-parliamentary/majoritarian_rerun.csv.gz")
    added, replaced = {}, {}
    for district in ("36", "66"):
        at = [i for i, key in enumerate(base.keys) if key[0].split(".")[0] == district]
        new = [i for i, key in enumerate(again.keys) if key[0].split(".")[0] == district]
        repeated = [i for i in at if base.keys[i][1] in {again.keys[n][1] for n in new}]
        sums = {o: sum(v[i] for i in at) for o, v in zip(base.options, base.votes, strict=True)}
        voted = {o: sum(v[i] for i in new) for o, v in zip(again.options, again.votes, strict=True)}
        assert set(voted) <= set(sums)
        added[district] = {o: n + voted.get(o, 0) for o, n in sums.items()}
        first = {o: sum(v[i] for i in repeated) for o, v in zip(base.options, base.votes, strict=True)}
        replaced[district] = {o: n - first[o] for o, n in added[district].items()}
        assert len(repeated) == 1, "one precinct of each district has its first day in the file"
        done = decided(base, {"act": "ANNUL_STATION", "stations": [list(base.keys[i]) for i in repeated]})
        kept = [done.after.votes[n][i] for n in range(len(base.options)) for i in repeated]
        assert kept == [base.votes[n][i] for n in range(len(base.options)) for i in repeated], "both versions stay"
    share = {how: Fraction(max(v["66"].values()), sum(v["66"].values())) for how, v in (("added", added), ("replaced", replaced))}
    assert percent(share["added"], "en", 1) == "48.1%" and share["replaced"] < Fraction(1, 2), "still a run-off"
