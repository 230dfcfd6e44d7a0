"""Secured is proved or not said: the bounds against every content of small elections, and at each boundary."""

from __future__ import annotations

import os
import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalata.results.rules.bounds import Missing, Secured, Totals, least
from kalata.results.rules.outcome import Status, decide
from kalata.results.rules.systems import Formula, Kind, System, Threshold
from tests.rules.small_elections import (
    Election,
    Station,
    counted,
    election_at,
    other_results,
    plain,
    result_of,
    said,
)
from tests.sizes import size

MANY = 20_000 if os.environ.get("KALATA_EXHAUSTIVE") else size(2_500, 20_000)
ONE_ROUND = System(Kind.PLURALITY)
PRESIDENT = System(Kind.TWO_ROUND_MAJORITY)


def tried(seed: int, number: int) -> dict[str, int]:
    """Random small elections, every content of each tried; counts of what was said and what was true."""
    chance = random.Random(seed)
    seen = {"secured": 0, "false": 0, "open": 0, "tight": 0, "cautious": 0, "overstated": 0}
    for _n in range(number):
        election = election_at(chance)
        found, now = said(election), plain(election, counted(election))
        assert result_of(found) == now, election
        other = next(other_results(election, now), None)
        if found.on_counted is None:
            if now[0] == "undetermined":
                continue
            seen["secured"] += 1
            seen["false"] += other is not None
            assert other is None, (election, found, other)
            assert found.secured is Secured.YES and not found.open, election
        else:
            seen["open"] += 1
            assert found.status is Status.UNDETERMINED and found.secured is Secured.NO and found.open, election
            claimed = any(change.tight for change in found.open)
            seen["tight"] += other is not None
            seen["cautious"] += other is None
            seen["overstated"] += other is None and claimed
            assert other is not None or not claimed, (election, found.open)
    return seen


def test_never_secured_where_a_content_changes_the_outcome_and_open_only_where_one_does_or_the_bound_says_so():
    seen = tried(2026, MANY)
    assert seen["false"] == 0 and seen["overstated"] == 0
    assert seen["secured"] > MANY // 3 and seen["open"] > MANY // 4
    assert seen["tight"] * 100 >= 98 * seen["open"], seen


# --- each kind, just under, at and just over its boundary ---------------------------------------------------
def on(votes, **more):
    return Totals(votes, sum(votes.values()), **more)


def secured(system, totals, papers, **more):
    return decide(system, totals, missing=Missing(1, papers), **more).secured is Secured.YES


@pytest.mark.parametrize(("papers", "holds"), [(18, True), (19, True), (20, False), (21, False)])
def test_a_lead_of_twenty_is_safe_from_nineteen_papers_and_not_from_twenty(papers, holds):
    assert secured(ONE_ROUND, on({"A": 60, "B": 40}), papers) is holds


@pytest.mark.parametrize(("papers", "holds"), [(9, True), (10, False), (11, False)])
def test_a_strict_majority_falls_where_its_base_doubles_it(papers, holds):
    # 60 of 110 is a majority; 60 of 119 still is; of 120 it is no more
    assert secured(PRESIDENT, on({"A": 60, "B": 30, "C": 20}), papers) is holds


@pytest.mark.parametrize(("papers", "holds"), [(9, True), (10, True), (11, False)])
def test_a_majority_that_is_not_strict_holds_at_exactly_half_of_the_grown_base(papers, holds):
    system = System(Kind.TWO_ROUND_MAJORITY, majority=Fraction(2, 5), majority_strict=False)
    # 44 of 100: two fifths of 110 is 44 exactly
    assert secured(system, on({"A": 44, "B": 30, "C": 26}), papers) is holds


@pytest.mark.parametrize(("papers", "holds"), [(20, True), (21, False)])
def test_no_majority_is_sure_until_every_paper_could_give_one(papers, holds):
    # (40 + 20) of 120 is half, no majority; (40 + 21) of 121 is one
    found = decide(PRESIDENT, on({"A": 40, "B": 39, "C": 10, "D": 11}), missing=Missing(1, papers))
    assert any(c.what == "majority" and c.options == ("A",) for c in found.open) is not holds


@pytest.mark.parametrize(("papers", "open_"), [(9, ()), (10, (("runoff", ("C",)),)), (11, (("runoff", ("C",)),))])
def test_the_second_place_of_the_runoff_is_open_from_its_gap_on(papers, open_):
    found = decide(PRESIDENT, on({"A": 40, "B": 35, "C": 25}), missing=Missing(1, papers))
    assert tuple((c.what, c.options) for c in found.open) == open_
    if open_:
        assert found.open[0].instead_of == ("B",) and found.open[0].votes == 10


@pytest.mark.parametrize("formula", [Formula.DHONDT, Formula.SAINTE_LAGUE, Formula.MODIFIED_SAINTE_LAGUE])
def test_the_last_seat_of_every_average_is_open_from_the_exact_number_of_papers_on(formula):
    system = System(Kind.PROPORTIONAL, formula=formula)
    totals = on({"A": 570, "B": 382, "C": 48})
    first = least(lambda n: not secured(system, totals, n, seats=20), 1_000)
    assert first is not None and first > 1
    assert secured(system, totals, first - 1, seats=20)
    found = decide(system, totals, missing=Missing(1, first), seats=20)
    (change,) = found.open
    fill = {o: v + (first if o == change.options[0] else 0) for o, v in totals.votes.items()}
    assert not decide(system, on(fill), seats=20).same_as(decide(system, totals, seats=20))


@pytest.mark.parametrize(("papers", "holds"), [(2, True), (3, False)])
def test_a_list_below_the_threshold_enters_where_its_votes_reach_it_on_the_grown_base(papers, holds):
    # 48 + 3 of 1 003 is 5.08 %, 48 + 2 of 1 002 is 4.99 %
    system = System(Kind.PROPORTIONAL, formula=Formula.DHONDT, threshold=Threshold(Fraction(1, 20)))
    found = decide(system, on({"A": 570, "B": 382, "C": 48}), missing=Missing(1, papers), seats=20)
    assert (found.secured is Secured.YES) is holds
    if not holds:
        assert (found.open[0].what, found.open[0].options, found.open[0].votes) == ("threshold", ("C",), 3)


@pytest.mark.parametrize(("papers", "holds"), [(20, True), (21, False)])
def test_a_list_at_the_threshold_falls_where_the_base_outgrows_it(papers, holds):
    # 51 of 1 020 is 5 % exactly: one paper more elsewhere and the list is out
    system = System(Kind.PROPORTIONAL, formula=Formula.DHONDT, threshold=Threshold(Fraction(1, 20)))
    found = decide(system, on({"A": 949, "C": 51}), missing=Missing(1, papers), seats=20)
    assert any(c.what == "threshold" for c in found.open) is not holds


QUORUM = System(Kind.TWO_OPTION_MAJORITY, yes="OUI", no="NON", turnout_quorum=Fraction(1, 2))


@pytest.mark.parametrize(("voters", "status"), [(499, Status.REJECTED), (500, Status.ADOPTED), (501, Status.ADOPTED)])
def test_the_quorum_is_met_at_exactly_half(voters, status):
    totals = Totals({"OUI": 400, "NON": 50}, 450, voters, 1_000)
    assert decide(QUORUM, totals).status is status


@pytest.mark.parametrize(("registered", "holds"), [(10, True), (11, False)])
def test_a_quorum_is_lost_by_electors_who_do_not_vote(registered, holds):
    totals = Totals({"OUI": 400, "NON": 50}, 450, 505, 1_000)  # half of 1 010 is 505
    found = decide(QUORUM, totals, missing=Missing(1, registered, registered))
    assert (found.secured is Secured.YES) is holds
    if not holds:
        assert [c.what for c in found.open] == ["quorum"]


@pytest.mark.parametrize(("papers", "holds"), [(9, True), (10, False)])
def test_a_quorum_not_met_can_be_reached_by_electors_who_all_vote(papers, holds):
    totals = Totals({"OUI": 400, "NON": 50}, 450, 495, 1_000)  # 495 + 10 of 1 010
    assert (decide(QUORUM, totals, missing=Missing(1, papers, papers)).secured is Secured.YES) is holds


def test_what_is_contested_leaves_the_sure_totals_and_its_electors_enter_the_pool():
    totals, sure = on({"A": 60, "B": 40}), on({"A": 45, "B": 35})
    assert secured(ONE_ROUND, totals, 0)
    assert decide(ONE_ROUND, totals, missing=Missing(1, 9, 9, sure)).secured is Secured.YES
    found = decide(ONE_ROUND, totals, missing=Missing(1, 10, 10, sure))
    assert found.secured is Secured.NO and found.open[0].options == ("B",) and found.open[0].instead_of == ("A",)


@pytest.mark.parametrize("system", [ONE_ROUND, PRESIDENT, QUORUM, System(Kind.PROPORTIONAL, formula=Formula.HARE_LR)])
def test_nothing_is_secured_where_nobody_knows_the_electors_of_what_is_missing(system):
    votes = {"OUI": 90_000, "NON": 1}
    found = decide(system, Totals(votes, 90_001, 90_001, 90_002), missing=Missing(1, None), seats=3)
    assert found.secured is Secured.UNKNOWN and found.status is Status.UNDETERMINED
    assert [c.what for c in found.open] == ["unknown"]


def test_a_tie_that_missing_papers_can_break_is_undetermined_and_a_tie_nobody_can_break_is_a_tie():
    level = on({"A": 50, "B": 50})
    assert decide(ONE_ROUND, level, missing=Missing(1, 1)).status is Status.UNDETERMINED
    assert decide(ONE_ROUND, level, missing=Missing(1, 0)).status is Status.TIE
    assert decide(ONE_ROUND, level).status is Status.TIE


@given(st.lists(st.integers(0, 60), min_size=2, max_size=4), st.sampled_from([ONE_ROUND, PRESIDENT]))
@settings(deadline=None)
def test_the_decisive_gap_is_the_smallest_number_of_papers_that_could_change_the_outcome(counts, system):
    totals = on(dict(zip("ABCD", counts, strict=False)))
    found = decide(system, totals)
    if found.gap:
        assert secured(system, totals, found.gap - 1) and not secured(system, totals, found.gap)


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.booleans())
@settings(deadline=None)
def test_the_decisive_gap_of_a_referendum_is_the_lead(yes, no, rejects):
    system = System(Kind.TWO_OPTION_MAJORITY, yes="OUI", no="NON", tie_rule="rejected" if rejects else None)
    found = decide(system, on({"OUI": yes, "NON": no}))
    if yes + no:
        # where a tie rejects, the yes has to pass the no to change a rejection
        assert found.gap == abs(yes - no) + (1 if rejects and yes <= no else 0)


def test_where_votes_and_valid_votes_disagree_and_that_decides_nothing_is_decided():
    found = decide(PRESIDENT, Totals({"A": 51, "B": 49}, 103))
    assert (
        found.status is Status.UNDETERMINED and found.on_counted is Status.RUNOFF and "E01" in found.reason.text("fr")
    )
    assert decide(PRESIDENT, Totals({"A": 51, "B": 40}, 100)).status is Status.ELECTED  # 51 is more than half of both


@pytest.mark.parametrize("options", [("A",), ("A", "B", "C"), ()])
def test_a_system_that_does_not_fit_the_options_decides_nothing_and_says_why(options):
    found = decide(System(Kind.TWO_OPTION_MAJORITY), on(dict.fromkeys(options, 5)))
    assert found.status is Status.UNDETERMINED and found.reason is not None and found.open


def test_a_list_without_a_vote_takes_no_place_and_no_seat():
    found = decide(System(Kind.TWO_ROUND_MAJORITY, base="registered"), on({"A": 9, "B": 0, "C": 0}, registered=100))
    assert (found.status, found.options) == (Status.RUNOFF, ("A",))


def test_a_contested_station_is_tried_dismissed_annulled_and_voted_again():
    election = Election(ONE_ROUND, (Station("counted", 9, 0, (4, 3), 7), Station("contested", 1, 0, (0, 0), 0)), 2)
    now = plain(election, counted(election))
    assert next(other_results(election, now), None) is not None  # one vote more for B, and it is a tie
    assert said(election).status is Status.UNDETERMINED
