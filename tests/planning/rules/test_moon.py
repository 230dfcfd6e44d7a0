"""A feast that the moon decides falls on each day of its range in the draws, until a decree fixes it."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from kalata.planning.rules.calendars import Calendar, Range
from kalata.planning.rules.days import DayKind, Off, applied
from kalata.planning.rules.moon import WAYS, moons
from kalata.planning.rules.odds import Asked, fingerprint, run_of
from kalata.planning.rules.paced import named
from kalata.planning.rules.passes import Table, critical
from kalata.planning.rules.reading import plan_of
from kalata.planning.rules.scheduling import scheduled
from kalata.planning.rules.spells import CalendarKind, Feast, Spell, Work
from kalata.planning.rules.whatif import by_window

START = date(2026, 1, 5)  # a Monday
FEAST = (Range("Korité", START + timedelta(1), START + timedelta(4)), START + timedelta(2))
HEAD = "id,dur_likely,dur_unit,predecessors,legal_anchor\n"


def calendar(*written: Off) -> Calendar:
    return Calendar(START, fetch=lambda first, last: applied(frozenset(), [FEAST] if first <= 2026 <= last else [], written))


def ends(text: str, cal: Calendar, draws: int = 8) -> Counter[int]:
    run = run_of(plan_of(HEAD + text, START), cal, Asked(draws, 1))
    return Counter(run.drawn.end.tolist())


def test_each_day_of_the_range_is_the_feast_as_often_as_the_others():
    assert ends("A,2,wd,,\n", calendar()) == {2: 6, 3: 2}  # Monday and Tuesday; Wednesday where Tuesday is the feast
    assert ends("A,4,wd,,\n", calendar()) == {4: 2, 5: 6}  # Thursday where the feast is on Friday alone


def test_the_dates_of_the_likely_plan_stay_on_its_most_likely_day():
    cal = calendar()
    run_of(plan_of(HEAD + "A,4,wd,,\n", START), cal, Asked(8, 1))
    assert scheduled(plan_of(HEAD + "A,4,wd,,\n", START), cal).finish == 5


def test_a_decree_fixes_it_in_every_draw_and_the_inputs_are_no_longer_the_same():
    fixed = calendar(Off(START + timedelta(2), DayKind.DECREE, "Korité"))
    assert ends("A,2,wd,,\n", fixed) == {2: 8}
    plan, asked = plan_of(HEAD + "A,2,wd,,\n", START), Asked(8, 1)
    was = calendar()
    assert isinstance(run_of(plan, fixed, asked).table, Table) and not isinstance(run_of(plan, was, asked).table, Table)
    assert fingerprint(plan, fixed, asked) != fingerprint(plan, was, asked)


def test_a_day_that_is_off_whatever_the_moon_says_stays_off():
    sure = frozenset({START + timedelta(2)})
    cal = Calendar(START, fetch=lambda _first, _last: applied(sure, [FEAST], ()))
    assert ends("A,2,wd,,\n", cal) == {2: 6, 4: 2}


def test_two_feasts_of_one_moon_move_together_and_those_of_another_do_not():
    week, month = timedelta(7), timedelta(60)
    first = START + timedelta(1)
    ranges = [Range("birth", first, first + timedelta(3)), Range("baptism", first + week, first + week + timedelta(3))]
    assert moons([*ranges, Range("sacrifice", first + month, first + month)]) == {first: first, first + week: first, first + month: first + month}


def test_a_season_that_a_feast_ends_moves_with_it():
    work = Work("terrain", CalendarKind.REGION, "Terrain", spells=(Spell("Ramadan", 0, feast="Korité", days=1),))
    likely = Feast("Korité", FEAST[1], FEAST[0].first, FEAST[0].last, False)
    cal = named(calendar(), [work], lambda _first, _last: [likely])
    text = HEAD.replace("legal_anchor", "calendar") + "A,1,wd,,terrain\n"
    run = run_of(plan_of(text, START), cal, Asked(8, 1))
    # the eve of the feast is closed: the Monday where it falls on Tuesday, and Tuesday is then the feast
    assert Counter(run.drawn.end.tolist()) == {1: 6, 3: 2}


def test_a_window_that_a_moon_moves_by_a_day_is_still_one_opening():
    run = run_of(plan_of(HEAD + "A,1,wd,,06/01-31/12\n", START), calendar(), Asked(8, 1))
    assert [(row["opens"], row["share"]) for row in by_window(run, 0)] == [("2026-01-06", "1.0000")]


def test_the_chain_is_walked_in_each_way_by_its_own_calendar():
    """A works two days, C three calendar days: A ends the plan too where the feast stops it."""
    text = "A,2,wd,,\nB,0,cd,A,\nC,3,cd,,\n"
    cal = calendar()
    run = run_of(plan_of(HEAD + text, START), cal, Asked(8, 1))
    on = critical(run.net, run.table, run.drawn, None)
    late = run.drawn.finish[0] == 3
    assert late.sum() == 2 and on[2].all() and (on[0] == late).all() and (on[1] == late).all()


def test_fewer_draws_than_ways_are_still_drawn_and_the_same_seed_gives_the_same_days():
    plan = plan_of(HEAD + "A,4,wd,,\n", START)
    one = run_of(plan, calendar(), Asked(WAYS // 2 + 1, 7)).drawn.end
    assert len(one) == WAYS // 2 + 1 and (one == run_of(plan, calendar(), Asked(WAYS // 2 + 1, 7)).drawn.end).all()
