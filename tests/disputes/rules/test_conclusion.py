"""What may be said of a case that was weighed: at the margin, one vote under it and one over; and what cannot be said."""

from __future__ import annotations

from typing import Any

import pytest

from kalata.disputes.rules import choices, conclusion
from kalata.disputes.rules.choices import BadLine, Choice, acts_of, case_of, tried
from kalata.disputes.rules.conclusion import Around, conclude, criteria, rests_on
from kalata.disputes.rules.materiality import Weighing
from kalata.disputes.rules.reach import reach
from kalata.text import Message
from tests.disputes.rules.cases import election, station

PLURALITY = {"kind": "plurality"}


def of(*rows: list[int], system: Any = PLURALITY, **more: Any) -> Any:
    stations = [station(f"S{n}", list(votes), **({"figures": {"registered": sum(votes) + 20}} if system else {})) for n, votes in enumerate(rows, 1)]  # fmt: skip
    return election(system, "ABCDEFG"[: len(rows[0])], stations, **more)


def annulled(base: Any, *codes: str, contested: Any = "all", **more: Any) -> Weighing:
    choice = Choice(annul=codes, **more)
    return tried(base, case_of(contested, acts_of(base, choice, {}, {}), choice.irregular))


def said(one: Weighing) -> str:
    return conclude(one).message.text("fr")


# --- the boundary ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("lead", "words"),
    [
        (9, conclusion.ELECTED),  # one vote more than what parts them
        (10, conclusion.TIE_AFTER),  # exactly it
        (11, "Ces actes ne changent pas l’issue ; annuler le bureau visé ne la changerait pas"),  # one vote short
    ],
)
def test_annulling_ten_votes_of_lead_changes_a_lead_of_nine_ties_one_of_ten_and_leaves_one_of_eleven(lead, words):
    base = of([20, 10], [50, 60 - lead])  # A leads by `lead` in all, by ten in S1
    assert sum(base.votes[0]) - sum(base.votes[1]) == lead
    found = said(annulled(base, "S1", contested=["S1"]))
    assert found.startswith(words.split(" %(")[0])


@pytest.mark.parametrize(("lead", "can"), [(10, True), (11, False)])
def test_the_ceiling_test_turns_at_the_very_vote(lead, can):
    base = of([20, 10], [50, 60 - lead])
    one = annulled(base, contested=["S1"])
    assert one.ceiling["can_change"] is can and one.ceiling["exact"] is True
    found = reach(one.places[0])
    assert found is not None and (found.need, found.ceiling) == (lead, 10)
    assert (found.ceiling >= found.need) is can


def test_the_running_sum_says_how_many_stations_are_enough_as_the_smallest_set_does():
    base = of([20, 10], [18, 10], [15, 10], [10, 15], [40, 36])
    one = annulled(base, contested=["S1", "S2", "S3", "S4"])
    found = reach(one.places[0])
    assert found is not None and found.need == 22
    rows = found.rows()
    assert [r.brings for r in rows] == [10, 8, 5, -5] and [r.running for r in rows] == [10, 18, 23, None]
    assert one.minimal["stations"] == 3 == next(n for n, r in enumerate(rows, 1) if r.running >= found.need)
    assert (found.first, found.second) == (0, 1) and found.brought([0, 3]) == 5


# --- what cannot be said -----------------------------------------------------------------------------------
def test_where_the_outcome_in_force_is_a_tie_or_not_settled_no_effect_is_claimed():
    assert said(annulled(of([10, 10], [5, 5]), "S1")) == conclusion.TIED
    open_ = election(PLURALITY, "AB", [station("S1", [10, 5]), station("S2", [None, None], status="missing", figures={"registered": 90})])  # fmt: skip
    assert said(annulled(open_, "S1")) == conclusion.UNSURE


def test_a_new_vote_opens_the_outcome_to_the_registered_electors_of_its_stations_and_no_more():
    base = of([30, 10], [40, 30])  # S1: 60 registered, S2: 90; A leads by 30, by 10 without S1
    voted_again = annulled(base, rerun=("S1",))
    assert said(voted_again) == Message(conclusion.AGAIN, {"n": 1}).text()
    assert "Un changement reste possible" in " ".join(s.message.text("fr") for s in criteria(voted_again))
    safe = of([3, 1], [400, 30])  # 24 registered can do nothing to a lead of 370
    again = annulled(safe, rerun=("S1",))
    assert again.effect["same"] and "Aucun résultat n’y changerait l’issue" in " ".join(s.message.text("fr") for s in criteria(again))  # fmt: skip


def test_without_a_contested_station_nothing_is_claimed_and_without_acts_the_ceiling_speaks():
    base = of([20, 10], [50, 51])
    assert said(annulled(base, contested=[])) == conclusion.NOTHING
    assert said(annulled(base, contested=["S1"])) == "Annuler le bureau visé changerait l’issue."


def test_irregular_ballots_are_robust_one_vote_below_the_lead_and_not_at_it():
    base = of([20, 11], [5, 5])
    for ballots, words in ((8, "donnent la même issue"), (9, "dépend de la façon")):
        one = annulled(base, irregular=(("S1", ballots),))
        assert words in " ".join(s.message.text("fr") for s in criteria(one)), ballots


def test_a_conclusion_says_what_it_rests_on():
    base = election(PLURALITY, "AB", [station("S1", [100, 5]), station("S2", [None, None], status="missing", figures={"registered": 9})])  # fmt: skip
    words = [s.message.text("fr") for s in rests_on(annulled(base), Around(public=True, pending=(2, 7), unresolved=1))]
    assert words[0] == "Sur les seuls relevés publics."
    assert any(w.startswith("Bureaux sans relevé compté : 1.") for w in words)
    assert any("non jugées : 2 ; elles visent 7" in w for w in words) and any(
        "sans bureau trouvé : 1" in w for w in words
    )


# --- every system ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("system", "rows", "more"),
    [
        ({"kind": "two_round_majority"}, ([51, 40, 9], [30, 20, 20]), {}),
        ({"kind": "two_option_majority", "yes": "A", "no": "B"}, ([60, 40], [20, 10]), {}),
        ({"kind": "proportional", "formula": "dhondt", "seats": 4}, ([60, 40], [20, 13]), {}),
        (
            {"kind": "proportional", "formula": "hare_lr", "seats": 4, "threshold": "5%"},
            ([60, 40, 4], [20, 13, 2]),
            {},
        ),
        ({"kind": "list_plurality"}, ([60, 40], [20, 13]), {"seats": 3}),
    ],
)
def test_every_system_has_a_sentence_and_a_bound_that_agrees_with_the_smallest_set(system, rows, more):
    base = of(*rows, system={**system, **more})
    one = annulled(base, "S2")
    assert said(one)
    found = reach(one.places[0])
    if found is not None and found.ceiling < found.need:
        return
    if found is not None and one.minimal is not None and one.minimal["stations"] is not None:
        assert found.brought(base.find(k) for k in one.minimal["set"]) >= 0


# --- acts that a person writes -----------------------------------------------------------------------------
NAMES = {"a": "votes.A", "exprimes": "figures.valid"}


def with_valid() -> Any:
    return election(PLURALITY, "AB", [station("S1", [30, 10], figures={"registered": 60, "valid": 40})])


def test_lines_become_acts_with_the_values_in_force_written_in_them():
    base = with_valid()
    acts = acts_of(base, Choice(rectify=(("S1", "A", 28),), deduct=(("S1", "A", 3),)), {"S1": "g1"}, NAMES)
    assert acts == [
        {"id": "1", "act": "RECTIFY", "station": ["S1"], "before": {"votes.A": 30}, "after": {"votes.A": 28}, "ground": "g1"},
        {"id": "2", "act": "RECTIFY", "station": ["S1"], "before": {"votes.A": 28, "figures.valid": 40},
         "after": {"votes.A": 25, "figures.valid": 37}, "ground": "g1", "method": "deducted"},
    ]  # fmt: skip
    one = tried(base, case_of("all", acts))
    assert one.applied.after.votes[0] == [25] and one.applied.after.valid == [37]


def test_stations_are_annulled_by_their_grounds_and_a_new_vote_is_ordered_in_them():
    base = of([1, 2], [3, 4], [5, 6])
    acts = acts_of(base, Choice(annul=("S3", "S1"), rerun=("S2",)), {"S1": "g1", "S2": "g2"}, {})
    assert [(a["act"], a.get("ground"), a["stations"]) for a in acts] == [
        ("ANNUL_STATION", "g1", [["S1"]]), ("ANNUL_STATION", "g2", [["S2"]]), ("ANNUL_STATION", None, [["S3"]]),
        ("RERUN_ORDER", None, [["S2"]]),
    ]  # fmt: skip


@pytest.mark.parametrize("line", ["S1 ; A", "S1 ; A ; x", "S1 ; ; 4", "S1 ; A ; -4", "S1 ; A ; " + "9" * 13, "S1 ; A ; 4 ; 5"])  # fmt: skip
def test_a_line_that_does_not_read_is_refused_by_its_number(line):
    with pytest.raises(BadLine) as met:
        choices.deducted(f"S1 ; A ; 4\n\n{line}")
    assert "ligne 3" in met.value.message.text("fr")


def test_more_ballots_than_an_option_has_are_a_fault_of_the_act_and_not_a_negative_vote():
    base = with_valid()
    with pytest.raises(Exception, match="n’est pas une case de ce scrutin"):
        tried(base, case_of("all", acts_of(base, Choice(deduct=(("S1", "A", 31),)), {}, NAMES)))


def test_the_bound_that_is_shown_is_a_margin_between_people_and_not_that_no_vote_be_left():
    base = of([13, 17], [17, 13], [9_000, 5_000])
    found = reach(annulled(base, contested=["S1", "S2"]).places[0])
    assert found is not None and (found.first, found.second) == (0, 1) and (found.need, found.ceiling) == (4_000, 4)
