"""What is late and what was earned, from what people said: at each boundary, and nothing counted that nobody said."""

from datetime import date, timedelta
from fractions import Fraction

from kalata.planning.rules.progress import Planned, Said, earned_of, standings

DAY = date(2026, 6, 10)
PLAN = [Planned("A", "A", date(2026, 6, 1), date(2026, 6, 10))]


def said(percent, on=DAY, unit="", pk=1, **more):
    return Said(pk, "A", unit, on, percent, **more)


def late(rows, today):
    one = standings(PLAN, rows, today)[0]
    return one.late_to, one.days


def test_an_activity_is_late_to_start_the_day_after_its_start_and_to_finish_the_day_after_its_end():
    assert late([], date(2026, 6, 1)) == ("", 0)
    assert late([], date(2026, 6, 2)) == ("start", 1)
    assert late([said(1)], date(2026, 6, 10)) == ("", 0)
    assert late([said(99)], date(2026, 6, 11)) == ("finish", 1)
    assert late([said(100)], date(2026, 6, 30)) == ("", 0)


def test_a_start_said_without_a_percent_is_a_start():
    assert late([said(0, started=date(2026, 6, 1))], date(2026, 6, 5)) == ("", 0)
    assert late([said(0)], date(2026, 6, 5)) == ("start", 4)


def test_the_last_saying_counts_and_of_one_day_the_last_written():
    rows = [said(80, on=DAY - timedelta(1), pk=9), said(20, pk=1), said(40, pk=2)]
    assert standings(PLAN, rows, DAY)[0].said.percent == 40


def test_what_a_territory_says_is_not_said_for_the_country():
    one = standings(PLAN, [said(100, unit="Gao"), said(30, unit="Mopti", pk=2)], date(2026, 6, 12))[0]
    assert (
        one.said is None and [p.unit for p in one.parts] == ["Gao", "Mopti"] and one.late_to == "finish" and one.begun
    )


def test_a_block_is_over_once_it_is_done():
    assert standings(PLAN, [said(40, blocked="camions")], DAY)[0].blocked
    assert not standings(PLAN, [said(40, blocked="camions"), said(100, pk=2)], DAY)[0].blocked


def test_value_is_planned_evenly_to_yesterday_evening_and_earned_by_what_was_said():
    def earned(rows, today):
        return earned_of(standings(PLAN, rows, today), {"A": 1_000}, today)

    assert (earned([], date(2026, 6, 1)).planned, earned([], date(2026, 6, 2)).planned) == (0, 100)
    assert (earned([], date(2026, 6, 11)).planned, earned([], date(2027, 1, 1)).planned) == (1_000, 1_000)
    one = earned([said(30)], date(2026, 6, 6))
    assert (one.at, one.planned, one.earned, one.gap, one.spi) == (1_000, 500, 300, -200, Fraction(3, 5))
    assert earned([], date(2026, 6, 1)).spi is None and earned([], date(2026, 6, 6)).silent == 1
    assert earned([said(100, unit="Gao")], date(2026, 6, 6)).earned == 0
