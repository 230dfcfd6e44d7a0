"""Calendars of activities, regions and suppliers: a slow day is a part of a day's work, a closure none, and every engine agrees."""

import random
from datetime import date, timedelta

import numpy as np
import pytest

from kalata.planning.rules import passes
from kalata.planning.rules.calendars import no_holidays
from kalata.planning.rules.explaining import why_date
from kalata.planning.rules.faults import PlanFault
from kalata.planning.rules.forward import early, net_of
from kalata.planning.rules.paced import named, no_feasts, paced
from kalata.planning.rules.reading import plan_of
from kalata.planning.rules.scheduling import scheduled
from kalata.planning.rules.spells import CalendarKind, Feast, Spell, Work, during, spell_of, works_of

T0 = date(2026, 1, 5)
RAINS = Spell("pluies", 50, "07-01", "09-30")
SHUT = Spell("usine fermée", 0, "2026-08-03", "2026-08-23")
EID = "Journée de la Fête du Ramadan"
RAMADAN = Spell("Ramadan", 75, feast=EID, days=30)


def work(*spells, code="route", rest=None, places=()):
    return Work(code, CalendarKind.REGION, code, spells=spells, rest=rest, places=places)


def feasts(fixed=False):
    day = date(2026, 3, 20)
    one = timedelta(1)
    return lambda _a, _b: [Feast(EID, day, day if fixed else day - one, day if fixed else day + 2 * one, fixed)]


def plan(text, header="id,dur_likely,dur_unit,predecessors,calendar,territory"):
    return plan_of(f"{header}\n{text}", T0)


def by_hand(cal, start, days):
    """The definition: walk day by day until enough hundredths are done."""
    done, d = 0, start
    while done < 100 * days:
        done += cal.percent(d) if cal.works(d) else 0
        d += 1
    return d


def test_a_day_of_rain_at_half_takes_two_days_for_one():
    cal = paced(no_holidays(T0), work(RAINS), no_feasts)
    first = cal.offset(date(2026, 7, 6))  # a Monday of the rains
    assert cal.finish(first, 5) == first + 12  # ten working days, the week-end between
    assert cal.begin(first + 12, 5) == first
    dry = cal.offset(date(2026, 6, 1))
    assert cal.finish(dry, 5) == dry + 5


@pytest.mark.parametrize("spells", [(RAINS,), (SHUT,), (RAINS, SHUT, RAMADAN), (Spell("x", 33, "11-15", "02-10"),)])
def test_finish_and_its_reverse_are_what_the_definition_says_both_sides_of_the_first_day(spells):
    chance = random.Random(7)
    cal = paced(no_holidays(T0), work(*spells), feasts())
    for one in (cal, cal.run):
        for _n in range(150):
            start, days = chance.randrange(-400, 500), chance.randrange(1, 60)
            finish = one.finish(start, days)
            assert finish == by_hand(one, start, days)
            begun = one.begin(finish, days)
            assert one.works(begun) and one.finish(begun, days) <= finish
            assert one.finish(begun + 1, days) > finish


def test_a_closure_stops_calendar_days_too_and_a_week_end_does_not():
    cal = named(no_holidays(T0), [work(SHUT, code="usine")], no_feasts)
    found = scheduled(plan("A,205,cd,,,\nB,10,cd,A,usine,\nC,10,cd,A,,"), cal)
    start, finish = found.early.start, found.early.finish
    assert finish[1] - start[1] == 10 + 21 and finish[2] - start[2] == 10


def test_a_region_gives_its_calendar_to_its_activities_and_a_named_one_comes_first():
    works = [work(RAINS, code="mopti", places=("Mopti",)), work(code="six-jours", rest=frozenset({6}))]
    cal = named(no_holidays(T0), works, no_feasts)
    found = scheduled(plan("A,178,cd,,,\nB,10,wd,A,,mopti\nC,10,wd,A,six-jours,Mopti\nD,10,wd,A,,"), cal)
    spans = [f - s for s, f in zip(found.early.start, found.early.finish, strict=True)]
    assert spans[1:] == [28, 12, 14]


def test_ramadan_is_an_estimate_until_a_decree_fixes_the_feast():
    estimated, = during(RAMADAN, 2026, feasts())
    assert (estimated.first, estimated.last) == (date(2026, 2, 18), date(2026, 3, 19))
    assert (estimated.early, estimated.late) == (date(2026, 2, 17), date(2026, 3, 21)) and estimated.estimated
    fixed, = during(RAMADAN, 2026, feasts(fixed=True))
    assert not fixed.estimated


def test_draws_and_the_single_schedule_count_slow_days_alike():
    """Every link type, both units, three calendars: a column of draws is the schedule of each draw."""
    chance = random.Random(3)
    works = [work(RAINS, RAMADAN, code="nord", places=("Gao",)), work(SHUT, code="usine", rest=frozenset({6})), work(code="samedi", rest=frozenset({6}))]
    for _round in range(12):
        rows = []
        for n in range(14):
            links = ";".join(f"A{chance.randrange(n)}:{chance.choice(['FS', 'SS', 'FF', 'SF'])}{chance.choice(['', '+3wd', '-2d', '+50%'])}" for _k in range(min(n, 2)))
            links = ";".join({link.split(":")[0]: link for link in links.split(";") if link}.values())
            rows.append(f"A{n},{chance.randrange(40)},{chance.choice(['wd', 'cd'])},{links},{chance.choice(['', 'nord', 'usine', 'samedi'])},{chance.choice(['', 'Gao'])}")
        one = plan("\n".join(rows))
        cal = named(no_holidays(T0), works, feasts())
        net = net_of(one)
        draws = [[a.likely + chance.randrange(20) for _d in range(20)] for a in one.activities]
        table = passes.table_of(net, cal, 4_000)
        drawn = passes.passed(net, table, [np.array(c, dtype=np.int32) for c in draws])
        for d in range(20):
            alone = early(net, cal, [c[d] for c in draws])
            assert [int(c[d]) for c in drawn.start] == alone.start and [int(c[d]) for c in drawn.finish] == alone.finish


def test_floats_of_a_slow_calendar_are_the_room_there_is():
    cal = named(no_holidays(T0), [work(RAINS, code="nord")], no_feasts)
    text = "A,170,cd,,,\nB,{},wd,A,nord,\nC,60,cd,A,,\nD,1,wd,B;C,,"
    found = scheduled(plan(text.format(8)), cal)
    assert found.total[1] > 0
    later = plan(f"A,170,cd,,,\nW,{found.total[1]},wd,A,samedi-inconnu,\nB,8,wd,W,nord,\nC,60,cd,A,,\nD,1,wd,B;C,,")
    assert scheduled(later, named(no_holidays(T0), [work(RAINS, code="nord")], no_feasts)).finish == found.finish


def test_why_this_date_names_the_season_that_slowed_the_chain():
    cal = named(no_holidays(T0), [work(RAINS, code="nord")], no_feasts)
    found = scheduled(plan("A,178,cd,,,\nB,10,wd,A,nord,\nC,1,wd,B,,"), cal)
    slow, = why_date(found, 2).slowed
    assert "pluies" in slow.text("fr") and "50" in slow.text("fr") and slow.params["id"] == "B"
    assert not why_date(found, 0).slowed


def test_a_spell_that_cannot_be_is_refused_by_its_field():
    good = {"name_fr": "pluies", "percent": "60", "first": "07-01", "last": "09-30"}
    assert spell_of(2, good).percent == 60
    for bad in ({"percent": "100"}, {"percent": "-1"}, {"first": "13-40"}, {"first": "2026-07-01"}, {"last": ""}, {"feast": "Tabaski", "days": "0"}):
        with pytest.raises(PlanFault) as refused:
            spell_of(2, {**good, **bad})
        assert refused.value.params["row"] == 2
    with pytest.raises(PlanFault):
        works_of([{"code": "x", "kind": "region", "name_fr": "x", "rest": "0;1;2;3;4;5;6"}], [])
