"""Who can still win: the bounds are held against every possible content of what is missing and contested."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product

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
