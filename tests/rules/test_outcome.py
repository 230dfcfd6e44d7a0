"""Who is elected: one rule, one test; ties and missing rules are raised."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalata.results.rules.bounds import Missing, Secured
from kalata.results.rules.outcome import Status, Totals, decide, majority_needed
from kalata.results.rules.systems import BadSystem, Formula, Kind, System, Threshold, UnknownSystem, system_from

PRESIDENT = System(Kind.TWO_ROUND_MAJORITY)


def on(votes, **more):
    return Totals(votes, sum(votes.values()), **more)


def test_the_court_of_mali_needed_1517232_votes_in_2013():
    assert majority_needed(3_034_463, PRESIDENT) == 1_517_232


def test_half_of_the_votes_exactly_is_no_majority():
    assert decide(PRESIDENT, on({"A": 50, "B": 30, "C": 20})).status is Status.RUNOFF


def test_one_vote_more_than_half_elects():
    found = decide(PRESIDENT, on({"A": 51, "B": 30, "C": 19}))
    assert (found.status, found.options, found.needed) == (Status.ELECTED, ("A",), 51)


HALF_ENOUGH = System(Kind.TWO_ROUND_MAJORITY, majority_strict=False)


@pytest.mark.parametrize(
    ("votes", "needed", "status"),
    [
        ({"A": 49, "B": 30, "C": 21}, 50, Status.RUNOFF),
        ({"A": 50, "B": 30, "C": 20}, 50, Status.ELECTED),
        ({"A": 51, "B": 30, "C": 19}, 50, Status.ELECTED),
        ({"A": 50, "B": 30, "C": 21}, 51, Status.RUNOFF),  # half of 101 is 50.5: 50 votes are less than half
        ({"A": 51, "B": 30, "C": 20}, 51, Status.ELECTED),
    ],
)
def test_a_majority_that_is_not_strict_accepts_exactly_half_and_rounds_up(votes, needed, status):
    found = decide(HALF_ENOUGH, on(votes))
    assert (found.status, found.needed) == (status, needed)


def test_two_options_with_half_each_are_a_tie_even_where_half_is_enough():
    found = decide(HALF_ENOUGH, on({"A": 50, "B": 50}))
    assert found.status is Status.TIE and found.options == ("A", "B")


@pytest.mark.parametrize(("count", "status"), [(66, Status.RUNOFF), (67, Status.ELECTED), (68, Status.ELECTED)])
def test_two_thirds_of_a_hundred_are_sixty_seven_votes(count, status):
    for strict in (True, False):
        system = System(Kind.TWO_ROUND_MAJORITY, majority=Fraction(2, 3), majority_strict=strict)
        assert decide(system, on({"A": count, "B": 100 - count})).status is status


def test_the_two_first_go_to_the_second_round():
    assert decide(PRESIDENT, on({"A": 20, "B": 45, "C": 35})).options == ("B", "C")


def test_a_tie_for_second_place_is_raised_never_broken():
    found = decide(PRESIDENT, on({"A": 40, "B": 30, "C": 30}))
    assert (
        found.status is Status.TIE
        and set(found.options) == {"A", "B", "C"}
        and "règle légale manquante" in found.reason.text("fr")
    )


def test_the_second_round_is_won_by_the_most_votes():
    assert decide(PRESIDENT, on({"A": 10, "B": 11}), round_=2).options == ("B",)


def test_a_tie_in_the_second_round_is_raised():
    assert decide(PRESIDENT, on({"A": 10, "B": 10}), round_=2).status is Status.TIE


def test_a_base_that_the_reports_do_not_give_is_said():
    assert (
        decide(System(Kind.TWO_ROUND_MAJORITY, base="registered"), on({"A": 60, "B": 40})).status is Status.UNDETERMINED
    )


def test_a_majority_of_registered_is_computed_on_registered():
    found = decide(System(Kind.TWO_ROUND_MAJORITY, base="registered"), on({"A": 60, "B": 40}, registered=200))
    assert found.status is Status.RUNOFF and found.needed == 101


@pytest.mark.parametrize(
    ("votes", "status"),
    [
        ({"OUI": 60, "NON": 40}, Status.ADOPTED),
        ({"OUI": 40, "NON": 60}, Status.REJECTED),
        ({"OUI": 5, "NON": 5}, Status.TIE),
    ],
)
def test_a_referendum_is_adopted_by_more_yes_than_no(votes, status):
    assert decide(System(Kind.TWO_OPTION_MAJORITY, yes="OUI", no="NON"), on(votes)).status is status


def test_a_turnout_quorum_not_reached_rejects():
    system = System(Kind.TWO_OPTION_MAJORITY, yes="OUI", no="NON", turnout_quorum=Fraction(1, 2))
    assert decide(system, on({"OUI": 60, "NON": 1}, voters=61, registered=200)).status is Status.REJECTED


def test_list_majority_gives_every_seat_to_the_winning_list():
    assert decide(System(Kind.LIST_TWO_ROUND_MAJORITY), on({"A": 60, "B": 40}), seats=5).seats() == {"A": 5, "B": 0}


def test_proportional_without_a_number_of_seats_allocates_nothing():
    assert (
        decide(System(Kind.PROPORTIONAL, formula=Formula.DHONDT), on({"A": 60, "B": 40})).status is Status.UNDETERMINED
    )


def test_a_partial_sum_is_never_presented_as_a_result():
    found = decide(PRESIDENT, on({"A": 51, "B": 49}), missing=Missing(1, 400))
    assert found.status is Status.UNDETERMINED and found.on_counted is Status.ELECTED and found.secured is Secured.NO


def test_missing_stations_whose_list_is_unknown_leave_the_outcome_open():
    assert decide(PRESIDENT, on({"A": 90_000, "B": 1}), missing=Missing(1, None)).secured is Secured.UNKNOWN


def test_missing_stations_too_small_to_matter_do_not_hold_the_outcome_back():
    found = decide(PRESIDENT, on({"A": 9_000, "B": 1_000}), missing=Missing(3, 900))
    assert (found.status, found.secured) == (Status.ELECTED, Secured.YES)


@given(st.lists(st.integers(0, 500), min_size=2, max_size=4), st.data())
def test_when_secured_no_content_of_the_missing_stations_changes_the_outcome(counts, data):
    votes = {chr(65 + i): n for i, n in enumerate(counts)}
    m = data.draw(st.integers(0, 300))
    found = decide(PRESIDENT, on(votes), missing=Missing(1, m))
    if found.status not in (Status.ELECTED, Status.RUNOFF):
        return
    left, extra = m, {}
    for option in votes:
        extra[option] = data.draw(st.integers(0, left))
        left -= extra[option]
    after = decide(PRESIDENT, on({o: v + extra[o] for o, v in votes.items()}))
    assert (after.status, set(after.options)) == (found.status, set(found.options))


@given(st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 100), min_size=2), st.randoms())
def test_the_order_of_the_ballot_does_not_change_the_outcome(votes, chance):
    shuffled = list(votes.items())
    chance.shuffle(shuffled)
    a, b = decide(PRESIDENT, on(votes)), decide(PRESIDENT, on(dict(shuffled)))
    assert (a.status, set(a.options)) == (b.status, set(b.options))


def test_every_step_is_explained_in_french_and_in_english():
    for step in decide(PRESIDENT, on({"A": 45, "B": 30, "C": 25})).steps:
        both = step.both()
        assert both["fr"] and both["en"] and both["fr"] != both["en"]


def test_an_unknown_kind_is_refused_with_the_known_ones():
    with pytest.raises(UnknownSystem):
        system_from({"kind": "au_doigt_mouillé"})


def test_a_wrong_key_of_a_system_is_named():
    with pytest.raises(BadSystem) as refused:
        system_from({"kind": "plurality", "seuil": 3})
    assert refused.value.params["field"] == "seuil"


@pytest.mark.parametrize(
    ("system", "words"),
    [
        (System(Kind.TWO_ROUND_MAJORITY), "plus de la moitié des suffrages exprimés ; sinon second tour entre les 2 premiers"),
        (System(Kind.TWO_ROUND_MAJORITY, majority_strict=False, base="registered", qualify=3), "au moins la moitié des inscrits ; sinon second tour entre les 3"),
        (System(Kind.TWO_OPTION_MAJORITY), "plus de la moitié des suffrages exprimés"),
        (System(Kind.TWO_OPTION_MAJORITY, majority_strict=False), "au moins la moitié"),
        (System(Kind.PROPORTIONAL, formula=Formula.DHONDT), "sans seuil"),
        (System(Kind.PROPORTIONAL, formula=Formula.DHONDT, threshold=Threshold(Fraction(1, 20))), "à partir de 5\u202f%"),
        (System(Kind.TWO_OPTION_MAJORITY, majority=Fraction(2, 3)), "plus de 2/3 des"),
        (System(Kind.PROPORTIONAL, formula=Formula.DHONDT, threshold=Threshold(Fraction(1, 8))), "à partir de 12,5\u202f%"),
        (System(Kind.PLURALITY), "le plus de voix"),
    ],
)  # fmt: skip
def test_the_rule_is_told_in_words_in_both_languages(system, words):
    assert words in system.rule_words().text("fr")
    assert "voix" not in system.rule_words().text("en") and "des " not in system.rule_words().text("en")
