"""Lots, as a rule: they part the very tie they were drawn for, on every kind of contest, and are never sure too early."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalata.results.rules import lots, ties
from kalata.results.rules.bounds import Missing, Totals
from kalata.results.rules.outcome import Status, decide
from kalata.results.rules.systems import Formula, Kind, System
from kalata.results.rules.verdicts import Order, drawn_by
from kalata.transparency.rules import draws
from tests.rules.small_elections import (
    Election,
    counted,
    election_at,
    plain,
    result_of,
    said,
    totals_of,
    worlds,
)


def drawn(tie, votes, chance=None) -> Order:
    order = list(tie.tied)
    if chance:
        chance.shuffle(order)
    return Order(tuple(order), drawn_by(1), {o: votes[o] for o in tie.tied}, tie.places)


def test_a_drawn_tie_is_secured_only_where_no_content_gives_another_outcome():
    """Small elections tied on what is counted, lots drawn for that tie; every content of what is missing tried."""
    chance = random.Random(7)
    parted = secured = cautious = 0
    while parted < 400:
        election = election_at(chance)
        stations = tuple(s for s in election.stations if s.standing != "contested")
        election = Election(election.system, stations, election.width, election.seats, election.round)
        alone = replace(election, stations=tuple(s for s in stations if s.standing == "counted"))
        tie, sums = said(alone), totals_of(alone, counted(alone))
        if tie.status is not Status.TIE or not tie.tied or any(sums.votes[o] == 0 for o in tie.tied):
            continue
        if not tie.level:  # seats to which no list has a claim: lots say nothing of them
            assert said(alone, (drawn(tie, sums.votes),)).status is Status.TIE
            continue
        order = drawn(tie, sums.votes, chance)
        now, found = said(alone, (order,)), said(election, (order,))
        parted += 1
        assert now.status is not Status.TIE and now.broken is not None and set(now.tied) == set(tie.tied)
        if now.allocation is not None and election.seats:
            assert sum(now.seats().values()) == election.seats
            assert all(sums.votes[o] for o, n in now.seats().items() if n)
        same = counted(alone)[: election.width]
        other = [
            w
            for w in worlds(election)
            if plain(election, w) != result_of(now)
            and not (w[: election.width] == same and plain(election, w) == plain(alone, counted(alone)))
        ]
        if found.status is Status.UNDETERMINED:
            cautious += not other
        else:
            secured += 1
            assert other == [] and found.key() == now.key(), (election, found, other[:1])
    print(f"{parted} ties parted by lots: {secured} secured, {cautious} said open though nothing changes them")
    assert secured > 60 and cautious * 10 <= parted


FIRST = Totals({"A": 40, "B": 30, "C": 30}, 100)
PRESIDENT = System(Kind.TWO_ROUND_MAJORITY, tie_rule="lot")


@pytest.mark.parametrize(
    "act",
    [
        Order(("C", "B"), drawn_by(1), {"B": 30, "C": 31}, 1),  # made on other votes
        Order(("C", "B"), drawn_by(1), {"B": 30, "C": 30}, 2),  # made for other places
        Order(("C", "B", "A"), drawn_by(1), {"A": 40, "B": 30, "C": 30}, 1),  # made between others
        Order(("C",), drawn_by(1), {"C": 30}, 1),
    ],
)
def test_lots_of_another_tie_part_nothing(act):
    found = decide(PRESIDENT, FIRST, orders=[act])
    assert found.status is Status.TIE and found.broken is None
    assert ties.record(PRESIDENT, found)["broken_by"] is None and "acte attendu" in ties.headline(
        PRESIDENT, found
    ).text("fr")


def test_of_several_draws_the_one_of_this_very_tie_counts():
    acts = [
        Order(("B", "C"), drawn_by(2), {"B": 31, "C": 31}, 1),
        Order(("C", "B"), drawn_by(1), {"B": 30, "C": 30}, 1),
    ]
    found = decide(PRESIDENT, FIRST, orders=acts)
    assert found.options == ("A", "C") and "n° 1" in found.broken.text("fr")
    record = ties.record(PRESIDENT, found)
    assert record["rule"] == "lot" and set(record["options"]) == {"B", "C"} and record["places"] == 1


@pytest.mark.parametrize("papers", [0, 1])
def test_one_elector_who_may_still_vote_takes_the_draw_its_effect(papers):
    act = Order(("C", "B"), drawn_by(1), {"B": 30, "C": 30}, 1)
    found = decide(PRESIDENT, FIRST, missing=Missing(1, papers) if papers else Missing(), orders=[act])
    assert found.status is (Status.UNDETERMINED if papers else Status.RUNOFF)


@pytest.mark.parametrize("formula", list(Formula))
def test_a_tied_last_seat_of_every_formula_goes_to_the_first_drawn(formula):
    system = System(Kind.PROPORTIONAL, formula=formula, tie_rule="lot", seats=3)
    totals = Totals({"A": 50, "B": 50, "C": 0}, 100)
    tie = decide(system, totals)
    assert tie.status is Status.TIE and set(tie.tied) == {"A", "B"} and tie.places == 1
    for first, second in (("A", "B"), ("B", "A")):
        act = Order((first, second), drawn_by(1), {"A": 50, "B": 50}, 1)
        found = decide(system, totals, orders=[act])
        assert found.status is Status.SEATS and found.seats() == {first: 2, second: 1, "C": 0}


@settings(max_examples=200, deadline=None)
@given(
    secret=st.text(st.characters(exclude_categories=("C",), exclude_characters="|"), min_size=12, max_size=40),
    number=st.text(st.characters(exclude_categories=("C",), exclude_characters="|"), min_size=1, max_size=10),
    lists=st.sets(st.integers(1, 60), min_size=2, max_size=9),
    chance=st.randoms(use_true_random=False),
)
def test_the_house_and_the_log_give_one_order_whatever_the_order_of_the_ballot(secret, number, lists, chance):
    shuffled = list(lists)
    chance.shuffle(shuffled)
    order = lots.order(secret, number, shuffled)
    assert sorted(order) == sorted(lists) and order == lots.order(secret, number, sorted(lists))
    assert order == draws.order_of(secret, number, shuffled)


def test_each_of_the_tied_comes_first_as_often_as_the_others():
    """3,000 numbers: each of three lists first about a third of the time (five standard deviations)."""
    firsts = [lots.order("trois dés dans un gobelet", str(n), [1, 2, 3])[0] for n in range(3_000)]
    assert all(abs(firsts.count(n) - 1_000) < 130 for n in (1, 2, 3))


@pytest.mark.parametrize(("votes", "seats"), [({"A": 7, "B": 1, "C": 0}, 6), ({"A": 9, "B": 2, "C": 0}, 8)])
def test_seats_to_which_no_list_has_a_claim_are_not_drawn_and_no_rule_is_named_for_them(votes, seats):
    system = System(Kind.PROPORTIONAL, formula=Formula.DROOP_LR, tie_rule="lot", seats=seats)
    totals = Totals(votes, sum(votes.values()))
    found = decide(system, totals)
    assert found.status is Status.TIE and not found.level and found.allocation.open_seats
    record = ties.record(system, found)
    assert record["rule"] is None and "règle légale manque" in ties.headline(system, found).text("fr")
    act = Order(found.tied, drawn_by(1), {o: votes[o] for o in found.tied}, found.places)
    assert decide(system, totals, orders=[act]).status is Status.TIE
