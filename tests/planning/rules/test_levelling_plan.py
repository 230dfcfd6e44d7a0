"""Levelling a plan: its own links, calendars and windows, pools that change with the days."""

import random
from datetime import date

import pytest

from kalata.planning.levelling_plans import level_plan
from kalata.planning.rules.calendars import no_holidays
from kalata.planning.rules.forward import early
from kalata.planning.rules.levelling_bounds import Overload
from kalata.planning.rules.levelling_plan import (
    NoPlace,
    Placed,
    floor_of,
    improved,
    overloaded,
    pools_of,
    stands,
    yard_of,
)
from kalata.planning.rules.reading import PlanFault, plan_of

MONDAY = date(2026, 1, 5)
HEAD = "id,dur_likely,dur_unit,predecessors,resources,legal_anchor\n"


def yard(rows, pools, windows=True):
    return yard_of(
        plan_of(HEAD + "\n".join(rows) + "\n", MONDAY),
        no_holidays(MONDAY),
        pools_of("pool,from,to,capacity\n" + "\n".join(pools) + "\n", MONDAY),
        windows,
    )


def ends(y, rounds=60):
    found = improved(y, seed=1, floor=floor_of(y), stop=lambda: False, rounds=rounds)
    assert stands(y, found)
    return found


def test_two_activities_of_a_pool_of_one_follow_each_other():
    y = yard(["A,3,cd,,T:1,", "B,2,cd,,T:1,"], ["T,,,1"])
    assert (ends(y).end, floor_of(y)) == (5, 5)


def test_capacity_follows_its_periods_and_a_day_without_a_line_holds_nothing():
    y = yard(["A,2,cd,,T:2,"], ["T,0,3,1", "T,5,6,2", "T,8,,2"])
    assert ends(y).starts == (8,)
    assert yard(["A,2,cd,,T:1,"], ["T,2026-01-07,2026-01-09,1"]).capacities[0][:6] == (0, 0, 1, 1, 1, 0)


def test_working_days_rest_and_hold_their_pool_and_lags_keep_their_own_days():
    y = yard(["A,3,wd,,T:1,", "B,2,wd,A:FS+2wd,,", "C,4,cd,,T:1,"], ["T,,,1"])
    found = ends(y)
    assert found.end == 9 and found.starts[:2] == (0, 7)
    assert found.starts[2] == 3


@pytest.mark.parametrize(
    ("link", "start"), [("A", 5), ("A:FS-2d", 3), ("A:SS+1d", 1), ("A:FF+1d", 3), ("A:SF+4d", 1), ("A:FS+40%", 7)]
)
def test_every_kind_of_link_holds(link, start):
    y = yard(["A,5,cd,,T:1,", f"B,3,cd,{link},U:1,"], ["T,,,1", "U,,,1"])
    assert ends(y).starts == (0, start)


def test_a_window_opens_once_a_year_and_the_pool_is_looked_at_there():
    rows = ["A,10,cd,,T:1,01/02-31/12", "B,60,cd,,T:1,"]
    y = yard(rows, ["T,,,1"])
    assert ends(y).end == min(27 + 10 + 60, 392 + 10)
    assert ends(yard(rows, ["T,,,1"], windows=False)).end == 70


def test_what_fits_nowhere_is_infeasible_and_named():
    found = level_plan(yard(["A,5,cd,,T:1,", "B,1,cd,,,"], ["T,0,4,1", "T,7,10,1"]), limit=1, seed=1)
    assert (found.status, found.nowhere) == ("infeasible", "A")
    with pytest.raises(NoPlace):
        ends(yard(["A,5,cd,,T:1,"], ["T,0,4,1"]))


def test_a_schedule_is_judged_link_by_link_and_day_by_day():
    y = yard(["A,3,wd,,T:1,", "B,2,wd,A,T:1,"], ["T,,,1"])
    good = Placed((0, 3), (3, 5))
    assert stands(y, good)
    for bad in (Placed((0, 2), (3, 4)), Placed((0, 3), (3, 6)), Placed((5, 7), (10, 9)), Placed((-1, 3), (2, 5))):
        assert not stands(y, bad)
    assert not stands(yard(["A,3,wd,,T:1,", "B,2,wd,A,T:1,"], ["T,0,4,1"]), good)


def test_overloads_before_are_told_by_runs():
    y = yard(["A,3,cd,,T:2,", "B,2,cd,,T:1,"], ["T,0,2,1", "T,2,,2"])
    first = early(y.net, y.calendar)
    assert overloaded(y, first.start, first.finish) == [Overload("T", 0, 2, 2)]


@pytest.mark.parametrize(
    ("rows", "pools", "code"),
    [
        (["A,1,cd,,T:3,"], ["T,,,2"], "PLN-109"), (["A,1,cd,,,"], ["T,,,2"], "PLN-122"), (["A,1,cd,,U:1,"], ["T,,,2"], "PLN-123"), (["A,1,cd,,T:1,"], ["T,0,4,1", "T,3,,1"], "PLN-108"),
        (["A,1,cd,,T:1,"], ["T,4,4,1"], "PLN-110"), (["A,1,cd,,T:1,"], ["T,hier,,1"], "PLN-110"), (["A,1,cd,,T:1,"], ["T,,,x"], "PLN-110"), (["A,1,cd,,T:1,"], [",,,1"], "PLN-110"),
    ],
)  # fmt: skip
def test_pools_that_do_not_fit_the_plan_are_refused_with_their_code(rows, pools, code):
    with pytest.raises(PlanFault) as met:
        yard(rows, pools)
    assert met.value.code == code


def random_yard(rng):
    rows = []
    for n in range(rng.randint(3, 5)):
        links = ";".join(
            f"A{p}:{rng.choice(['FS', 'SS', 'FF', 'SF'])}{rng.choice(['', '+1d', '+2wd', '-1d', '-1wd', '+50%'])}"
            for p in range(n)
            if rng.random() < 0.4
        )
        rows.append(
            f"A{n},{rng.randint(0, 3)},{rng.choice(['cd', 'wd'])},{links},{'T:' + str(rng.randint(1, 2)) if rng.random() < 0.8 else ''},"
        )
    if not any("T:" in r for r in rows):
        rows[0] = "A0,2,cd,,T:1,"
    return yard(rows, ["T,0,4,2", f"T,4,7,{rng.randint(0, 2)}", "T,7,,2"])


def earliest_end(y, most):
    """By every start of every activity up to an end: shares only the calendar with the product."""
    cal, net = y.calendar, y.net
    acts = net.plan.activities

    def shift(x, lag, n):
        return cal.after(x, n, lag)

    def fits(starts, finishes):
        for i, _a in enumerate(acts[: len(starts)]):
            for arc in net.into[i]:
                x = finishes[arc.pred] if arc.type in ("FS", "FF") else starts[arc.pred]
                bound = shift(x, arc.working, arc.lag(net.days))
                if (finishes[i] if arc.type in ("FF", "SF") else starts[i]) < bound:
                    return False
        for day in range(max(finishes, default=0)):
            if sum(y.needs[i][0] for i in range(len(starts)) if starts[i] <= day < finishes[i]) > y.capacities[0][day]:
                return False
        return True

    best = [most + 1]

    def walk(starts, finishes):
        i = len(starts)
        if i == len(acts):
            best[0] = min(best[0], max(finishes))
            return
        for s in range(best[0]):
            if net.working[i] and not cal.works(s):
                continue
            f = cal.finish(s, net.days[i]) if net.working[i] else s + net.days[i]
            if f < best[0] and fits([*starts, s], [*finishes, f]):
                walk([*starts, s], [*finishes, f])

    walk([], [])
    return best[0]


@pytest.mark.parametrize("seed", range(12))
def test_on_small_plans_no_answer_is_above_its_bound_nor_below_the_earliest_end(seed):
    y = random_yard(random.Random(seed))
    found = ends(y, rounds=150)
    best = earliest_end(y, found.end)
    assert floor_of(y) <= best <= found.end


@pytest.mark.parametrize("seed", [1, 4, 7])
def test_the_solver_finds_and_proves_the_earliest_end_of_small_plans(seed):
    cp_model = pytest.importorskip("ortools.sat.python.cp_model")
    import time

    from kalata.planning.levelling_plans import Exact

    y = random_yard(random.Random(seed))
    first = ends(y, rounds=1)
    found, bound = Exact(cp_model, y, first, floor_of(y)).solved(time.monotonic() + 60, 1, 1)
    assert stands(y, found) and found.end == bound == earliest_end(y, first.end)
