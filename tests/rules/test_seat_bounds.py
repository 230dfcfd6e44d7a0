"""Every small house of seats, every content of what is missing: what the bound says beside what is true.

Votes, seats and pools are so small that all contents can be tried one by one. The averages are exact: the bound
names a danger if and only if some content moves a seat, from the very number of papers that does it. With a
quota it may be too cautious, never too sure; how often is counted here, and the count is part of the test: a bound
that grows more timid, or bolder, changes it.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import cache
from itertools import product

import pytest

from kalata.results.rules.bounds import Missing, What
from kalata.results.rules.seat_bounds import AVERAGES, MOST_NEAR, House, broken, dangers, seat_changes, steps
from kalata.results.rules.seats import Allocation, allocate
from kalata.results.rules.systems import Formula, Threshold

NAMES = "ABC"
BARS = (None, Threshold(Fraction(1, 4), False), Threshold(Fraction(1, 3), True))
Votes = tuple[int, ...]


@cache
def shared(votes: Votes, blank: int, seats: int, formula: Formula, bar: int, base: str) -> Allocation:
    """blank: valid votes of no list, which only the base counts."""
    named = dict(zip(NAMES, votes, strict=False))
    return allocate(named, seats, formula, threshold=BARS[bar], threshold_base=sum(votes) + blank, quota_base=base)


def given(share: Allocation) -> tuple[object, ...]:
    return tuple(share.seats.values()), frozenset((frozenset(t.options), t.seats) for t in share.ties)


@cache
def contents(width: int, papers: int) -> tuple[Votes, ...]:
    return tuple(c for c in product(range(papers + 1), repeat=width) if sum(c) <= papers)


def truth(votes: Votes, blank: int, papers: int, rule: tuple[int, Formula, int, str]) -> int | None:
    """The least number of papers whose content gives other seats, or another tie; None where no content does."""
    now = given(shared(votes, blank, *rule))
    moved = [
        sum(c)
        for c in contents(len(votes), papers)
        if given(shared(tuple(v + t for v, t in zip(votes, c, strict=True)), blank, *rule)) != now
    ]
    return min(moved, default=None)


def replaced(votes: Votes, blank: int, papers: int, rule: tuple[int, Formula, int, str]) -> set[tuple[str, str]]:
    """(who loses a seat, who gains one) in some content that leaves no tie."""
    now = shared(votes, blank, *rule).seats
    out = set()
    for c in contents(len(votes), papers):
        then = shared(tuple(v + t for v, t in zip(votes, c, strict=True)), blank, *rule)
        if not then.ties:
            out |= {(a, b) for a in now for b in now if then.seats[a] < now[a] and then.seats[b] > now[b]}
    return out


def said(votes: Votes, blank: int, papers: int, rule: tuple[int, Formula, int, str]):
    seats, formula, bar, base = rule
    share = shared(votes, blank, *rule)
    named = dict(zip(NAMES, votes, strict=False))
    house = House(named, sum(votes) + blank, share.seats, seats, formula, BARS[bar], base, papers)

    def same(fill) -> bool:
        more = tuple(v + fill.get(o, 0) for o, v in named.items())
        return given(shared(more, blank, *rule)) == given(share)

    return seat_changes(house, share, Missing(1, papers), same)


def rules(formula: Formula):
    bases = ("admitted",) if formula in AVERAGES else ("admitted", "valid")
    return [(seats, formula, bar, base) for seats in (1, 2, 3) for bar in range(len(BARS)) for base in bases]


def houses(width: int, top: int, blanks: tuple[int, ...]):
    return [(v, blank) for v in product(range(top + 1), repeat=width) if any(v) for blank in blanks]


CASES = [(v, b, m) for v, b in [*houses(3, 2, (0,)), *houses(2, 5, (0, 1)), *houses(1, 4, (0,))] for m in (1, 2, 4)]


@pytest.mark.parametrize("formula", sorted(AVERAGES))
def test_an_average_is_said_open_exactly_where_a_content_moves_a_seat_and_from_the_paper_that_does(formula):
    for rule in rules(formula):
        for votes, blank, papers in CASES:
            found, true = said(votes, blank, papers, rule), truth(votes, blank, papers, rule)
            assert bool(found) == (true is not None), (votes, blank, papers, rule)
            if found and not shared(votes, blank, *rule).ties:
                assert min(c.votes for c in found) == true, (votes, blank, papers, rule)
                assert all(c.tight for c in found)
                named = {(a, b) for c in found for a in c.instead_of for b in c.options}
                assert named >= replaced(votes, blank, papers, rule), (votes, blank, papers, rule)


@pytest.mark.parametrize("formula", sorted(set(Formula) - AVERAGES))
def test_a_quota_is_never_said_secured_where_a_content_moves_a_seat_and_how_often_it_is_too_careful(formula):
    seen: Counter[str] = Counter()
    for rule in rules(formula):
        for votes, blank, papers in CASES:
            found, true = said(votes, blank, papers, rule), truth(votes, blank, papers, rule)
            where = (votes, blank, papers, rule)
            seen["open" if true is not None else "closed"] += 1
            assert found or true is None, where
            if found and true is None:
                assert not any(c.tight for c in found), where
                seen["too careful"] += 1
            if found and true is not None:
                seen["shown by a content"] += all(c.tight for c in found)
                known = [c.votes for c in found if c.votes is not None]
                assert not known or min(known) <= true, where
                if not shared(votes, blank, *rule).ties:
                    named = {(a, b) for c in found for a in c.instead_of for b in c.options}
                    assert named >= replaced(votes, blank, papers, rule), where
                    seen["pairs"] += len(named)
                seen["from the very paper"] += bool(known) and min(known) == true
    assert seen == SEEN[formula]


SEEN = {
    Formula.HARE_LR: {
        "open": 4149, "shown by a content": 4149, "from the very paper": 4087, "closed": 1251, "too careful": 4,
        "pairs": 5601,
    },
    Formula.DROOP_LR: {
        "open": 4381, "shown by a content": 4381, "from the very paper": 4241, "closed": 1019, "too careful": 10,
        "pairs": 4594,
    },
    Formula.QUOTA_HIGHEST_AVERAGE: {
        "open": 4262, "shown by a content": 4262, "from the very paper": 4208, "closed": 1138, "pairs": 4680,
    },
}  # fmt: skip
"""As measured: of 5,400 small elections each, secured is never said wrongly, and open too carefully 10 times at most."""


def test_a_holder_that_may_fall_under_the_threshold_is_still_caught_up_with_by_fewer_papers():
    """One seat, C 1 vote, threshold of a quarter, four papers away: one paper for A draws level, four throw C out."""
    found = said((0, 0, 1), 0, 4, (1, Formula.HARE_LR, 1, "admitted"))
    assert {(c.what, c.options, c.votes) for c in found} >= {
        (What.THRESHOLD, ("A", "B"), 4), (What.THRESHOLD, ("A",), 1), (What.THRESHOLD, ("B",), 1),
    }  # fmt: skip


@pytest.mark.parametrize(("many", "known"), [(MOST_NEAR - 1, True), (MOST_NEAR, True), (MOST_NEAR + 1, False)])
def test_beyond_eight_lists_near_the_threshold_the_bound_gives_up_and_says_so(many, known):
    votes = {"A": 900} | {f"L{n}": 40 for n in range(many)}
    bar = Threshold(Fraction(4, 100), False)
    base = sum(votes.values())
    assert base * 4 > 4000
    house = House(votes, base, dict.fromkeys(votes, 0) | {"A": 9}, 9, Formula.HARE_LR, bar, "admitted", 30)
    assert house.near(30) == [o for o in votes if o != "A"]
    found = dangers(house, ["A"])
    if known:
        assert {o for d in found for o in d.options} >= set(votes) - {"A"} and all(d.papers is not None for d in found)
    else:
        assert [(d.what, d.options, d.of, d.papers, d.tight) for d in found] == [
            (What.THRESHOLD, tuple(house.near(30)), ("A",), None, False)
        ]


@pytest.mark.parametrize(("total", "lacking"), [(3, True), (4, True), (5, False)])
def test_with_a_rounded_quota_one_list_alone_may_lack_a_remainder_while_its_votes_are_few(total, lacking):
    """Three seats: 2 T > 9 − 1 is enough."""
    house = House({"A": total}, total, {"A": 3}, 3, Formula.DROOP_LR, None, "admitted", 0)
    assert bool(broken(house, ["A"], 0)) == lacking


def test_the_papers_before_a_rounded_quota_grows_are_those_where_the_division_leaves_the_most():
    house = House({"A": 7, "B": 4}, 11, {"A": 1, "B": 1}, 2, Formula.DROOP_LR, None, "admitted", 10)
    last = {t for t in range(11) if (11 + t) // 3 < (11 + t + 1) // 3}
    found = steps(house, 11, 10)
    assert found >= {0, 10} and found - {0, 10} <= last and {min(last), max(last)} <= found


def test_no_paper_enters_a_list_that_has_no_vote_and_none_is_there():
    house = House({"A": 3, "B": 0}, 3, {"A": 2, "B": 0}, 2, Formula.DHONDT, None, "admitted", 2)
    assert [house.maybe_in("B", n) for n in (0, 1)] == [False, True]


def test_where_no_list_can_reach_the_threshold_nothing_is_said_to_move():
    high = Threshold(Fraction(1), True)
    share = allocate({"A": 2, "B": 2}, 2, Formula.DHONDT, threshold=high)
    house = House({"A": 2, "B": 2}, 4, share.seats, 2, Formula.DHONDT, high, "admitted", 3)
    assert seat_changes(house, share, Missing(1, 3), lambda _fill: True) == ()
