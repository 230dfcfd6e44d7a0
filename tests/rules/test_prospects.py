"""Who can still win: the bounds are held against every possible content of what is missing and contested."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalata.results.rules.prospects import Doubt, Prospect, among_first, majority

HALF = Fraction(1, 2)
reports = st.lists(st.fixed_dictionaries({o: st.integers(0, 3) for o in "abc"}), min_size=1, max_size=4)


def worlds(counted, contested, missing):
    """Every total that may come out: any contested reports removed, any votes up to `missing` added."""
    for size in range(len(contested) + 1):
        for fallen in combinations(range(len(contested)), size):
            kept = [r for i, r in enumerate(contested) if i not in fallen]
            for extra in product(range(missing + 1), repeat=3):
                if sum(extra) <= missing:
                    yield {o: sum(r[o] for r in [*counted, *kept]) + e for o, e in zip("abc", extra, strict=True)}


def totals(counted, contested):
    return {o: sum(r[o] for r in [*counted, *contested]) for o in "abc"}


@given(reports, reports, st.integers(0, 4), st.integers(1, 2))
def test_what_is_secured_holds_in_every_world_and_what_is_excluded_in_none(counted, contested, missing, places):
    votes, doubt = totals(counted, contested), Doubt(missing, contested)
    for option in "abc":
        found = among_first(option, places, votes, doubt)
        for world in worlds(counted, contested, missing):
            rivals = sum(v >= world[option] for o, v in world.items() if o != option)
            strictly = sum(v > world[option] for o, v in world.items() if o != option)
            if found is Prospect.SECURED:
                assert rivals < places
            if found is Prospect.EXCLUDED:
                assert strictly >= places


@given(reports, reports, st.integers(0, 4), st.booleans())
def test_a_majority_said_secured_or_excluded_is_so_in_every_world(counted, contested, missing, strict):
    votes, doubt = totals(counted, contested), Doubt(missing, contested)
    for option in "abc":
        found = majority(option, votes, sum(votes.values()), HALF, strict, doubt)
        for world in worlds(counted, contested, missing):
            twice, valid = 2 * world[option], sum(world.values())
            reached = twice > valid if strict else twice >= valid
            if found is Prospect.SECURED:
                assert reached
            if found is Prospect.EXCLUDED:
                assert not reached


def test_nothing_is_secured_while_the_size_of_what_is_missing_is_unknown():
    assert among_first("a", 1, {"a": 1000, "b": 1}, Doubt(None)) is Prospect.POSSIBLE
    assert majority("a", {"a": 1000, "b": 1}, 1001, HALF, True, Doubt(None)) is Prospect.POSSIBLE


def test_the_guide_s_inequalities_hold_at_their_edge():
    votes = {"a": 60, "b": 40}
    assert among_first("a", 1, votes, Doubt(19)) is Prospect.SECURED
    assert among_first("a", 1, votes, Doubt(20)) is Prospect.POSSIBLE
    assert among_first("a", 1, votes, Doubt(0, [{"a": 25, "b": 5}])) is Prospect.POSSIBLE
    assert among_first("b", 1, votes, Doubt(19)) is Prospect.EXCLUDED


SHARES = (Fraction(1, 3), HALF, Fraction(3, 5))


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("share", SHARES)
def test_a_majority_is_secured_excluded_or_open_exactly_as_every_small_world_says(share, strict):
    """Two options, up to eight votes, up to three missing papers, one contested report or none: all worlds tried."""

    def reached(world: tuple[int, int], base: int) -> bool:
        part, whole = world[0] * share.denominator, base * share.numerator
        return part > whole if strict else part >= whole

    for a, b, missing in product(range(6), range(4), range(4)):
        for contested in ((), (1, 0), (0, 2), (2, 1)):
            doubt = Doubt(missing, [dict(zip("ab", contested, strict=True))] if contested else [])
            votes = {"a": a + sum(contested[:1]), "b": b + sum(contested[1:])}
            for grows in (None, 0):
                told = set()
                for kept in {(0, 0), contested or (0, 0)}:
                    for x, y in product(range(missing + 1), repeat=2):
                        world = a + kept[0] + x, b + kept[1] + y
                        if grows is None and x + y == missing:  # the base of valid votes grows with every paper
                            told.add(reached(world, sum(world)))
                        if grows == 0 and x + y <= missing:  # a base that no paper enlarges
                            told.add(reached(world, a + b + sum(kept)))
                truth = Prospect.POSSIBLE if len(told) == 2 else Prospect.SECURED if told == {True} else Prospect.EXCLUDED
                assert majority("a", votes, sum(votes.values()), share, strict, doubt, grows) is truth, (a, b, missing)


def test_a_lead_loses_what_each_contested_report_gives_it_and_nothing_by_those_that_are_against_it():
    doubt = Doubt(0, [{"a": 5, "b": 1}, {"a": 1, "b": 4}, {"a": 2}, {"b": 3}, {"c": 9}])
    assert (doubt.lost("a", "b"), doubt.lost("b", "a"), doubt.lost("a", "c"), doubt.lost("c", "d")) == (6, 6, 8, 9)
    assert Doubt(3).lost("a", "b") == 0


def test_reports_for_and_against_an_option_do_not_make_up_for_each_other_in_a_majority():
    """60 of 100, two reports contested: 30 to 0 for it, 0 to 30 against it. The first may fall alone, or the second."""
    votes, reports = {"a": 60, "b": 40}, [{"a": 30, "b": 0}, {"a": 0, "b": 30}]
    assert majority("a", votes, 100, HALF, True, Doubt(0, reports)) is Prospect.POSSIBLE
    assert majority("a", votes, 100, HALF, True, Doubt(0, reports[1:])) is Prospect.SECURED
    assert majority("a", {"a": 69, "b": 31}, 100, HALF, True, Doubt(0, reports)) is Prospect.SECURED
    bare = [{"b": 20}]  # a report that does not name the option gives it nothing
    assert majority("a", {"a": 50, "b": 50}, 100, HALF, True, Doubt(0, bare)) is Prospect.POSSIBLE
    assert majority("a", {"a": 51, "b": 49}, 100, HALF, True, Doubt(0, bare)) is Prospect.SECURED
    assert majority("a", {"a": 40, "b": 60}, 100, HALF, False, Doubt(0, bare)) is Prospect.POSSIBLE
    assert majority("a", {"a": 40, "b": 60}, 100, HALF, True, Doubt(0, bare)) is Prospect.EXCLUDED
