"""Section 2 of the interface: margins, the effect of acts, the smallest set, the price of another outcome, irregular ballots."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from kalata.disputes.rules import minimal
from kalata.disputes.rules.acts import Faulty
from kalata.disputes.rules.election import Election
from kalata.disputes.rules.materiality import Weighing, weigh
from kalata.disputes.rules.written import election_from
from tests.disputes.rules import plain_weighing as plain
from tests.disputes.rules.cases import annul, election, kept, raw, rectify, run, station
from tests.rules.small_elections import result_of

PLURALITY = {"kind": "plurality"}
MAJORITY = {"kind": "two_round_majority"}
DHONDT = {"kind": "proportional", "formula": "dhondt", "seats": 4}


def weighed(base: Election, *acts: dict[str, Any], **case: Any) -> dict[str, Any]:
    numbered = [{"id": str(n), **act} for n, act in enumerate(acts, 1)]
    return weigh(base, case | ({"acts": numbered} if acts else {})).record()


def of(system: dict[str, Any], *rows: list[int], options: str = "ABCDEFG", **more: Any) -> Election:
    """An election of stations S1, S2 … with these votes."""
    stations = [station(f"S{n}", list(votes)) for n, votes in enumerate(rows, 1)]
    return election(system, options[: len(rows[0])], stations, **more)


def margins(base: Election) -> list[tuple[str, list[str], int]]:
    return [(m["boundary"], m["options"], m["margin"]) for m in weighed(base)["margins"]]


# --- margins -----------------------------------------------------------------------------------------------
def test_the_majority_margin_is_what_the_first_has_over_the_smallest_number_that_elects() -> None:
    assert margins(of(MAJORITY, [51, 40, 9])) == [("majority", ["A"], 0)]
    assert margins(of(MAJORITY, [50, 40, 10])) == [("majority", ["A"], -1), ("qualification", ["B", "C"], 30)]


def test_the_qualification_margin_is_between_the_last_qualified_rank_and_the_next() -> None:
    three = of({**MAJORITY, "qualify": 3}, [30, 28, 22, 20])
    assert margins(three)[1] == ("qualification", ["C", "D"], 2)
    assert [m[0] for m in margins(of(MAJORITY, [50, 50]))] == ["majority"]


def test_each_option_has_its_margin_to_the_share_that_opens_the_second_round() -> None:
    system = {**MAJORITY, "qualify_at": {"share": "12.5%", "base": "registered"}}
    stations = [station("S1", [400, 350, 125, 124], figures={"registered": 1000})]
    found = margins(election(system, "ABCD", stations))
    assert found[2:] == [
        ("qualification_share", ["A"], 275),
        ("qualification_share", ["B"], 225),
        ("qualification_share", ["C"], 0),
        ("qualification_share", ["D"], -1),
    ]


def test_the_rank_margin_is_of_one_round_and_of_the_second() -> None:
    assert margins(of(PLURALITY, [50, 40, 9])) == [("rank", ["A", "B"], 10)]
    assert margins(of(MAJORITY, [50, 40], round=2)) == [("rank", ["A", "B"], 10)]


def test_a_referendum_has_the_margins_of_adoption_and_of_its_quorum() -> None:
    system = {"kind": "referendum", "yes": "A", "no": "B", "turnout_quorum": "1/2"}
    for voters, quorum in ((50, 0), (49, -1)):
        stations = [station("S1", [30, 19], figures={"registered": 99, "voters": voters})]
        assert margins(election(system, "AB", stations)) == [
            ("adoption", ["A", "B"], 11),
            ("quorum", ["A", "B"], quorum),
        ]


def test_each_list_has_its_margin_to_the_threshold_strict_or_not() -> None:
    for op, want in ((">=", [85, 0, 0]), (">", [84, -1, -1])):
        system = {**DHONDT, "threshold": {"value": "5%", "op": op}}
        assert [m[2] for m in margins(of(system, [90, 5, 0], [0, 0, 5])) if m[0] == "threshold"] == want


# --- effect -------------------------------------------------------------------------------------------------
def test_the_effect_tells_who_loses_the_vote_and_whether_the_outcome_stands() -> None:
    rows = [
        station("S1", [60, 40], figures={"registered": 200}),
        station("S2", [30, 20], figures={"registered": 100}),
        station("S3", [10, 30], figures={"registered": 140}),
    ]
    base = election(PLURALITY, "AB", rows)
    stands = weighed(base, annul("S2"))["effect"]
    assert (stands["same"], stands["annulled_stations"], stands["annulled_votes"]) == (False, 1, 50)
    assert stands["registered"] == 100 and stands["registered_share"] == {"fraction": "5/22", "decimal": "0.227273"}
    assert stands["outcome"]["status"] == "tie"
    assert weighed(base, annul("S3"))["effect"]["same"]
    assert weighed(base, rectify("S1", {"votes.A": 60}, {"votes.A": 61}))["effect"]["annulled_stations"] == 0


def test_without_acts_there_is_no_effect() -> None:
    base = of(PLURALITY, [60, 40])
    assert "effect" not in weighed(base) and "effect" not in weighed(base, acts=[])


# --- the smallest set -----------------------------------------------------------------------------------------
def test_the_smallest_set_may_end_in_a_tie_and_the_decided_one_goes_further() -> None:
    found = weighed(of(PLURALITY, [30, 20], [30, 30], [20, 10], [9, 9]))
    assert (found["minimal"]["stations"], found["minimal"]["outcome"]["status"]) == (2, "tie")
    assert found["minimal"]["set"] == [["S1"], ["S3"]]
    assert found["minimal_decided"] is None
    more = weighed(of(PLURALITY, [30, 20], [30, 31], [20, 10], [20, 19]))
    assert (more["minimal"]["stations"], more["minimal_decided"]["stations"]) == (2, 3)


def test_only_contested_stations_may_be_annulled() -> None:
    base = of(PLURALITY, [40, 20], [30, 31], [20, 10])
    assert weighed(base, contested=[["S2"]])["minimal"] is None
    assert weighed(base, contested=[["S1"], ["S2"]])["minimal"] is None
    assert weighed(base, contested=[["S1"], ["S3"]])["minimal"]["stations"] == 2


def test_nothing_contested_changes_nothing_and_is_certain() -> None:
    found = weighed(of(PLURALITY, [40, 20]), contested=[])
    assert found["minimal"] is None and found["ceiling"]["can_change"] is False and found["ceiling"]["exact"]
    assert found["ceiling"]["fr"] != found["ceiling"]["en"]


def test_a_station_that_is_not_counted_cannot_be_annulled_and_is_said() -> None:
    rows = [
        station("S1", [40, 20]),
        station("S2", [1, 30], status="annulled"),
        station("S3", [9, 0], status="annulled"),
    ]
    base = election(PLURALITY, "AB", rows)
    found = weighed(base, contested=[["S3"], ["S2"]])
    assert found["minimal"] is None and found["ignored"] == [["S2"], ["S3"]]


def test_the_boxes_kept_are_those_of_the_case() -> None:
    system = {**MAJORITY, "base": "registered"}
    rows = [station("S1", [60, 40], figures={"registered": 110}), station("S2", [1, 1], figures={"registered": 11})]
    base = election(system, "AB", rows)
    assert weighed(base)["outcome"]["status"] == "elected"
    kept_ = weighed(base, annulled_keeps=["registered"])
    assert kept_["annulled_keeps"] == ["registered"]
    assert kept_["minimal"]["set"] in ([["S1"]], [["S2"]]) and kept_["minimal"]["stations"] == 1
    assert weighed(base, contested=[["S2"]], annulled_keeps=["registered"])["minimal"]["stations"] == 1
    assert weighed(base, contested=[["S2"]])["minimal"] is None


def test_the_smallest_set_of_several_constituencies_is_the_smallest_of_one() -> None:
    rows = [
        *(station(f"S{n}", [30, 10], constituency="K1") for n in range(1, 4)),
        station("S4", [11, 10], constituency="K2"),
        station("S5", [10, 10], constituency="K2"),
    ]
    system = {"kind": "list_plurality"}
    found = weighed(election(system, "AB", rows, seats={"K1": 3, "K2": 2}))
    assert found["minimal"]["set"] == [["S4"]]
    assert [c["outcome"]["status"] for c in found["minimal"]["constituencies"]] == ["elected", "tie"]


def test_where_two_constituencies_are_tied_a_decided_outcome_has_to_part_both() -> None:
    rows = [
        station("S1", [10, 10], constituency="K1"),
        station("S2", [6, 5], constituency="K1"),
        station("S3", [5, 6], constituency="K1"),
        station("S4", [6, 5], constituency="K2"),
        station("S5", [5, 6], constituency="K2"),
        station("S6", [9, 1], constituency="K3"),
    ]
    found = weighed(election({"kind": "list_plurality"}, "AB", rows, seats={"K1": 1, "K2": 1, "K3": 1}))
    assert found["outcome"]["status"] == "undetermined"
    assert found["minimal"]["stations"] == 1 and found["minimal_decided"]["stations"] == 2
    assert found["minimal_decided"]["outcome"]["status"] == "seats"


@pytest.mark.parametrize("n", [21, 60, 400])
def test_one_linear_condition_is_exact_for_any_number_of_stations(n: int) -> None:
    """The first in order of lead, one after the other, until the lead is gone: by hand."""
    chance = random.Random(n)
    rows = [[chance.randint(20, 60), chance.randint(10, 50), chance.randint(0, 30)] for _n in range(n)]
    systems = [PLURALITY, MAJORITY, {"kind": "list_plurality", "seats": 2}, {**MAJORITY, "majority": "1/3"}]
    for system in systems:
        found = weighed(of(system, *rows))
        assert found["minimal"]["exact"] and found["ceiling"]["exact"]
    leads = sorted((a - b for a, b, _c in rows), reverse=True)
    margin, size = sum(leads), 0
    while margin > 0:
        margin, size = margin - leads[size], size + 1
    assert weighed(of(PLURALITY, *rows))["minimal"]["stations"] == size
    two = weighed(of({"kind": "referendum"}, *[r[:2] for r in rows]))
    assert (two["minimal"]["stations"], two["minimal"]["exact"]) == (size, True)


def test_what_is_not_exact_says_so_and_how_far_it_is_certain(monkeypatch: pytest.MonkeyPatch) -> None:
    system = {"kind": "proportional", "formula": "droop_lr", "seats": 5}
    rows = [[90, 80, 30], [70, 60, 20], [65, 66, 30], [64, 60, 31]] * 8
    monkeypatch.setattr(minimal, "BUDGET", 5)
    least = weighed(of(system, *rows))["minimal"]
    assert least["exact"] is False and least["at_least"] >= 1 and least["stations"] >= least["at_least"]


def test_missing_stations_are_part_of_the_margin() -> None:
    """A lead of 30; what is missing could hold 10; two stations of 11 and 9 bring the lead within its reach."""
    rows = [
        station("S1", [50, 40], figures={"registered": 90}),
        station("S2", [31, 20], figures={"registered": 60}),
        station("S3", [29, 20], figures={"registered": 60}),
        {"station": ["S4"], "status": "missing", "figures": {"registered": 10}},
    ]
    found = weighed(election(PLURALITY, "AB", rows))
    assert found["outcome"]["status"] == "elected"
    assert (found["minimal"]["stations"], found["minimal"]["exact"]) == (2, True)
    assert found["minimal"]["outcome"]["status"] == "undetermined"
    assert found["minimal_decided"] is None


# --- the price of another outcome -------------------------------------------------------------------------------
def test_the_price_is_the_least_number_of_votes_off_one_option_that_changes_the_outcome() -> None:
    found = weighed(of(PLURALITY, [50, 40, 9]))["deductions"]
    assert [(d["option"], d["votes"]) for d in found] == [("A", 10), ("B", None), ("C", None)]
    assert found[0]["outcome"]["status"] == "tie" and found[1]["outcome"] is None


def test_votes_off_another_option_may_give_the_first_the_majority() -> None:
    found = weighed(of(MAJORITY, [50, 40, 10]))["deductions"]
    assert [d["votes"] for d in found] == [21, 1, 1]
    assert found[1]["outcome"]["status"] == "elected"


def test_in_a_proportional_contest_it_is_the_price_of_the_last_seat() -> None:
    found = weighed(of({**DHONDT, "seats": 3}, [100, 80, 49]))["deductions"]
    assert [d["votes"] for d in found][:2] == [2, 31]
    assert found[0]["outcome"]["status"] == found[1]["outcome"]["status"] == "tie"


# --- irregular ballots --------------------------------------------------------------------------------------------
def irregular(base: Election, **ballots: int) -> dict[str, Any]:
    rows = [{"station": [s], "votes": n} for s, n in ballots.items()]
    found: dict[str, Any] = weighed(base, irregular=rows)["irregular"]
    return found


def test_every_attribution_must_give_the_same_outcome() -> None:
    base = of(PLURALITY, [50, 40, 9], [5, 4, 1])
    assert irregular(base, S1=10)["any"] == {"same": True}
    assert irregular(base, S1=11)["any"] == {"same": False}
    assert irregular(base, S1=7, S2=4)["any"] == {"same": False}
    assert irregular(base, S1=3, S2=9)["any"] == {"same": True}, "no more than five can be off A in S2"


def test_the_readings_take_ballots_off_the_first_off_each_or_in_proportion() -> None:
    base = of(MAJORITY, [51, 30, 19])
    found = irregular(base, S1=2)
    assert found["readings"]["leader"]["same"] is False
    assert found["readings"]["leader"]["outcome"]["status"] == "runoff"
    assert found["readings"]["each"]["same"] and found["readings"]["proportional"]["same"]
    assert found["robust"] is False
    assert irregular(of(PLURALITY, [9, 1]), S1=1)["robust"] is True


def test_off_the_first_is_never_more_than_it_has_there_and_nobody_where_two_are_first() -> None:
    base = of(PLURALITY, [2, 40], [70, 20])
    assert irregular(base, S1=40)["readings"]["leader"]["same"] is True
    assert irregular(of(PLURALITY, [10, 10]), S1=1)["readings"]["leader"] is None


def test_fractions_are_compared_exactly_and_never_rounded() -> None:
    """A has 2/3 exactly before and after any proportional deduction; a rounded vote would lose or win it."""
    system = {"kind": "referendum", "yes": "A", "no": "B", "majority": "2/3", "majority_strict": False}
    assert irregular(of(system, [2, 1], [20, 10]), S1=1)["readings"]["proportional"]["same"] is True
    tie = of(PLURALITY, [3, 3, 1])
    assert irregular(tie, S1=1)["readings"]["proportional"]["outcome"]["status"] == "tie"


def test_voters_and_registered_do_not_fall_with_irregular_ballots() -> None:
    system = {"kind": "referendum", "yes": "A", "no": "B", "turnout_quorum": "1/2"}
    base = election(system, "AB", [station("S1", [40, 10], figures={"registered": 100, "voters": 50})])
    assert irregular(base, S1=20)["robust"] is True


# --- what is refused ------------------------------------------------------------------------------------------------
def test_all_that_is_wrong_in_a_case_is_listed() -> None:
    base = of(PLURALITY, [50, 40])
    bad = {
        "contested": [["S9"], "S1"],
        "irregular": [
            {"station": ["S8"], "votes": 1},
            {"station": ["S1"], "votes": -1},
            {"station": ["S1"], "votes": 91},
            3,
        ],
        "acts": [{"id": "1", "act": "QUALIFY"}],
        "annulled_keeps": ["x"],
    }
    with pytest.raises(Faulty) as found:
        weigh(base, bad)
    codes = [f.code for f in found.value.others]
    assert codes == ["DIS-505", "DIS-501", "DIS-501", "DIS-501", "DIS-505", "DIS-505", "DIS-506", "DIS-506"]


# --- against the plain reading ----------------------------------------------------------------------------------------
def small(case: plain.Case) -> Weighing:
    given = case.given()
    return weigh(election_from(given["election"]), given)


def disagreements(case: plain.Case) -> list[str]:
    """Where the product and the plain reading of a small case differ."""
    found = small(case)
    out = [] if result_of(found.places[0].found) == case.now() else ["outcome"]
    for decided, told in ((False, found.minimal), (True, found.minimal_decided)):
        size, exact = (None, True) if told is None else (told["stations"], told["exact"])
        if (size, exact) != (case.least(decided), True):
            out.append(f"least decided={decided}")
        if told is not None:
            gone = [int(key[0][1:]) for key in told["set"]]
            if plain.result(case.election, plain.total(case.election, gone, case.keeps)) == case.now():
                out.append("set")
    if found.ceiling["can_change"] != (case.least(False) is not None):
        out.append("ceiling")
    if [d["votes"] for d in found.prices()] != [case.price(j) for j in range(case.election.width)]:
        out.append("deductions")
    if found.readings["any"] != {"same": case.same_under_any()}:
        out.append("irregular any")
    if found.readings["readings"]["proportional"]["same"] != (case.proportional() == case.now()):
        out.append("irregular proportional")
    return out


@pytest.mark.parametrize("seed", range(10))
def test_small_elections_of_every_system_agree_with_a_plain_reading_of_every_subset(seed: int) -> None:
    """Thirty each: outcome, smallest sets, ceiling, prices, attributions."""
    cases = [(n, plain.case_at(random.Random(n))) for n in range(30 * seed, 30 * (seed + 1))]
    assert [(n, bad) for n, case in cases if (bad := disagreements(case))] == []


@pytest.mark.parametrize("whole", [20, 2])
def test_larger_sets_agree_with_every_subset_and_claim_no_more_than_is_so(whole: int, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(minimal, "TRIED_WHOLE", whole)
    monkeypatch.setattr(minimal, "BUDGET", 30)
    for n in range(40):
        chance = random.Random(n)
        case = plain.case_at(chance)
        width, top = case.election.width, chance.choice([3, 9, 40])
        rows = [plain.station_at(chance, width, top) for _n in range(8)]
        ahead = tuple(replace(s, votes=(s.votes[0] + top, *s.votes[1:]), voters=s.voters + top, registered=s.registered + top) for s in rows)  # fmt: skip
        case = replace(case, election=replace(case.election, stations=ahead), contested=tuple(range(8)), irregular={})
        for decided, told in ((False, small(case).minimal), (True, small(case).minimal_decided)):
            want = case.least(decided)
            if told is None or told["exact"]:
                assert (None if told is None else told["stations"]) == want, n
            else:
                assert whole == 2 and told["at_least"] <= (want or 99), n


@pytest.mark.parametrize("seed", range(4))
def test_constituencies_missing_and_inconsistent_reports_agree_with_every_subset(seed: int) -> None:
    """Annulled one subset after the other on the election itself, with what is missing held against each."""
    for n in range(25 * seed, 25 * (seed + 1)):
        chance = random.Random(n)
        given = plain.case_at(chance).given()
        del given["irregular"]
        two = chance.random() < 0.4
        for row in given["election"]["stations"]:
            if two:
                row["constituency"] = chance.choice("KL")
            row["status"] = chance.choice(["counted"] * 5 + ["missing", "annulled"])
            if row["status"] == "missing":
                row["figures"]["registered"] = chance.choice([0, 1, 2, 5])
            row["figures"]["valid"] += chance.random() < 0.1
        if two:
            given["election"]["contest"]["system"].setdefault("seats", 2)
        found = weigh(election_from(given["election"]), given)
        assert (size_of(found.minimal), size_of(found.minimal_decided)) == by_hand(found), n


def size_of(told: dict[str, Any] | None) -> int | None:
    assert told is None or told["exact"]
    return None if told is None else int(told["stations"])


def by_hand(found: Weighing) -> tuple[int | None, int | None]:
    base = found.election
    now = [o.key() for o in base.outcomes.values()]
    least: list[int | None] = [None, None]
    for size in range(1, len(found.contested) + 1):
        for gone in combinations(found.contested, size):
            other = base.with_(standing=[1 if i in gone else s for i, s in enumerate(base.standing)])
            if [o.key() for o in other.outcomes.values()] != now:
                least = [least[0] or size, least[1] or (None if other.undecided else size)]
    return least[0], least[1]


# --- the command --------------------------------------------------------------------------------------------------------
def test_a_batch_of_cases_is_answered_in_order_with_the_worst_status() -> None:
    good = raw(PLURALITY, "AB", [station("S1", [3, 1]), station("S2", [1, 2])])
    tie = raw(PLURALITY, "AB", [station("S1", [3, 3])])
    cases = [
        {"id": "m1", "election": good, "contested": "all"},
        {"id": "m2", "election": good, "contested": [["S9"]]},
        {"id": "m3", "election": good},
    ]
    status, answer, _err = run("materiality", "--cases", "-", stdin=json.dumps({"cases": cases}))
    assert status == 1 and [c["id"] for c in answer["cases"]] == ["m1", "m2", "m3"]
    assert answer["cases"][1]["error"]["code"] == "DIS-501" and answer["cases"][0]["minimal"]["stations"] == 1
    assert run("materiality", "--cases", "-", stdin=json.dumps({"cases": cases[:1]}))[0] == 0
    assert run("materiality", "--cases", "-", stdin=json.dumps({"cases": [{"id": "t", "election": tie}]}))[0] == 1
    acts = {"id": "e", "election": good, "acts": [{"id": "1", **annul("S1")}]}
    assert run("materiality", "--cases", "-", stdin=json.dumps({"cases": [acts]}))[0] == 1


def test_a_file_with_its_profile_and_a_case(tmp_path: Any) -> None:
    (tmp_path / "pv.csv").write_text("bureau,A,B\n1,50,40\n2,30,20\n3,10,20\n", encoding="utf-8")
    (tmp_path / "p.yaml").write_text(
        "contest: {id: p1, system: plurality}\nstation: [bureau]\noptions: [A, B]\n", encoding="utf-8"
    )
    case = kept(tmp_path / "c.json", {"id": "m1", "contested": [["1"], ["2"]]})
    status, answer, _err = run(
        "materiality", str(tmp_path / "pv.csv"), "--profile", str(tmp_path / "p.yaml"), "--case", case
    )
    assert status == 0 and answer["id"] == "m1" and answer["contest"] == "p1"
    assert answer["minimal"]["stations"] == 1 and answer["minimal"]["outcome"]["status"] == "tie"
