"""An outcome at its edges: what is told as not settled, why, for whom, and whether the bound is tight. Held by `make mutate`."""

from fractions import Fraction

import pytest

from kalata.results.rules.bounds import Change, Missing, Secured, Totals, What
from kalata.results.rules.outcome import Status, decide, decide_place, depends_on_valid
from kalata.results.rules.systems import Formula, Kind, QualifyAt, System, Threshold

PLURALITY = System(Kind.PLURALITY)
PRESIDENT = System(Kind.TWO_ROUND_MAJORITY)
HALF_ENOUGH = System(Kind.TWO_ROUND_MAJORITY, majority_strict=False)
QUESTION = System(Kind.TWO_OPTION_MAJORITY, yes="OUI", no="NON", turnout_quorum=Fraction(1, 2))
LIST = System(Kind.LIST_PLURALITY)


def on(votes, **more):
    return Totals(votes, sum(votes.values()), **more)


def whats(found):
    return list(dict.fromkeys(change.what for change in found.open))


# --- nothing decided: what is open is everything, and is not said to be tight -----------------------------
def test_a_system_that_does_not_fit_leaves_everything_open_and_proves_nothing():
    found = decide(QUESTION, on({"OUI": 1}))
    assert found.open == (Change(What.UNKNOWN, ("OUI",), (), None, (), False),) and found.secured is Secured.UNKNOWN


def test_what_is_missing_is_named_where_a_system_does_not_fit_but_not_where_there_is_no_option():
    (change,) = decide(QUESTION, on({"OUI": 1}), missing=Missing(1, 5)).open
    assert [(t.why, t.stations) for t in change.through] == [("missing", 1)]
    (change,) = decide(PLURALITY, Totals({}, 0), missing=Missing(1, 5)).open
    assert change.through == ()


def test_the_same_votes_elect_under_one_base_and_not_under_the_other_and_nothing_is_decided():
    found = decide(PRESIDENT, Totals({"A": 1, "B": 0}, 3))  # one vote of three, or of one
    assert found.status is Status.UNDETERMINED and "E01" in found.reason.text("fr")
    assert found.open == (Change(What.UNKNOWN, ("A",), (), None, (), False),)
    assert decide(PRESIDENT, Totals({"A": 1, "B": 0}, 1)).status is Status.ELECTED


@pytest.mark.parametrize(
    ("system", "round_", "depends"),
    [
        (PLURALITY, 1, False), (PRESIDENT, 1, True), (PRESIDENT, 2, False),
        (System(Kind.LIST_TWO_ROUND_MAJORITY), 1, True),
        (System(Kind.TWO_ROUND_MAJORITY, base="registered"), 1, False),
        (System(Kind.TWO_ROUND_MAJORITY, base="registered", qualify_at=QualifyAt(Fraction(1, 8), "valid")), 1, True),
        (System(Kind.TWO_ROUND_MAJORITY, base="registered", qualify_at=QualifyAt(Fraction(1, 8), "registered")), 1, False),
        (System(Kind.PROPORTIONAL, formula=Formula.DHONDT), 1, False),
        (System(Kind.PROPORTIONAL, formula=Formula.DHONDT, threshold=Threshold(Fraction(1, 20))), 1, True),
        (System(Kind.PROPORTIONAL, formula=Formula.HARE_LR, quota_base="valid"), 1, True),
        (QUESTION, 1, False),  # more yes than no: no base
        (System(Kind.TWO_OPTION_MAJORITY, majority=Fraction(2, 3)), 1, True),
        (System(Kind.TWO_OPTION_MAJORITY, majority=Fraction(2, 3), base="registered"), 1, False),
        (System(Kind.TWO_OPTION_MAJORITY, base="registered"), 1, False),
    ],
)  # fmt: skip
def test_which_rules_depend_on_the_valid_votes(system, round_, depends):
    assert depends_on_valid(system, round_) is depends


@pytest.mark.parametrize(("seats", "status"), [({}, Status.UNDETERMINED), ({"X": 3}, Status.ELECTED)])
def test_a_list_that_takes_all_seats_of_a_constituency_waits_for_their_number(seats, status):
    votes = on({"A": 3, "B": 1})
    assert decide_place(LIST, votes, Missing(), code="X", seats=seats, round_=1).status is status
    assert decide_place(LIST, votes, Missing(), code=None, seats=seats, round_=1).status is Status.ELECTED
    assert decide_place(PLURALITY, votes, Missing(), code="X", seats={}, round_=1).status is Status.ELECTED


# --- ties: what more than the tie could change ------------------------------------------------------------
@pytest.mark.parametrize(
    ("system", "totals", "papers", "round_", "open_"),
    [
        (PLURALITY, on({"A": 5, "B": 5}), 1, 1, [What.TIE]),
        (PRESIDENT, on({"A": 5, "B": 5}), 1, 2, [What.TIE]),
        (HALF_ENOUGH, on({"A": 50, "B": 50, "C": 0}), 1, 1, [What.TIE]),  # half each: no majority is left to reach
        (PRESIDENT, on({"A": 40, "B": 30, "C": 30}), 20, 1, [What.TIE]),
        (PRESIDENT, on({"A": 40, "B": 30, "C": 30}), 21, 1, [What.TIE, What.MAJORITY]),  # 61 of 121
        (QUESTION, Totals({"OUI": 5, "NON": 5}, 10, voters=10, registered=20), 4, 1, [What.TIE, What.QUORUM]),
        (QUESTION, Totals({"OUI": 5, "NON": 5}, 10, voters=10, registered=16), 4, 1, [What.TIE]),  # 10 of 20 at worst
        (QUESTION, Totals({"OUI": 5, "NON": 5}, 10, voters=10, registered=17), 4, 1, [What.TIE, What.QUORUM]),
    ],
)  # fmt: skip
def test_a_tie_says_what_else_the_missing_could_change(system, totals, papers, round_, open_):
    found = decide(system, totals, missing=Missing(1, papers), round_=round_)
    assert (found.status, found.gap, whats(found)) == (Status.UNDETERMINED, 0, open_)


# --- the reason, in words -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("stations", "said"),
    [(None, "Le nombre de bureaux attendus n’est pas connu"), (3, "3 bureaux manquent et leur nombre d’inscrits")],
)
def test_an_unknown_number_of_stations_and_of_electors_are_two_reasons(stations, said):
    found = decide(PLURALITY, on({"A": 5, "B": 1}), missing=Missing(stations, None))
    assert found.reason.text("fr").startswith(said) and found.open[-1].tight is False


@pytest.mark.parametrize(("stations", "said"), [(None, "? (9 électeurs)"), (2, "2 (9 électeurs)")])
def test_the_reason_counts_what_is_not_settled(stations, said):
    reason = decide(PLURALITY, on({"A": 5, "B": 1}), missing=Missing(stations, 9)).reason.text("fr")
    assert reason.startswith(f"Bureaux en suspens : {said} ; l’écart décisif est de 4 voix.")


def test_one_station_and_one_elector_are_told_in_the_singular():
    reason = decide(PLURALITY, on({"A": 2, "B": 1}), missing=Missing(1, 1)).reason
    assert reason.text("fr").startswith(
        "Bureaux en suspens : 1 (1 électeur) ; l’écart décisif est de 1 voix. Il peut changer"
    )
    assert reason.text("en").startswith("Stations not settled: 1 (1 voter); the deciding gap is 1 vote. It may change")
    one, some = (decide(PLURALITY, on({"A": 5, "B": 1}), missing=Missing(n, None)).reason.text("fr") for n in (1, 2))
    assert one.startswith("1 bureau manque et son nombre") and some.startswith("2 bureaux manquent et leur nombre")


@pytest.mark.parametrize(("others", "who"), [("BCDEFG", "(B, C, D, E, F, G)"), ("BCDEFGH", "(B, C, D, E, F, G…)")])
def test_six_names_are_told_and_a_seventh_is_only_announced(others, who):
    found = decide(PLURALITY, on({"A": 9, **dict.fromkeys(others, 8)}), missing=Missing(2, 1))
    assert found.reason.text("fr").endswith(f"{who}.") and len(found.open) == len(others)


def test_no_sure_vote_at_all_is_the_first_thing_that_could_change():
    nothing = Totals({"A": 0, "B": 0}, 0)
    found = decide(PLURALITY, on({"A": 5, "B": 1}), missing=Missing(1, 9, sure=nothing))
    first = found.open[0]
    assert (first.what, first.instead_of, first.votes, first.tight) == (What.NO_VOTE, ("A",), 0, True)
    elected = decide(PRESIDENT, on({"A": 5, "B": 1}), missing=Missing(1, 9, sure=nothing))
    assert [(c.what, c.votes) for c in elected.open] == [(What.NO_VOTE, 0), (What.MAJORITY, 0), (What.FIRST, 0)]
    none = decide(
        PRESIDENT, on({"A": 5, "B": 4, "C": 3}), missing=Missing(1, 9, sure=Totals(dict.fromkeys("ABC", 0), 0))
    )
    assert {(c.what, c.votes) for c in none.open if c.what is What.MAJORITY} == {(What.MAJORITY, 1)}


def test_a_share_that_opens_the_second_round_is_cautious_and_says_so():
    system = System(Kind.TWO_ROUND_MAJORITY, qualify_at=QualifyAt(Fraction(1, 8), "valid"))
    found = decide(system, on({"A": 45, "B": 30, "C": 25}), missing=Missing(1, 1))
    assert [(c.what, c.tight) for c in found.open] == [(What.UNKNOWN, False)]
    assert "La borne ne suffit pas à exclure" in found.reason.text("fr")
    assert "La borne ne suffit pas" not in decide(PLURALITY, on({"A": 2, "B": 1}), missing=Missing(1, 1)).reason.text(
        "fr"
    )


# --- seats ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("papers", "what"), [(0, []), (1, [What.THRESHOLD])])
def test_the_last_seat_of_a_list_at_its_threshold_is_lost_by_one_vote_for_another(papers, what):
    system = System(Kind.PROPORTIONAL, formula=Formula.DHONDT, seats=8, threshold=Threshold(Fraction(12, 100)))
    found = decide(system, on({"A": 50, "B": 38, "C": 12}), missing=Missing(1 if papers else 0, papers))
    assert found.on_counted is (Status.SEATS if papers else None) and what == [
        w for w in whats(found) if w is What.THRESHOLD
    ]
    assert papers or (found.secured is Secured.YES and found.seats() == {"A": 4, "B": 3, "C": 1})


@pytest.mark.parametrize(("papers", "what"), [(3, []), (4, [What.THRESHOLD])])
def test_of_two_bases_the_greater_one_is_the_one_that_loses_the_seat(papers, what):
    """13 of 108 are twelve in a hundred, 13 of 109 are not; of the votes alone it would be 13 of 104."""
    system = System(Kind.PROPORTIONAL, formula=Formula.DHONDT, seats=8, threshold=Threshold(Fraction(12, 100)))
    found = decide(system, Totals({"A": 49, "B": 38, "C": 13}, 105), missing=Missing(1, papers))
    assert whats(found) == what and (found.secured is Secured.YES) is not bool(what)
    assert [c.tight for c in found.open] == [True] * len(what)


def test_a_vote_is_added_to_whom_it_is_given_and_to_nobody_else():
    system = System(Kind.PROPORTIONAL, formula=Formula.DHONDT, seats=8, threshold=Threshold(Fraction(12, 100)))
    (change,) = decide(system, on({"A": 50, "B": 38, "C": 12}), missing=Missing(1, 1)).open
    assert (change.what, change.instead_of, change.votes, change.tight) == (What.THRESHOLD, ("C",), 1, True)
    assert change.options == ("A", "B")  # C falls under the threshold: its seat goes to one of the others


@pytest.mark.parametrize(("voters", "registered", "least"), [(0, 10, 15), (1, 10, 14), (0, 0, 10), (0, 1, 11)])
def test_a_quorum_that_nobody_has_met_yet_is_counted_from_nobody(voters, registered, least):
    """Half of the registered electors must vote: of 30, fifteen papers where none is sure, fourteen where one is."""
    sure = Totals({"OUI": 0, "NON": 0}, 0, voters=voters, registered=registered)
    counted = Totals({"OUI": 9, "NON": 1}, 10, voters=10, registered=30)
    found = decide(QUESTION, counted, missing=Missing(1, 20, registered=20, sure=sure))
    assert [(c.what, c.votes) for c in found.open] == [(What.NO_VOTE, 0), (What.REFERENDUM, least), (What.TIE, least)]


def test_a_tie_of_which_nothing_is_sure_lets_one_paper_give_a_majority():
    sure = Totals(dict.fromkeys("ABC", 0), 0)
    found = decide(PRESIDENT, on({"A": 40, "B": 30, "C": 30}), missing=Missing(1, 9, sure=sure))
    assert {c.votes for c in found.open if c.what is What.MAJORITY} == {1}


def test_electors_who_may_not_vote_can_still_undo_a_quorum_and_are_told_as_no_elector():
    counted = Totals({"OUI": 6, "NON": 4}, 10, voters=10, registered=18)
    found = decide(QUESTION, counted, missing=Missing(1, 0, registered=5))  # ten of 23
    assert whats(found) == [What.QUORUM] and found.reason.text("fr").startswith("Bureaux en suspens : 1 (0 électeur)")
    assert found.reason.text("en").startswith("Stations not settled: 1 (0 voters)")
    assert decide(QUESTION, counted, missing=Missing(1, 0, registered=2)).secured is Secured.YES  # ten of twenty
