"""Sharing seats: the law as algebra, vectors, ties, and an independent second implementation."""

import json
import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalata.results.rules.seats import BadBase, BadOrder, BadSeats, BadVotes, allocate, average_text, passes
from kalata.results.rules.systems import Formula, Threshold
from tests.conftest import SHARED
from tests.sizes import size

METHODS = {
    "dhondt": Formula.DHONDT,
    "saintelague": Formula.SAINTE_LAGUE,
    "sainte_lague": Formula.SAINTE_LAGUE,
    "hare_lr": Formula.HARE_LR,
    "droop_lr": Formula.DROOP_LR,
}


def vectors():
    path = SHARED / "seat_vectors" / "proportional.json"
    return json.loads(path.read_text())["vectors"] if path.exists() else []


@pytest.mark.real
@pytest.mark.parametrize("vector", vectors() or [None], ids=lambda v: v["id"] if v else "absent")
def test_every_seat_vector_is_reproduced(vector):
    threshold = Threshold(Fraction(str(vector["threshold"]))) if vector.get("threshold") else None
    found = allocate(
        vector["votes"],
        vector["seats"],
        METHODS.get(vector["method"], Formula.HARE_LR),
        threshold=threshold,
        threshold_base=vector.get("threshold_base"),
    )
    if vector["method"] not in METHODS:  # a warning case: the country's own rule was not found, plain Hare differs
        assert (
            sorted((n for n in found.seats.values() if n), reverse=True) == [46, 26, 5]
            and found.seats != vector["expected"]
        )
        return
    expected = {k: v for k, v in vector["expected"].items() if isinstance(v, int)}
    ties = {k: v for k, v in vector["expected"].items() if not isinstance(v, int)}
    if ties:
        ((key, options),) = ties.items()
        assert key == f"TIE_for_{found.ties[0].seats}_seat" and list(found.ties[0].options) == options
        assert {k: v for k, v in found.seats.items() if v or k in expected} | expected == {
            **{k: v for k, v in found.seats.items() if v},
            **expected,
        }
    else:
        assert {k: found.seats.get(k, 0) for k in expected} == expected


def by_sorting(votes, seats, formula):
    """An independent second way: build the whole table of quotients, sort it, cut it."""
    table = []
    for option, count in votes.items():
        for held in range(seats):
            divisor = Fraction(held + 1) if formula is Formula.DHONDT else Fraction(2 * held + 1)
            if formula is Formula.MODIFIED_SAINTE_LAGUE and held == 0:
                divisor = Fraction(7, 5)
            if count:
                table.append((Fraction(count) / divisor, option))
    table.sort(key=lambda p: -p[0])
    if not table:
        return None
    edge = table[min(seats, len(table)) - 1][0]
    sure = [o for q, o in table if q > edge]
    at = [o for q, o in table if q == edge]
    if len(sure) + len(at) > seats:
        return {o: sure.count(o) for o in votes}, set(at), seats - len(sure)
    held = sure + at
    return {o: held.count(o) for o in votes}, set(), 0


def by_floors(votes, seats, droop):
    """Largest remainders from the definition, with integers only."""
    total = sum(votes.values())
    quota = Fraction(total // (seats + 1) + 1) if droop else Fraction(total, seats)
    held = {o: v * quota.denominator // quota.numerator for o, v in votes.items()}
    rest = {o: Fraction(v) - held[o] * quota for o, v in votes.items()}
    left = seats - sum(held.values())
    if left <= 0:
        return held, set(), 0
    some = {o: r for o, r in rest.items() if r > 0}  # no remainder, no seat; no vote, no seat
    if left >= len(some):
        over = left - len(some)
        return {o: n + (o in some) for o, n in held.items()}, {o for o, v in votes.items() if v and over}, over
    ranked = sorted(some.values(), reverse=True)
    edge = ranked[left - 1]
    sure = {o for o, r in some.items() if r > edge}
    at = {o for o, r in some.items() if r == edge}
    if len(sure) + len(at) > left:
        return {o: n + (o in sure) for o, n in held.items()}, at, left - len(sure)
    return {o: n + (o in sure | at) for o, n in held.items()}, set(), 0


CASES = size(20_000, 100_000)


def test_random_cases_agree_with_the_second_implementation():
    chance = random.Random(7)
    formulas = [Formula.DHONDT, Formula.SAINTE_LAGUE, Formula.MODIFIED_SAINTE_LAGUE, Formula.HARE_LR, Formula.DROOP_LR]
    ties = 0
    for case in range(CASES):
        formula = formulas[case % 5]
        n, seats = chance.randint(1, 5), chance.randint(1, 7)
        top = chance.choice((6, 60, 6000))
        votes = {chr(65 + i): chance.randint(0, top) for i in range(n)}
        found = allocate(votes, seats, formula)
        if sum(votes.values()) == 0:
            assert found.open_seats == seats
            continue
        if formula in (Formula.HARE_LR, Formula.DROOP_LR):
            held, tied, play = by_floors(votes, seats, formula is Formula.DROOP_LR)
        else:
            held, tied, play = by_sorting(votes, seats, formula)
        assert found.seats == held, (votes, seats, formula)
        assert ({o for t in found.ties for o in t.options}, found.open_seats) == (tied, play), (votes, seats, formula)
        ties += bool(tied)
    assert ties > CASES // 100  # the cases do contain ties


votes_st = st.dictionaries(st.sampled_from("ABCDEFGH"), st.integers(0, 10**6), min_size=1)


@given(votes_st, st.integers(1, 60), st.sampled_from(list(Formula)))
@settings(max_examples=300, deadline=None)
def test_seats_given_and_seats_open_sum_to_the_house(votes, seats, formula):
    found = allocate(votes, seats, formula)
    assert sum(found.seats.values()) + found.open_seats == seats


@settings(deadline=None)
@given(votes_st, st.integers(1, 40), st.sampled_from([Formula.DHONDT, Formula.SAINTE_LAGUE]))
def test_more_votes_never_mean_fewer_seats_without_a_tie(votes, seats, formula):
    found = allocate(votes, seats, formula)
    if not found.ties:
        for a in votes:
            for b in votes:
                assert votes[a] <= votes[b] or found.seats[a] >= found.seats[b]


def test_the_worked_example_of_the_formula_can_be_redone_on_paper():
    assert allocate({"A": 100, "B": 80, "C": 30}, 3, Formula.DHONDT).seats == {"A": 2, "B": 1, "C": 0}


def test_a_tie_is_returned_with_the_lists_and_the_seats_in_play():
    found = allocate({"A": 50, "B": 50}, 1, Formula.DHONDT)
    assert found.seats == {"A": 0, "B": 0} and found.ties[0].options == ("A", "B") and found.ties[0].seats == 1


def test_a_legal_order_breaks_a_tie_and_says_so():
    found = allocate({"A": 50, "B": 50}, 1, Formula.DHONDT, tie_order=("B", "A"))
    assert (
        found.seats == {"A": 0, "B": 1}
        and "ordre légal" in found.steps[-1].text("fr")
        and "legal order" in found.steps[-1].text("en")
    )


def test_the_threshold_is_compared_by_cross_multiplication():
    assert passes(5, 100, Threshold(Fraction(1, 20))) and not passes(5, 100, Threshold(Fraction(1, 20), strict=True))


def test_when_no_list_reaches_the_threshold_every_seat_stays_open():
    found = allocate({"A": 4, "B": 3}, 5, Formula.DHONDT, threshold=Threshold(Fraction(9, 10)))
    assert found.open_seats == 5 and sum(found.seats.values()) == 0


@given(votes_st, st.integers(1, 60), st.sampled_from(list(Formula)), st.booleans(), st.integers(0, 10**6))
@settings(max_examples=300, deadline=None)
def test_there_are_never_more_seats_than_the_house_and_none_without_a_vote(votes, seats, formula, wide, more):
    base = sum(votes.values()) + more
    found = allocate(votes, seats, formula, threshold_base=base, quota_base="valid" if wide else "admitted")
    assert sum(found.seats.values()) <= seats and all(n >= 0 for n in found.seats.values())
    assert not any(n for o, n in found.seats.items() if votes[o] == 0)


def test_seats_left_over_beyond_the_remainders_have_no_rule_and_are_raised():
    found = allocate({"A": 7, "B": 1, "C": 0}, 6, Formula.DROOP_LR)
    assert found.seats == {"A": 4, "B": 1, "C": 0} and [(t.options, t.seats) for t in found.ties] == [(("A", "B"), 1)]


@pytest.mark.parametrize("base", [189, 50, 0, -1, "190", 190.0, True])
def test_a_base_smaller_than_its_parts_or_no_number_is_refused(base):
    with pytest.raises(BadBase) as refused:
        allocate({"A": 100, "B": 90}, 3, Formula.DHONDT, threshold_base=base)
    assert refused.value.code == "RES-212"


def test_a_base_equal_to_its_parts_is_taken():
    assert allocate({"A": 100, "B": 90}, 3, Formula.HARE_LR, threshold_base=190, quota_base="valid").open_seats == 0


@pytest.mark.parametrize("order", [("A", "Z"), ("A", "A", "B")])
def test_an_order_of_lists_that_are_not_there_or_twice_is_refused(order):
    with pytest.raises(BadOrder) as refused:
        allocate({"A": 50, "B": 50}, 1, Formula.DHONDT, tie_order=order)
    assert refused.value.code == "RES-213"


@pytest.mark.parametrize("bad", [-1, 1.5, "12", None, True])
def test_votes_that_are_not_whole_numbers_are_refused(bad):
    with pytest.raises(BadVotes) as refused:
        allocate({"A": bad}, 3, Formula.DHONDT)
    assert refused.value.code == "RES-210"


@pytest.mark.parametrize("bad", [0, -2, 2.0, True])
def test_a_number_of_seats_that_is_none_is_refused(bad):
    with pytest.raises(BadSeats):
        allocate({"A": 1}, bad, Formula.DHONDT)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(100), "100"), (Fraction(0), "0"), (Fraction(7, 2), "3,50 (7/2)"), (Fraction(1, 3), "0,33 (1/3)"),
        (Fraction(2, 3), "0,67 (2/3)"), (Fraction(9, 200), "0,05 (9/200)"), (Fraction(1, 200), "0,01 (1/200)"),
        (Fraction(199, 201), "0,99 (199/201)"), (Fraction(401, 2), "200,50 (401/2)"),
    ],
)  # fmt: skip
def test_an_average_is_read_whole_or_to_two_decimals_rounded_half_up_with_its_fraction(value, text):
    assert average_text(value) == text


@pytest.mark.parametrize(("seats", "told"), [(59, 59), (60, 60), (61, 61), (75, 61)])
def test_the_first_sixty_seats_are_told_one_by_one_and_the_rest_together(seats, told):
    found = allocate({"A": 1_000_003, "B": 617_011}, seats, Formula.DHONDT)
    assert len(found.steps) == told
    assert [s.params["rank"] for s in found.steps[:60]] == list(range(1, min(seats, 60) + 1))
    if seats > 60:
        assert found.steps[-1].params == {"rank": seats}


def test_the_last_averages_are_those_of_the_seat_that_would_come_next():
    found = allocate({"A": 70, "B": 14, "C": 0}, 1, Formula.MODIFIED_SAINTE_LAGUE)
    assert found.averages == {"A": Fraction(70, 3), "B": 10, "C": 0}
    found = allocate({"A": 70, "B": 14, "C": 0}, 2, Formula.DHONDT)
    assert found.averages == {"A": Fraction(70, 3), "B": 14, "C": 0}


def test_the_lists_below_the_threshold_are_named_and_a_dash_where_there_are_none():
    votes = {"A": 90, "B": 6, "C": 4}
    for share, out in ((Fraction(5, 100), "C"), (Fraction(7, 100), "B, C"), (Fraction(1, 100), "–")):
        step = allocate(votes, 3, Formula.DHONDT, threshold=Threshold(share)).steps[0]
        assert (step.params["out"], step.params["n"], step.params["base"]) == (
            out,
            3 - len(out.split(", ")) * (out != "–"),
            100,
        )


def test_an_order_of_all_the_lists_breaks_an_equality_of_remainders_between_two_of_them():
    votes = {"A": 7, "B": 3, "C": 3}  # quota 13/3: A 1, then B and C with the same remainder, A with less
    assert allocate(votes, 2, Formula.HARE_LR).ties[0].options == ("B", "C")
    found = allocate(votes, 2, Formula.HARE_LR, tie_order=("A", "C", "B"))
    assert (found.seats, found.ties) == ({"A": 1, "B": 0, "C": 1}, ())
