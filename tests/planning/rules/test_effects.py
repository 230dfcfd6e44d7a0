"""A legal date is kept on its day: late and, where the law says an exact day, early are both not kept, on every page."""

from datetime import date

import pytest

from kalata.planning.rules.anchoring import Held
from kalata.planning.rules.effects import Effect, Margin
from kalata.planning.rules.moving import Limit
from kalata.planning.rules.plan import Anchor, AnchorKind

EXACT = Anchor(AnchorKind.FOLLOWS, "J2 = R07+21d", after="R07", days=21)


def margin(before, after, *, early=False, was_early=False):
    return Margin("B12", "Second tour", "J2 = R07+21d", "2027-07-19", before, after, "", early, was_early)


@pytest.mark.parametrize(
    ("spare", "missed", "early"), [(-1, True, False), (0, False, False), (4, True, True), (4, False, False)]
)
def test_what_comes_before_its_exact_day_is_early_and_what_comes_after_is_late(spare, missed, early):
    assert Held("B12", EXACT, 10, 10 - spare, spare, missed).early is early


@pytest.mark.parametrize(
    ("one", "missed", "breaks", "mends"),
    [
        (margin(0, -1), True, True, False),
        (margin(0, 0), False, False, False),
        (margin(0, 4, early=True), True, True, False),
        (margin(4, 4, early=True, was_early=True), True, False, False),
        (margin(4, 0, was_early=True), False, False, True),
        (margin(-1, 4, early=True), True, False, False),
        (margin(None, 4, early=True), True, True, False),
        (margin(4, None, was_early=True), False, False, False),
    ],
)
def test_a_version_counts_an_early_exact_day_among_the_dates_not_kept(one, missed, breaks, mends):
    assert (one.missed, one.breaks, one.mends) == (missed, breaks, mends)
    told = Effect(("2027-01-01", "2027-01-01"), legal=(one,))
    assert (told.late, told.broken) == ([one] if missed else [], [one] if breaks else [])


@pytest.mark.parametrize(("spare", "early", "missed"), [(-1, False, True), (0, False, False), (4, True, True)])
def test_another_polling_day_counts_them_as_the_version_does(spare, early, missed):
    day = date(2027, 7, 19)
    one = Limit("B12", "Second tour", "", "J2 = R07+21d", day, day, 0, spare, early)
    assert one.missed is missed and one.breaks is missed
