"""The gate: a clean draft passes, every planted disagreement is caught, at each boundary, with both figures."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalata.disputes.commands.law import norms_of
from kalata.disputes.rules.gate import CHECKS, examine
from kalata.disputes.rules.mismatch import CODES
from kalata.disputes.rules.written import election_from
from kalata.refusals import Refused
from tests.disputes.rules.drafts import TWO_ROUNDS, annul, clean, contest, rectify, station
from tests.sizes import size

SMALL = contest([station(n, v) for n, v in enumerate([(80, 60, 20), (40, 90, 30), (70, 50, 10), (30, 30, 30)], 1)])
ACTS = [annul("1", "S02", where={"area": "Commune 3"}), rectify("2", "S03", {"votes.A": 70}, {"votes.A": 70})]


@pytest.fixture(scope="module")
def ml():
    return norms_of("ml")


def draft(raw=SMALL, acts=ACTS, **over):
    return clean(raw, copy.deepcopy(acts), **over)


def failed(verdict):
    return {m.check for m in verdict.mismatches}


def judged(ml, decision, raw=SMALL):
    return examine(election_from(raw), decision, ml)


def only(verdict, check):
    """The mismatches, all of one check."""
    assert failed(verdict) == {check}, [m.record() for m in verdict.mismatches]
    assert {m.code for m in verdict.mismatches} == {CODES[check]}
    assert all(m.message.text("fr") and m.message.text("en") for m in verdict.mismatches)
    assert verdict.signature == "refused" and not verdict.holds(check)
    return [(m.printed, m.computed) for m in verdict.mismatches]


def test_a_clean_draft_is_allowed_and_all_fourteen_checks_answered(ml):
    record = judged(ml, draft()).record()
    assert record["mismatches"] == []
    assert record["signature"] == "allowed"
    assert [c["check"] for c in record["checks"]] == [
        "annexes", "units", "counts", "totals", "percentages", "outcome", "petitions", "grounds", "rectifications",
        "bench", "service", "articles", "deadline", "hands",
    ]  # fmt: skip
    assert all(c["holds"] for c in record["checks"])
    assert list(CODES.values()) == [f"DIS-6{n:02}" for n in range(1, 15)]
    assert len(record["recomputation"]["digest"]) == 64


def test_an_empty_draft_answers_all_fourteen_and_is_refused(ml):
    verdict = judged(ml, {})
    assert len(verdict.checks) == 14
    assert failed(verdict) == {"units", "bench", "hands"}
    assert verdict.signature == "refused"


@pytest.mark.parametrize("raw", [None, [], "x", 3])
def test_a_draft_that_is_no_table_is_refused(ml, raw):
    with pytest.raises(Refused):
        judged(ml, raw)


# --- annexes ------------------------------------------------------------------------------------------
def annexed(ml, change):
    decision = draft(acts=[annul("1", "S01", "S02"), annul("2", "S03")])
    change(decision["annexes"])
    return judged(ml, decision)


def test_an_annex_one_station_short_is_refused_and_the_station_named(ml):
    verdict = annexed(ml, lambda a: a[0].update(stations=[["S01"]], count=1, totals=None))
    assert (1, 2) in only(verdict, "annexes")
    assert verdict.mismatches[0].where["lacks"] == [["S02"]]


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a.pop(),
        lambda a: a.append(dict(a[0], annex="3")),
        lambda a: a.append({"annex": "3", "act": "9", "stations": [], "count": 0}),
        lambda a: a[0].update(stations=[["S01"], ["S03"]]),
        lambda a: a[0].update(stations=[["S01"], ["S02"], ["S04"]]),
        lambda a: a[0].update(stations=[["S01"], ["S02"], ["S02"]]),
        lambda a: a[0].update(stations=[["S01"], ["S99"]]),
        lambda a: a[0].update(stations=None),
        lambda a: a[0].update(stations="S01"),
        lambda a: a[0].update(count=3),
        lambda a: a[0].update(count="2"),
        lambda a: a[0].update(count=True),
        lambda a: a[0]["totals"].update(valid=319),
        lambda a: a[0]["totals"].update(unheard=1),
        lambda a: a[0].update(totals=[320]),
        lambda a: a[0].update(act=None),
        lambda a: a.append("3"),
    ],
)
def test_an_annex_that_is_not_its_act_is_refused(ml, change):
    only(annexed(ml, change), "annexes")


@pytest.mark.parametrize(
    "totals",
    [
        {"valid": 320},
        {"figures": {"valid": 320, "registered": 440}, "votes": {"A": 120}},
        {"votes.B": 150, "figures.null_ballots": 10},
        {},
        None,
    ],
)
def test_the_totals_of_an_annex_are_the_sums_of_its_stations(ml, totals):
    assert annexed(ml, lambda a: a[0].update(totals=totals)).allowed


def test_annexes_that_are_not_there_are_missed_and_a_count_not_printed_is_not(ml):
    decision = draft()
    del decision["annexes"]
    assert only(judged(ml, decision), "annexes") == [(0, 1)]
    assert annexed(ml, lambda a: a[0].pop("count")).allowed


# --- units --------------------------------------------------------------------------------------------
def test_a_station_that_does_not_exist_is_a_mismatch_not_a_refusal_to_work(ml):
    decision = draft()
    decision["acts"][0]["stations"].append(["S99"])
    decision["annexes"][0].update(stations=[["S02"], ["S99"]], count=2)
    verdict = judged(ml, decision)
    assert only(verdict, "units") == [(["S99"], None)]
    assert len(verdict.checks) == 14


def test_a_station_already_annulled_or_missing_has_nothing_to_annul(ml):
    for status in ("annulled", "missing"):
        raw = contest([*SMALL["stations"], station(5, (9, 9, 9), status=status)])
        decision = draft(raw)
        decision["acts"][0].update(stations=[["S02"], ["S05"]], where=None)
        decision["annexes"][0].update(stations=[["S02"], ["S05"]], count=2, totals=None)
        only(judged(ml, decision, raw), "units")


def test_a_station_in_two_acts_is_named(ml):
    decision = draft(acts=[annul("1", "S01", "S02")])
    decision["acts"].append(annul("2", "S02"))
    decision["annexes"].append({"annex": "2", "act": "2", "stations": [["S02"]], "count": 1})
    assert failed(judged(ml, decision)) == {"units"}


def test_a_station_outside_the_place_the_act_names_is_refused(ml):
    decision = draft()
    decision["acts"][0]["where"] = {"area": "Commune 1"}
    assert only(judged(ml, decision), "units") == [({"area": "Commune 1"}, ["Commune 3"])]
    decision["acts"][0]["where"] = {"weather": "rain"}
    only(judged(ml, decision), "units")
    decision["acts"][0]["where"] = "Commune 3"
    only(judged(ml, decision), "units")


def test_an_area_without_station_and_an_unknown_act_are_mismatches(ml):
    decision = draft(acts=[])
    decision["acts"] = [{"id": "1", "act": "ANNUL_AREA", "where": {"area": "Nowhere"}}]
    decision["annexes"] = [{"annex": "1", "act": "1", "stations": [], "count": 0}]
    only(judged(ml, decision), "units")
    decision = draft(acts=[])
    decision["acts"] = [{"id": "1", "act": "DANCE"}]
    only(judged(ml, decision), "units")


def test_who_is_elected_is_derived_and_never_an_act(ml):
    decision = draft(acts=[])
    decision["acts"] = [{"id": "1", "act": "DECLARE_ELECTED", "option": "B"}]
    only(judged(ml, decision), "outcome")


# --- counts, totals, percentages ---------------------------------------------------------------------------
@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("gap", [-1, 1])
def test_a_count_one_off_is_listed_with_both_figures(ml, place, gap):
    decision = draft()
    row = decision["printed"]["counts"][place]
    right = row["value"]
    row["value"] += gap
    assert only(judged(ml, decision), "counts") == [(right + gap, right)]


@pytest.mark.parametrize(
    "row",
    [
        {"what": "angels", "where": {}, "value": 1},
        {"what": "annulled_stations", "where": {"area": "Nowhere"}, "value": 0},
        {"what": "annulled_stations", "where": {"weather": "rain"}, "value": 0},
        {"what": "annulled_stations", "where": "Commune 3", "value": 1},
        {"what": "annulled_stations", "where": {}, "value": "1"},
        {"what": "annulled_stations", "where": {}, "value": True},
        {"what": "annulled_stations", "where": {}},
        {"where": {}, "value": 1},
        {"what": "petitions", "where": {"constituency": "K1"}, "value": 2},
        "536",
    ],
)
def test_a_count_that_cannot_be_made_is_a_mismatch(ml, row):
    decision = draft()
    decision["printed"]["counts"] = [row]
    only(judged(ml, decision), "counts")


def test_counts_by_place(ml):
    decision = draft(acts=[{"id": "1", "act": "ANNUL_AREA", "where": {"area": "Commune 2"}}])
    decision["printed"]["counts"] += [
        {"what": "annulled_stations", "where": {"area": "Commune 2"}, "value": 2},
        {"what": "annulled_stations", "where": {"area": "Commune 1"}, "value": 0},
        {"what": "annulled_votes", "where": {"area": "Commune 2"}, "value": 250},
    ]
    assert judged(ml, decision).allowed


@pytest.mark.parametrize(
    ("part", "name"), [("figures", "valid"), ("figures", "registered"), ("votes", "A"), ("votes", "C")]
)
@pytest.mark.parametrize("gap", [-1, 1])
def test_a_total_one_off_is_listed(ml, part, name, gap):
    decision = draft()
    decision["printed"]["percentages"] = None
    right = decision["printed"][part][name]
    decision["printed"][part][name] += gap
    assert only(judged(ml, decision), "totals") == [(right + gap, right)]


@pytest.mark.parametrize(
    "change",
    [
        {"votes": {"Z": 0}},
        {"figures": {"luck": 1}},
        {"votes": {"A": "180"}},
        {"votes": [180]},
        {"figures": {"valid": None}},
    ],
)
def test_a_total_of_nothing_known_is_a_mismatch(ml, change):
    decision = draft()
    decision["printed"] |= change
    only(judged(ml, decision), "totals")


def test_what_is_not_printed_is_not_checked(ml):
    decision = draft()
    for key in ("printed", "service", "articles", "deadline"):
        del decision[key]
    assert judged(ml, decision).allowed
    assert judged(ml, draft(printed={})).allowed


def test_votes_annulled_by_the_court_are_the_third_category(ml):
    decision = draft()
    decision["printed"]["figures"]["annulled_votes"] = 160
    assert judged(ml, decision).allowed
    decision["printed"]["figures"]["annulled_votes"] = 159
    assert only(judged(ml, decision), "totals") == [(159, 160)]


HALVES = contest([station(1, (1, 7, 0)), station(2, (0, 0, 0))])


@pytest.mark.parametrize(
    ("decimals", "printed", "good"),
    [
        (0, "13", True), (0, "12", False), (0, 13, True), (0, "13.0", True), (1, "12.5", True), (1, 12.5, True),
        (2, "12.50", True), (2, "12,50 %", True), (2, "12.5", True), (2, "12.51", False), (3, "12.500", True),
        (2, "", False), (2, None, False), (2, True, False), (2, "-12.50", False), (2, "12.5.0", False), (2, "1e1", False),
    ],
)  # fmt: skip
def test_a_percentage_is_rounded_half_up_at_its_decimals(ml, decimals, printed, good):
    decision = draft(HALVES, [])
    decision["printed"] = {"percentages": {"A": printed}, "decimals": decimals}
    verdict = judged(ml, decision, HALVES)
    assert verdict.allowed == good
    if not good:
        only(verdict, "percentages")


@pytest.mark.parametrize("decimals", [-1, 13, "2", True, 2.0])
def test_decimals_that_are_no_number_are_said(ml, decimals):
    decision = draft()
    decision["printed"]["decimals"] = decimals
    assert failed(judged(ml, decision)) == {"percentages"}


def test_a_percentage_of_no_votes_at_all_is_none(ml):
    decision = draft(HALVES, [annul("1", "S01")])
    decision["printed"]["percentages"] = {"A": "0.00"}
    assert only(judged(ml, decision, HALVES), "percentages") == [("0.00", None)]


def test_commune_III_2020_two_denominators_are_two_mismatches(ml):
    """1,920 = 9.48 % and 1,846 = 9.39 %: the press prints shares of two different totals (20,253 and 19,659)."""
    raw = contest([station(1, (1920, 1846, 20253 - 1920 - 1846))])
    decision = draft(raw, [])
    decision["printed"]["percentages"] = {"A": "9.48", "B": "9.39"}
    verdict = judged(ml, decision, raw)
    assert only(verdict, "percentages") == [("9.39", "9.11")]
    said = verdict.mismatches[0].message.both()
    assert "9,11" in said["fr"] and "9.11" in said["en"]  # each language's own decimal sign


# --- outcome -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "change",
    [
        {"elected": ["B"]}, {"elected": ["A", "B"]}, {"elected": []}, {"elected": ["A", "A"]}, {"elected": "A"},
        {"elected": [["A"]]}, {"elected": ["Z"]}, {"qualified": ["A"]}, {"result": "runoff"}, {"result": ["elected"]},
        {"order": [["B"], ["A"], ["C"]]}, {"order": [["A"], ["B"]]}, {"order": [["A", "B"], ["C"]]}, {"order": "ABC"},
        {"order": [["A"], ["B"], ["C"], ["C"]]}, {"order": [[], ["A"]]}, {"seats": {"A": 2}}, {"seats": {"Z": 0}},
        {"seats": ["A"]}, {"seats": {"A": "1"}}, {"elected": {"K1": ["A"]}}, {"result": {"K1": "elected"}},
    ],
)  # fmt: skip
def test_who_is_elected_and_the_order_are_as_derived(ml, change):
    decision = draft()
    decision["printed"] |= change
    only(judged(ml, decision), "outcome")


def test_the_order_may_be_printed_without_brackets(ml):
    decision = draft()
    decision["printed"]["order"] = ["A", "B", "C"]
    assert judged(ml, decision).allowed


def test_a_second_round_prints_who_qualifies(ml):
    raw = SMALL | {"contest": {"id": "k5", "system": TWO_ROUNDS, "round": 1}}
    decision = draft(raw)
    assert decision["printed"]["result"] == "runoff"
    assert judged(ml, decision, raw).allowed
    decision["printed"]["qualified"] = ["A", "C"]
    assert only(judged(ml, decision, raw), "outcome") == [(["A", "C"], ["A", "B"])]


PLACES = contest(
    [station(1, (80, 20), "K1"), station(2, (30, 60), "K1"), station(3, (10, 50), "K2"), station(4, (45, 20), "K2")],
    {"kind": "proportional", "formula": "hare_lr"},
    ("A", "B"),
    seats={"K1": 3, "K2": 1},
)  # fmt: skip


def placed(acts=()):
    decision = draft(PLACES, list(acts))
    for key in ("result", "elected", "qualified"):
        del decision["printed"][key]
    return decision


def test_with_constituencies_seats_and_elected_are_printed_by_place(ml):
    decision = placed()
    decision["printed"] |= {
        "seats": {"K1": {"A": 2, "B": 1}, "K2": {"B": 1}},
        "elected": {"K1": ["A", "B"], "K2": ["B"]},
    }
    assert judged(ml, decision, PLACES).mismatches == ()
    decision["printed"]["seats"]["K1"] = {"A": 1, "B": 2}
    verdict = judged(ml, decision, PLACES)
    assert only(verdict, "outcome") == [({"A": 1, "B": 2}, {"A": 2, "B": 1})]
    assert verdict.mismatches[0].where == {"field": "seats", "constituency": "K1"}


def test_seats_of_the_whole_are_the_sum_of_places_and_an_unknown_place_is_named(ml):
    decision = placed()
    decision["printed"]["seats"] = {"A": 2, "B": 2}
    assert judged(ml, decision, PLACES).allowed
    decision["printed"]["seats"] = {"K9": {"A": 1}}
    only(judged(ml, decision, PLACES), "outcome")
    decision["printed"]["seats"] = {"A": 3, "B": 1}
    only(judged(ml, decision, PLACES), "outcome")


def test_an_annulment_that_moves_a_seat_moves_what_may_be_printed(ml):
    decision = placed([annul("1", "S01", where={"constituency": "K1"})])
    decision["printed"]["seats"] = {"K1": {"A": 1, "B": 2}}
    decision["printed"]["counts"].append({"what": "annulled_stations", "where": {"constituency": "K1"}, "value": 1})
    assert judged(ml, decision, PLACES).mismatches == ()


# --- petitions, grounds, rectifications ------------------------------------------------------------------
@pytest.mark.parametrize(
    "change",
    [
        lambda d: (d["outcomes"].pop(), d["petitions"][1].update(grounds=[])),
        lambda d: d["outcomes"].append(dict(d["outcomes"][0])),
        lambda d: d["outcomes"].append({"petition": "P9", "outcome": "granted", "reasons": {}}),
        lambda d: d["petitions"].append({"petition": "P2", "grounds": ["g1"]}),
        lambda d: d["outcomes"][1].update(outcome=""),
        lambda d: d["outcomes"][1].update(outcome=None),
        lambda d: d["outcomes"][1].update(outcome=["rejected"]),
        lambda d: d["petitions"].append({"petition": "", "grounds": []}),
        lambda d: d["petitions"].append("P3"),
        lambda d: d["acts"].append({"id": "7", "act": "REJECT_UNFOUNDED", "petition": "2026-K9-000001"}),
    ],
)
def test_each_petition_has_one_outcome_and_no_outcome_is_without_petition(ml, change):
    decision = draft()
    decision["printed"]["counts"] = []
    change(decision)
    only(judged(ml, decision), "petitions")


def test_outcomes_that_are_not_there_leave_every_petition_and_ground_unanswered(ml):
    decision = draft()
    del decision["outcomes"]
    assert failed(judged(ml, decision)) == {"petitions", "grounds"}


def test_a_decision_of_the_courts_own_motion_has_no_petition(ml):
    decision = draft(petitions=[], outcomes=[])
    decision["printed"]["counts"] = []
    assert judged(ml, decision).allowed


@pytest.mark.parametrize("reason", ["", "  \n", None, 3, ["fondé"]])
def test_every_ground_has_a_reason_that_is_not_empty(ml, reason):
    decision = draft()
    decision["outcomes"][0]["reasons"]["g2"] = reason
    verdict = judged(ml, decision)
    only(verdict, "grounds")
    assert verdict.mismatches[0].where == {"petition": "P1", "ground": "g2"}


def test_a_reason_given_in_another_petition_answers_nothing(ml):
    decision = draft()
    decision["outcomes"][0]["reasons"] = {"g1": "fondé"}
    decision["outcomes"][1]["reasons"] = {"g1": "fondé", "g2": "fondé"}
    only(judged(ml, decision), "grounds")
    decision["outcomes"][0]["reasons"] = None
    assert len(judged(ml, decision).of("grounds")) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"before": {"votes.A": 71}}, {"ground": ""}, {"ground": None}, {"evidence": []}, {"evidence": None},
        {"evidence": [""]}, {"evidence": "ab"}, {"before": {"votes.Z": 1}, "after": {"votes.Z": 1}}, {"after": {}},
        {"after": {"votes.A": -1}}, {"after": {"votes.A": "70"}},
    ],
)  # fmt: skip
def test_a_rectification_has_the_value_in_force_a_ground_and_evidence(ml, change):
    decision = draft()
    decision["acts"][1] |= change
    decision["printed"] = {}
    only(judged(ml, decision), "rectifications")


def test_a_rectification_that_breaks_the_sheet_is_refused(ml):
    decision = draft(acts=[rectify("1", "S03", {"votes.A": 70}, {"votes.A": 71})])
    verdict = judged(ml, decision)
    only(verdict, "rectifications")
    assert verdict.mismatches[0].printed.startswith("E")


# --- bench -------------------------------------------------------------------------------------------
def benched(ml, **change):
    decision = draft()
    decision["bench"] = decision["bench"] | change
    return judged(ml, decision)


@pytest.mark.parametrize(
    "change",
    [
        {"present": ["j1", "j2", "j3", "j4"], "ayes": 3, "noes": 1},
        {"quorum": 6},
        {"present": ["j1", "j2", "j3", "j5", "j8"]},
        {"ayes": 3, "noes": 1},
        {"ayes": 4, "noes": 2},
        {"ayes": 2, "noes": 3},
        {"abstention": True, "ayes": 2, "noes": 2},
        {"abstention": True, "ayes": 4, "noes": 2},
        {"signatories": ["j3"]},
        {"signatories": ["j1", "j9"]},
        {"signatories": []},
        {"signatories": None},
        {"president": None},
        {"president": "j9"},
        {"present": ["j1", "j1", "j2", "j3", "j4"]},
        {"present": []},
        {"present": "j1"},
        {"present": [["j1"]]},
        {"ayes": None},
        {"ayes": "4"},
        {"ayes": True, "noes": 4},
        {"ayes": -1, "noes": 6},
        {"quorum": 0},
        {"quorum": "5"},
        {"members": 4},
        {"conflicts": "j8"},
    ],
)
def test_a_bench_that_could_not_decide_is_refused(ml, change):
    only(benched(ml, **change), "bench")


@pytest.mark.parametrize(
    "change",
    [
        {"ayes": 3, "noes": 2},
        {"ayes": 5, "noes": 0},
        {"abstention": True, "ayes": 2, "noes": 1},
        {"conflicts": []},
        {"conflicts": None},
        {"members": None, "quorum": None, "abstention": None},
        {"present": ["j1", "j2", "j3", "j4", "j5", "j6"], "ayes": 3, "noes": 3, "casting_vote": True},
    ],
)
def test_a_bench_that_could_decide(ml, change):
    assert benched(ml, **change).mismatches == ()


def test_equal_votes_need_the_casting_vote_of_the_president(ml):
    even = {"present": ["j1", "j2", "j3", "j4", "j5", "j6"], "ayes": 3, "noes": 3}
    only(benched(ml, **even, casting_vote=False), "bench")
    assert benched(ml, **even, casting_vote=True).allowed
    only(benched(ml, **(even | {"ayes": 2, "noes": 4}), casting_vote=True), "bench")


@pytest.mark.parametrize("bench", [None, {}, [], "j1"])
def test_a_bench_that_is_not_there_is_missed(ml, bench):
    only(judged(ml, draft(bench=bench)), "bench")


def test_another_quorum_than_the_packs_is_a_warning(ml):
    assert any("quorum" in w["fr"] for w in benched(ml, quorum=4).record()["warnings"])


# --- service, articles, deadline, hands -------------------------------------------------------------------
def served(ml, signed="2026-04-30T17:00", **row):
    party = {"party": "p1", "served_at": "2026-04-22T09:00", "reply_until": "2026-04-25T24:00", "waiver": ""} | row
    deadline = {"limit": "2026-05-01T24:00", "signed_at": signed, "breach_stated": False}
    return judged(ml, draft(service=[party], deadline=deadline))


@pytest.mark.parametrize(
    ("signed", "until", "good"),
    [
        ("2026-04-25T23:59", "2026-04-25T24:00", False),
        ("2026-04-25T24:00", "2026-04-25T24:00", True),
        ("2026-04-26T00:00", "2026-04-25T24:00", True),
        ("2026-04-25T18:00", "2026-04-25T18:00", False),
        ("2026-04-25T18:01", "2026-04-25T18:00", True),
        ("2026-04-25T18:00+01:00", "2026-04-25T17:00", False),
        ("2026-04-25T19:01+01:00", "2026-04-25T18:00", True),
        ("2026-04-26", "2026-04-25T24:00", True),
        ("2026-04-25", "2026-04-25T18:00", False),
        ("2026-04-22T08:59", "2026-04-21T24:00", False),
    ],
)
def test_the_time_to_reply_is_over_when_it_is_signed(ml, signed, until, good):
    verdict = served(ml, signed, reply_until=until)
    assert verdict.allowed == good
    if not good:
        only(verdict, "service")


@pytest.mark.parametrize(
    "row",
    [
        {"served_at": None},
        {"served_at": ""},
        {"served_at": "soon"},
        {"served_at": 20260422},
        {"reply_until": None},
        {"reply_until": "later"},
        {"served_at": "2026-05-01T09:00"},
        {"served_at": "2026-05-01T09:00", "reply_until": ""},
        {"mode": "hand", "proof": ""},
        {"mode": "portal", "reply_until": None, "term": ""},
        {"served_at": "2026-04-26T09:00"},
        {"served_at": None, "waiver": "they agree"},
        {"served_at": None, "waiver": "ML-D-NOWHERE"},
        {"served_at": None, "waiver": 12},
        {"served_at": None, "waiver": "art. 9999"},
        {"served_at": None, "waiver": "art. du règlement"},
        {"served_at": None, "waiver": "31"},
    ],
)
def test_a_party_not_served_or_still_in_time_to_reply_blocks(ml, row):
    only(served(ml, **row), "service")


def test_a_paper_that_no_act_gives_a_time_for_waits_for_nothing(ml):
    decision = draft(service=[{"party": "p1", "served_at": "2026-04-22T09:00", "term": "", "paper": "petition 1"}])
    verdict = judged(ml, decision)
    assert verdict.allowed and any("aucun acte" in w.text("fr") for w in verdict.warnings)


@pytest.mark.parametrize(
    "waiver", ["ML-D-OPERATIONS", "renonciation (ML-COMPLAINT-RESULTS)", "art. 31 LO 97-010", "Article 148"]
)
def test_a_waiver_names_an_article(ml, waiver):
    assert served(ml, served_at=None, reply_until=None, waiver=waiver).allowed


def test_without_a_signing_time_no_time_to_reply_is_over(ml):
    decision = draft()
    del decision["deadline"]
    decision["service"] = decision["service"][:1]
    only(judged(ml, decision), "service")


@pytest.mark.parametrize("article", ["ML-D-NOWHERE", "", None, 31, ["ML-D-OPERATIONS"], "S-QUORUM-2020"])
def test_an_article_is_a_norm_of_the_pack(ml, article):
    only(judged(ml, draft(articles=["ML-D-OPERATIONS", article])), "articles")


@pytest.mark.parametrize(
    ("limit", "signed", "stated", "good"),
    [
        ("2026-05-01T24:00", "2026-05-01T23:59", False, True),
        ("2026-05-01T24:00", "2026-05-01T23:59:59", False, True),
        ("2026-05-01T24:00", "2026-05-01T24:00", False, False),
        ("2026-05-01T24:00", "2026-05-02T00:00", False, False),
        ("2026-05-01T24:00", "2026-05-02T00:00", True, True),
        ("2026-05-01T24:00", "2026-05-02T00:00", "yes", False),
        ("2026-05-01T18:00", "2026-05-01T18:00", False, True),
        ("2026-05-01T18:00", "2026-05-01T18:01", False, False),
        ("2026-05-01T18:00", "2026-05-01T18:01+01:00", False, True),
        ("2026-05-01T24:00Z", "2026-05-01T23:59:59", False, True),
        ("2026-05-01T24:00Z", "2026-05-02T00:00", False, False),
        ("2026-05-01T18:00+01:00", "2026-05-01T17:00", False, True),
        ("2026-05-01T18:00+01:00", "2026-05-01T17:01", False, False),
        ("2026-05-01T18:00", "2026-05-01", False, False),
        (None, "2026-05-02T00:00", False, True),
        ("soon", "2026-05-01T18:00", False, False),
        ("2026-05-01T24:00", None, False, False),
        ("2026-05-01T24:00", None, True, True),
    ],
)
def test_signed_in_time_or_the_breach_is_stated(ml, limit, signed, stated, good):
    verdict = judged(ml, draft(service=[], deadline={"limit": limit, "signed_at": signed, "breach_stated": stated}))
    assert verdict.allowed == good
    if not good:
        only(verdict, "deadline")


@pytest.mark.parametrize(
    "hands",
    [
        None, {}, [], {"drafted_by": "j3"}, {"passed_by": "j3"}, {"drafted_by": "j3", "passed_by": "j3"},
        {"drafted_by": "j3", "passed_by": " J3 "}, {"drafted_by": "", "passed_by": "j1"}, {"drafted_by": 3, "passed_by": 4},
    ],
)  # fmt: skip
def test_two_different_persons_draft_and_pass(ml, hands):
    only(judged(ml, draft(hands=hands)), "hands")


# --- override ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("override", "signature"),
    [
        ({"signatures": ["j1", "j2"], "reasons": "urgence"}, "overridden"),
        ({"signatures": ["j1", "j2", "j3"], "reasons": "urgence"}, "overridden"),
        ({"signatures": ["j1"], "reasons": "urgence"}, "refused"),
        ({"signatures": ["j1", "j1"], "reasons": "urgence"}, "refused"),
        ({"signatures": ["j1", "j9"], "reasons": "urgence"}, "refused"),
        ({"signatures": ["j1", "j2"], "reasons": " "}, "refused"),
        ({"signatures": ["j1", "j2"]}, "refused"),
        ({"signatures": "j1 j2", "reasons": "urgence"}, "refused"),
        ([], "refused"),
        (None, "refused"),
    ],
)
def test_an_override_is_two_members_and_reasons_and_hides_nothing(ml, override, signature):
    decision = draft(override=override)
    decision["printed"]["elected"] = ["B"]
    verdict = judged(ml, decision)
    assert verdict.signature == signature
    assert failed(verdict) == {"outcome"}


def test_an_override_of_a_clean_draft_is_an_ordinary_signature(ml):
    assert judged(ml, draft(override={"signatures": ["j1", "j2"], "reasons": "x"})).signature == "allowed"


def test_a_member_in_conflict_overrides_nothing(ml):
    decision = draft(override={"signatures": ["j1", "j8"], "reasons": "x"})
    decision["bench"]["present"] = ["j1", "j2", "j3", "j4", "j8"]
    assert judged(ml, decision).signature == "refused"


# --- history -----------------------------------------------------------------------------------------
def test_bougouni_2020_the_other_list_cannot_be_declared_elected(ml):
    """45,397 v 45,036; eight stations with 974 and 969 annulled: 44,423 v 44,067, the leader ahead by 356."""
    votes = [(45397 - 974, 45036 - 969), *[(122, 121)] * 7, (120, 122)]
    raw = contest(
        [station(n, v, "Bougouni") for n, v in enumerate(votes, 1)],
        {"kind": "list_two_round_majority"}, ("RPM", "ADP"), 2, seats={"Bougouni": 4},
    )  # fmt: skip
    acts = [annul("1", *(f"S{n:02}" for n in range(2, 10)), where={"constituency": "Bougouni"})]
    decision = draft(raw, acts)
    decision["printed"] |= {"result": None, "elected": {"Bougouni": ["ADP"]}, "qualified": None}
    verdict = judged(ml, decision, raw)
    assert only(verdict, "outcome") == [(["ADP"], ["RPM"])]
    assert decision["printed"]["votes"] == {"RPM": 44423, "ADP": 44067}
    decision["printed"]["elected"] = {"Bougouni": ["RPM"]}
    decision["printed"]["seats"] = {"Bougouni": {"RPM": 4}}
    assert judged(ml, decision, raw).mismatches == ()


def test_2020_judgment_against_annex_four_mismatches_are_listed(ml):
    """The judgment prints 536 stations (42, 56, 233 in three constituencies), its annex has 927 (30, 420, 261)."""
    sizes = {"Commune V": (552, 30), "Commune VI": (658, 420), "Sikasso": (1083, 261), "Koro": (400, 216)}
    stations, keys = [], []
    for code, (all_, gone) in sizes.items():
        for n in range(all_):
            stations.append(
                {"station": [f"{code}-{n}"], "area": [code], "constituency": code, "votes": [60 + n % 3, 50]}
            )
            keys += [[f"{code}-{n}"]] if n < gone else []
    raw = contest(stations, {"kind": "list_two_round_majority"}, ("A", "B"), 2, seats=dict.fromkeys(sizes, 3))
    decision = draft(petitions=[], outcomes=[])
    decision["acts"] = [{"id": "1", "act": "ANNUL_STATION", "stations": keys}]
    decision["annexes"] = [{"annex": "1", "act": "1", "stations": keys, "count": 927}]
    said = {"Commune V": 42, "Commune VI": 56, "Sikasso": 233}
    decision["printed"] = {
        "counts": [
            *({"what": "annulled_stations", "where": {"constituency": c}, "value": n} for c, n in said.items()),
            {"what": "annulled_stations", "where": {}, "value": 536},
        ]
    }
    assert only(judged(ml, decision, raw), "counts") == [(42, 30), (56, 420), (233, 261), (536, 927)]


def test_consistency_case_CC13_a_misprinted_share_of_the_referendum_is_caught(ml):
    """Yes 3,110,877 and no 99,309 of 3,210,186: printed 96.81 and 38.23, computed 96.91 and 3.09."""
    raw = contest(
        [{"station": ["ML"], "votes": [3110877, 99309]}],
        {"kind": "referendum", "yes": "OUI", "no": "NON"},
        ("OUI", "NON"),
    )
    decision = draft(petitions=[], outcomes=[], acts=[], annexes=[])
    decision["printed"] = {
        "figures": {"valid": 3210186}, "result": "adopted", "percentages": {"OUI": "96,81", "NON": "38,23"}, "decimals": 2
    }  # fmt: skip
    decision["acts"] = []
    assert only(judged(ml, decision, raw), "percentages") == [("96,81", "96.91"), ("38,23", "3.09")]


@pytest.mark.parametrize(
    ("case", "figures", "votes", "wrong"),
    [
        ("CC04", {"valid": 2677803}, {"A": 1798632, "B": 879235}, []),
        ("CC10", {"valid": 3307402}, {"A": 3208230, "B": 99181}, []),
        ("CC04 with the sum printed as valid", {"valid": 2677867}, {"A": 1798632, "B": 879235}, [(2677867, 2677803)]),
        ("CC10 with the sum printed as valid", {"valid": 3307411}, {"A": 3208230, "B": 99181}, [(3307411, 3307402)]),
    ],
)
def test_figures_that_did_not_add_up_stay_as_the_records_have_them(ml, case, figures, votes, wrong):
    """A gap between valid votes and their sum is a finding of the records; the gate asks that they be printed as they are."""
    valid = 2677803 if "CC04" in case else 3307402
    raw = contest([{"station": ["ML"], "figures": {"valid": valid}, "votes": list(votes.values())}], options=("A", "B"))
    decision = draft(petitions=[], outcomes=[], annexes=[])
    decision |= {"acts": [], "printed": {"figures": figures, "votes": votes}}
    verdict = judged(ml, decision, raw)
    assert verdict.allowed if not wrong else only(verdict, "totals") == wrong


# --- properties --------------------------------------------------------------------------------------
@st.composite
def cases(draw):
    n = draw(st.integers(4, 9))
    sheets = [[draw(st.integers(0, 90)) for _o in range(3)] for _s in range(n)]
    sheets[0][0] += 1
    raw = contest(
        [station(i, v) for i, v in enumerate(sheets, 1)], draw(st.sampled_from([{"kind": "plurality"}, TWO_ROUNDS]))
    )
    order = draw(st.permutations(range(1, n + 1)))
    cut = draw(st.integers(0, n - 3))
    names = [f"S{i:02}" for i in order[:cut]]
    acts = [annul("a", *names[: cut // 2]), annul("b", *names[cut // 2 :])]
    acts = [a for a in acts if a["stations"]]
    at = order[-1]
    sheet = raw["stations"][at - 1]
    more = draw(st.integers(1, 20))
    before = {
        "votes.B": sheet["votes"][1],
        **{f"figures.{b}": sheet["figures"][b] for b in ("valid", "voters", "ballots")},
    }
    if draw(st.booleans()):
        acts.append(rectify("c", f"S{at:02}", before, {k: v + more for k, v in before.items()}))
    return raw, acts


PLANTS = {
    "annexes": lambda d: d["annexes"][0]["stations"].pop(),
    "units": lambda d: d["acts"][0]["stations"].append(["S98"]),
    "counts": lambda d: d["printed"]["counts"][0].update(value=d["printed"]["counts"][0]["value"] + 1),
    "totals": lambda d: d["printed"]["votes"].update(A=d["printed"]["votes"]["A"] + 1),
    "percentages": lambda d: d["printed"]["percentages"].update(A="100.01"),
    "outcome": lambda d: d["printed"].update(elected=["A", "B", "C"]),
    "petitions": lambda d: d["outcomes"].pop(0),
    "grounds": lambda d: d["outcomes"][0]["reasons"].pop("g2"),
    "rectifications": lambda d: d["acts"][-1].update(evidence=[]),
    "bench": lambda d: d["bench"].update(noes=2),
    "service": lambda d: d["service"][0].update(served_at=None),
    "articles": lambda d: d["articles"].append("ML-D-NOWHERE"),
    "deadline": lambda d: d["deadline"].update(signed_at="2026-05-02T00:00"),
    "hands": lambda d: d["hands"].update(passed_by="j3"),
}


@given(cases(), st.sampled_from(CHECKS))
@settings(max_examples=size(100, 1000), deadline=None)
def test_a_clean_draft_passes_and_every_planted_mismatch_is_caught(case, check):
    raw, acts = case
    law = norms_of_ml()
    decision = clean(raw, copy.deepcopy(acts))
    verdict = judged(law, decision, raw)
    assert verdict.mismatches == (), [m.record() for m in verdict.mismatches]
    needed = {"annexes": "ANNUL_STATION", "units": "ANNUL_STATION", "rectifications": "RECTIFY"}.get(check)
    kinds = [a["act"] for a in acts]
    if needed and (needed not in kinds if check == "rectifications" else kinds[:1] != [needed]):
        return
    PLANTS[check](decision)
    caught = judged(law, decision, raw)
    assert not caught.holds(check) and caught.signature == "refused"
    assert CODES[check] in {m.code for m in caught.mismatches}


@given(st.recursive(st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3), lambda t: st.lists(t, max_size=3) | st.dictionaries(st.sampled_from(["A", "valid", "petition", "where"]), t, max_size=3), max_leaves=8), st.sampled_from(["acts", "petitions", "outcomes", "printed", "annexes", "bench", "service", "hands", "articles", "deadline", "override", "annulled_keeps", "decision"]))  # fmt: skip
@settings(max_examples=size(100, 1000), deadline=None)
def test_no_value_of_any_key_stops_the_gate(value, key):
    verdict = judged(norms_of_ml(), draft() | {key: value})
    assert len(verdict.record()["checks"]) == 14


def leaves(value, path=()):
    """Where every value of a draft is."""
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from leaves(value[key], (*path, key))
    elif isinstance(value, list):
        for at in range(len(value)):
            yield from leaves(value[at], (*path, at))


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 10**18), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=4),
    st.just([]), st.just({}), st.just([[]]), st.just({"A": {}}), st.just([["S01"], ["S01"]]), st.just("%(x)s %d"),
)  # fmt: skip


@given(st.data())
@settings(max_examples=size(100, 1000), deadline=None)
def test_no_value_anywhere_in_a_draft_stops_the_gate(data):
    decision = draft()
    path = data.draw(st.sampled_from([p for p in leaves(decision) if p]))
    place = decision
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = data.draw(ODD)
    record = judged(norms_of_ml(), decision).record()
    assert len(record["checks"]) == 14
    assert {c["check"] for c in record["checks"] if not c["holds"]} == {m["check"] for m in record["mismatches"]}
    assert json.loads(json.dumps(record)) == record


CACHE = {}


def norms_of_ml():
    return CACHE.setdefault("ml", norms_of("ml"))
