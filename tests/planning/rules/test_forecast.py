"""What the whole comes to, and when it ends, from what was done and paid; nothing is divided by nothing."""

from datetime import timedelta
from fractions import Fraction

import pytest

from kalata.planning.rules.calendars import no_holidays
from kalata.planning.rules.forecast import Value, forecast
from kalata.planning.rules.forward import early, net_of
from kalata.planning.rules.progress import Planned, Said, Standing
from tests.planning.plans import START, plan


def test_the_three_estimates_of_the_whole_to_the_cent():
    """The case that textbooks take: a budget of 1 000, 400 planned, 350 earned, 380 paid."""
    one = Value(100_000, 40_000, 35_000, 38_000)
    assert (one.gap, one.cpi, one.spi) == (-3_000, Fraction(35, 38), Fraction(7, 8))
    assert round(one.at_this_cost) == 108_571 and one.at_budget == 103_000
    assert round(one.at_this_pace) == 118_653 and one.needed == Fraction(65, 62)


@pytest.mark.parametrize(
    ("value", "none"),
    [
        (Value(100, 40, 35, None), ("gap", "cpi", "at_this_cost", "at_budget", "at_this_pace", "needed")),
        (Value(100, 40, 0, 38), ("at_this_cost", "at_this_pace")),
        (Value(100, 0, 35, 38), ("spi", "at_this_pace")),
        (Value(100, 40, 35, 100), ("needed",)),
    ],
)
def test_what_would_divide_by_nothing_is_not_said(value, none):
    assert all(getattr(value, name) is None for name in none)


def standing(code, percent, started=None, finished=None, on=START):
    return Standing(Planned(code, code, START, START, False), Said(1, code, "", on, percent, started, finished, "", "", "", ""), [])


def ends(today, *said):
    one, cal = plan("A 10 cd", "B 4 cd A", "C 5 wd B"), no_holidays(START)
    return forecast(net_of(one), cal, {s.planned.code: s for s in said}, START + timedelta(today))


def test_where_nothing_was_said_on_the_first_day_it_is_the_plan():
    one, cal = plan("A 10 cd", "B 4 cd A", "C 5 wd B"), no_holidays(START)
    assert ends(0) == early(net_of(one), cal).finish


def test_what_nobody_began_begins_no_sooner_than_today_and_moves_what_follows():
    assert ends(3)[:2] == [13, 17]


def test_what_is_done_keeps_its_day_and_what_runs_goes_on_for_what_is_left():
    assert ends(20, standing("A", 100, START, START + timedelta(7)))[:2] == [8, 24]
    assert ends(6, standing("A", 25, START))[:2] == [14, 18]  # 7.5 days left are eight
    assert ends(6, standing("A", 99, START))[0] == 7 and ends(6, standing("A", 0))[0] == 16


def test_a_day_done_before_the_plan_is_kept():
    assert ends(2, standing("A", 100, START - timedelta(3), START - timedelta(1)))[:2] == [0, 6]
