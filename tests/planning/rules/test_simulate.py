"""Draws: their distribution, the pass beside the one-draw pass, the guide's odds, risks, cost, and the same bytes again."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from kalata.planning.calendars import calendar_named
from kalata.planning.commands import plan as command
from kalata.planning.rules import passes
from kalata.planning.rules.calendars import no_holidays
from kalata.planning.rules.draws import days_of, distribution, steps, uniforms, values_of
from kalata.planning.rules.faults import PlanFault
from kalata.planning.rules.forward import early, net_of
from kalata.planning.rules.odds import Asked, quantiles, rank, ranks_around, run_of, share
from kalata.planning.rules.reading import plan_of
from kalata.planning.rules.risks import risks_of
from kalata.planning.rules.scheduling import scheduled
from kalata.planning.rules.telling import record
from tests.conftest import SHARED
from tests.planning.plans import BASELINE, START, baseline, plan
from tests.planning.rules import plain_draws
from tests.planning.rules.test_schedule import plans
from tests.sizes import size

THREE = "id,dur_optimistic,dur_likely,dur_pessimistic,dur_unit,predecessors\n"


def of(rows, **where):
    return next(r for r in rows if all(r[k] == v for k, v in where.items()))


# --- the draws ------------------------------------------------------------------------------------
@given(st.floats(1, 5), st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_the_distribution_is_that_of_beta(a, x):
    b = 6 - a
    got = float(distribution(np.array([a]), np.array([b]), np.array([x]))[0])
    # the integral of the density by its midpoints; u**4 takes the edges away
    n = 4_000
    u = (np.arange(n) + 0.5) / n * x**0.25
    t = u**4
    want = (
        float(np.sum(t ** (a - 1) * (1 - t) ** (b - 1) * 4 * u**3) * x**0.25 / n)
        * math.gamma(6)
        / math.gamma(a)
        / math.gamma(b)
    )
    assert got == pytest.approx(want, abs=5e-5)


def test_a_duration_is_the_rounded_value_of_the_same_number_and_keeps_to_its_ends():
    for three in ((3, 5, 10), (0, 1, 4), (45, 90, 180), (1, 1, 2), (4, 5, 5), (0, 0, 9)):
        u = uniforms(3, "x", 20_000)
        days = days_of(u, three, steps([three]))
        assert days.min() >= three[0] and days.max() <= three[2]
        assert (days == np.floor(values_of(u, *three, halves=True) + 0.5)).all()
        low, likely, high = three
        assert values_of(u, *three).mean() == pytest.approx((low + 4 * likely + high) / 6, rel=0.02)
    assert days_of(uniforms(1, "x", 5), (7, 7, 7), {}).tolist() == [7] * 5
    assert days_of(np.array([0.0, 0.999999]), (0, 18_000, 36_500), {}).max() <= 36_500


def test_streams_are_keyed_by_name_and_seed_alone():
    assert (uniforms(1, "A", 9) == uniforms(1, "A", 20)[:9]).all()
    assert (
        not (uniforms(1, "A", 9) == uniforms(1, "B", 9)).any()
        and not (uniforms(1, "A", 9) == uniforms(2, "A", 9)).any()
    )


def test_editing_one_activity_leaves_the_draws_of_the_others():
    text = THREE + "A,1,3,9,cd,\nB,2,4,8,wd,A\n"
    one = run_of(plan_of(text, START), no_holidays(START), Asked(500, 1))
    other = run_of(
        plan_of(text.replace("1,3,9", "2,5,11") + "C,1,2,3,cd,B\n", START), no_holidays(START), Asked(500, 1)
    )
    assert (one.drawn.days[1] == other.drawn.days[1]).all() and (one.drawn.days[0] <= other.drawn.days[0]).all()


# --- the pass -------------------------------------------------------------------------------------
@given(plans(), st.integers(0, 2**31))
@settings(max_examples=size(8, 300), deadline=None)
def test_the_pass_of_all_draws_is_the_pass_of_each(drawn, seed):
    p, cal, _days = drawn
    chance = np.random.default_rng(seed)
    p = replace(p, activities=tuple(replace(a, optimistic=0, pessimistic=25) for a in p.activities))
    net = net_of(p)
    days = [chance.integers(0, 25, 6).astype(np.int32) for _a in p.activities]
    table = passes.table_of(net, cal, passes.horizon_of(net, cal, [40] * len(days)) + 400)
    got = passes.passed(net, table, days)
    ends = passes.critical(net, table, got, None)
    for k in range(6):
        mine = [int(column[k]) for column in days]
        want = early(net, cal, mine)
        assert [int(c[k]) for c in got.start] == want.start and [int(c[k]) for c in got.finish] == want.finish
        exact = replace(p, activities=tuple(replace(a, optimistic=d, likely=d, pessimistic=d) for a, d in zip(p.activities, mine, strict=True)))  # fmt: skip
        s = scheduled(exact, cal)
        on = {i for i, f in enumerate(want.finish) if f == want.end}
        for i in reversed(net.order):
            if i in on:
                on |= {d.arc.pred for d in s.drivers[i] if d.arc}
        assert {i for i, one in enumerate(ends) if one is not None and one[k]} == on


@pytest.mark.parametrize(
    ("link", "days", "holds"),
    [
        ("A:FS-1d", 4, True),  # the eve of the plan is a day of rest: the next worked day is its first
        ("A:FS-5d", 4, True),
        ("A:FS-6d", 4, False),  # six days before: the eve of the days of rest, worked
        ("A:FS-1wd", 4, False),
        ("A:SF", 1, True),  # no worked evening before the plan reaches its eve
        ("A:SF", 2, False),
        ("A:SF-5d", 1, False),
        ("A:SF-5d", 0, True),
    ],
)
def test_a_link_that_leads_into_the_days_of_rest_before_the_plan_holds_its_successor_on_the_first_day(link, days, holds):
    """The week has two worked days and the plan begins on the first: the five days before it are days of rest."""
    p = plan("A 0 wd", f"B {days} wd {link}")
    p = replace(p, activities=tuple(replace(a, optimistic=0) for a in p.activities))
    cal = no_holidays(START, (0, 1))
    net = net_of(p)
    drawn = [np.full(1, a.likely, dtype=np.int32) for a in p.activities]
    table = passes.table_of(net, cal, 400)
    got = passes.passed(net, table, drawn)
    on = passes.critical(net, table, got, 1)[0]
    plainly = [d.arc for d in scheduled(p, cal).drivers[1] if d.arc]
    assert (got.start[1][0], bool(on is not None and on[0]), bool(plainly)) == (0, holds, holds)


def test_a_link_whose_evening_is_the_first_of_the_plan_holds_nobody():
    p = plan_of(THREE + "A,0,0,25,wd,\nB,0,0,25,wd,A:SF\n", START)
    cal = no_holidays(START)
    net = net_of(p)
    days = [np.array([3, 0], dtype=np.int32), np.array([9, 4], dtype=np.int32)]
    table = passes.table_of(net, cal, 400)
    got = passes.passed(net, table, days)
    ends = passes.critical(net, table, got, None)
    assert got.start[1].tolist() == [0, 0] and ends[1].tolist() == [True, True] and ends[0].tolist() == [False, False]


def test_the_odds_of_a_small_plan_are_those_of_an_engine_that_shares_nothing():
    text = (
        THREE
        + "A,3,5,10,wd,\nB,10,20,40,wd,A\nC,45,90,180,cd,B\nD,30,60,120,cd,A\nE,15,30,60,cd,C;D\nF,1,2,9,cd,D:SS+15d\nG,5,8,12,cd,E;F\n"
    )
    p = plan_of(text, START)
    got = of(record(run_of(p, no_holidays(START), Asked(10_000, 5, targets=("G",))))["milestones"], id="G")
    want = plain_draws.percentiles(p, "G", plain_draws.Year(START, frozenset(), 900), 4_000, 11)
    for point, value in zip(("p50", "p80", "p90"), want, strict=True):
        assert abs(got[point] - value) <= 3, point


def test_quantiles_are_order_statistics_and_their_interval_is_of_ranks():
    assert [rank(10, p) for p in (50, 80, 90)] == [5, 8, 9] and rank(1, 50) == 1 and rank(7, 50) == 4
    points, around = quantiles(np.arange(1, 10_001, dtype=np.int32))
    assert points == {"p50": 5000, "p80": 8000, "p90": 9000}
    assert around["p50"] == [4902, 5098] and around["p80"] == [7921, 8079]
    assert ranks_around(1, 50) == (1, 1)
    assert (share(1348, 10_000), share(1, 3), share(2, 3), share(3, 3)) == ("0.1348", "0.3333", "0.6667", "1.0000")


# --- the reference plan ---------------------------------------------------------------------------
@pytest.fixture(scope="module")
def reference():
    return record(run_of(baseline(), calendar_named("ml", START), Asked(10_000, 1, windows=False)))


@pytest.mark.real
def test_the_reference_plan_gives_the_odds_of_the_guide(reference):
    poll, proclaimed = (of(reference["milestones"], id=i) for i in ("A05", "B18"))
    for one, likely, want in ((poll, 470, (501, 526, 539)), (proclaimed, 513, (545, 571, 584))):
        assert one["likely"] == likely
        for point, value in zip(("p50", "p80", "p90"), want, strict=True):
            assert abs(one[point] - value) <= 1
            low, high = one["interval"][point]
            assert low <= one[point] <= high <= low + 4
    assert 0.12 <= float(poll["chance_of_likely"]) <= 0.15


@pytest.mark.real
def test_what_drives_the_poll_is_what_the_guide_names(reference):
    rhos = [r for r in reference["drivers"] if r["target"] == "A05"]
    assert [r["id"] for r in rhos[:3]] == ["L03", "P09", "L04"]
    for name, rho in (("L03", 0.62), ("P09", 0.38), ("L04", 0.30), ("E11", 0.21), ("P04", 0.21)):
        assert float(of(rhos, id=name)["rho"]) == pytest.approx(rho, abs=0.04)


@pytest.mark.real
def test_with_the_window_two_chances_are_told_and_not_one_percentile():
    found = record(run_of(baseline(), calendar_named("ml", START), Asked(10_000, 1)))
    poll = of(found["milestones"], id="A05")
    assert abs(poll["p50"] - 526) <= 1 and abs(poll["p80"] - 874) <= 1
    first, second = found["windows"]
    assert (first["id"], first["opens"], second["opens"]) == ("E01", "2026-10-01", "2027-10-01")
    assert float(first["share"]) == pytest.approx(0.78, abs=0.02)
    assert float(first["share"]) + float(second["share"]) == pytest.approx(1)


@pytest.mark.real
def test_the_percentiles_of_the_reference_plan_are_those_of_an_engine_that_shares_nothing():
    cal = calendar_named("ml", START)
    poll = of(record(run_of(baseline(), cal, Asked(10_000, 1, windows=False)))["milestones"], id="A05")
    cal.count(1_500)
    want = plain_draws.percentiles(baseline(), "A05", plain_draws.Year(START, cal.off, 1_500), 1_500, 3)
    for point, value in zip(("p50", "p80", "p90"), want, strict=True):
        assert abs(poll[point] - value) <= 5, (
            point,
            value,
        )  # of 1,500 draws; `make bench` compares 20,000 within 0.3 %


# --- cost -----------------------------------------------------------------------------------------
COSTED = "id,dur_optimistic,dur_likely,dur_pessimistic,dur_unit,quantity,unit_cost_xof_low,unit_cost_xof_likely,unit_cost_xof_high,time_dependent\n"  # fmt: skip


def test_lines_are_drawn_and_only_those_that_depend_on_time_follow_the_duration():
    text = COSTED + "A,10,20,40,cd,3,100,100,100,{}\n"
    fixed = record(run_of(plan_of(text.format(""), START), no_holidays(START), Asked(2_000, 1)))["cost"]
    assert (fixed["likely"], fixed["p50"], fixed["p90"], fixed["contingency"]) == (300, 300, 300, 0)
    run = run_of(plan_of(text.format("1"), START), no_holidays(START), Asked(2_000, 1, targets=("A",)))
    moving = record(run)["cost"]
    days = record(run)["milestones"][0]
    assert moving["likely"] == 300 and moving["p80"] == 15 * days["p80"]
    assert moving["contingency"] == moving["p80"] - 300


def test_prices_are_drawn_independently_between_their_ends():
    text = COSTED + "A,1,1,1,cd,10,100,200,600,\nB,1,1,1,cd,10,100,200,600,\n"
    cost = record(run_of(plan_of(text, START), no_holidays(START), Asked(20_000, 1)))["cost"]
    assert cost["likely"] == 4_000 and 2_000 < cost["p50"] < cost["p80"] < cost["p90"] < 12_000
    one = record(run_of(plan_of(text.rsplit("B", 1)[0], START), no_holidays(START), Asked(20_000, 1)))["cost"]
    assert cost["p90"] < 2 * one["p90"]


# --- risks ----------------------------------------------------------------------------------------
RISKS = "id,likelihood_1_5,linked_activities,duration_factor_o_m_p,probability\n"


def test_a_risk_multiplies_its_activities_together_and_its_share_is_told():
    p = plan("A 10 cd", "B 10 cd A", "C 5 cd B")
    risks = risks_of(RISKS + "R1,,A;B,2/2/2,1\nR2,5,C,1/1/1,\nR3,3,,1/2/3,\nR4,4,Z,1/2/3,\n")
    found = record(run_of(p, no_holidays(START), Asked(1_000, 1, risks=risks, targets=("C",))))
    assert found["milestones"][0]["p50"] == 45 and found["milestones"][0]["likely"] == 25
    assert found["risks"][0] == {"id": "R1", "occurs": "1.00", "observed": "1.0000", "delta_p80_days": {"C": 20}, "delta_cost_p80": 0}  # fmt: skip
    assert found["remainder_days"] == {"C": 0}
    assert [(f["code"], f["id"]) for f in found["findings"]] == [("unknown_linked", "R4"), ("risk_without_effect", "R2"), ("risk_without_effect", "R3")]  # fmt: skip
    gone = record(
        run_of(p, no_holidays(START), Asked(1_000, 1, risks=risks, without=frozenset({"R1"}), targets=("C",)))
    )
    assert gone["milestones"][0]["p50"] == 25 and [r["id"] for r in gone["risks"]] == ["R4"]


def test_several_risks_multiply_and_what_their_sum_leaves_is_told():
    p = plan("A 10 cd")
    risks = risks_of(RISKS + "R1,,A,2/2/2,1\nR2,,A,3/3/3,1\n")
    found = record(run_of(p, no_holidays(START), Asked(100, 1, risks=risks, targets=("A",))))
    assert found["milestones"][0]["p80"] == 60
    assert [r["delta_p80_days"]["A"] for r in found["risks"]] == [30, 40] and found["remainder_days"] == {"A": -20}


def test_likelihoods_are_the_chances_of_the_table():
    risks = risks_of(RISKS + "".join(f"R{n},{n},A,1/2/3,\n" for n in range(1, 6)))
    found = record(run_of(plan("A 10 cd"), no_holidays(START), Asked(20_000, 1, risks=risks)))
    assert [r["occurs"] for r in found["risks"]] == ["0.02", "0.10", "0.30", "0.60", "0.90"]
    for r in found["risks"]:
        assert float(r["observed"]) == pytest.approx(float(r["occurs"]), abs=0.015)


@pytest.mark.parametrize(
    ("code", "rows", "text"),
    [
        ("PLN-108", [1], "id,name\nR,x\n"),
        ("PLN-105", [2, 3], RISKS + "R,1,A,1/2/3,\nR,1,A,1/2/3,\n"),
        ("PLN-110", [2], RISKS + "R,0,A,1/2/3,\n"),
        ("PLN-110", [2], RISKS + "R,6,A,1/2/3,\n"),
        ("PLN-110", [2], RISKS + "R,1,A,3/2/1,\n"),
        ("PLN-110", [2], RISKS + "R,1,A,1/2,\n"),
        ("PLN-110", [2], RISKS + "R,1,A,1/2/3,1.01\n"),
        ("PLN-110", [2], RISKS + "R,1,A,-1/2/3,\n"),
    ],
)
def test_a_catalogue_that_cannot_be_read_is_refused(code, rows, text):
    with pytest.raises(PlanFault) as met:
        risks_of(text)
    assert (met.value.code, met.value.record()["rows"]) == (code, rows)


@pytest.mark.real
def test_the_catalogue_of_risks_is_read_and_its_share_and_remainder_are_told():
    risks = risks_of((SHARED / "integrity_risk_catalogue.csv").read_bytes())
    found = record(
        run_of(baseline(), calendar_named("ml", START), Asked(2_000, 1, windows=False, risks=risks, targets=("A05",)))
    )
    assert len(found["risks"]) == sum(r.acts for r in risks) >= 20
    assert all(set(r["delta_p80_days"]) == {"A05"} for r in found["risks"]) and set(found["remainder_days"]) == {"A05"}


# --- the command ----------------------------------------------------------------------------------
def ran(*args, stdin=None):
    return CliRunner().invoke(command, ["simulate", *map(str, args)], input=stdin)


@pytest.mark.real
def test_the_same_seed_gives_the_same_bytes_and_another_does_not():
    args = (
        BASELINE,
        "--start",
        "2026-01-05",
        "--draws",
        "500",
        "--json",
        "--risks",
        SHARED / "integrity_risk_catalogue.csv",
    )
    one = ran(*args, "--seed", "1")
    assert one.exit_code == 0 and one.stdout == ran(*args, "--seed", "1").stdout != ran(*args, "--seed", "2").stdout
    said = json.loads(one.stdout)
    assert (said["draws"], said["seed"], len(said["inputs_sha256"])) == (500, 1, 64)


def test_the_fingerprint_is_of_what_the_run_rests_on_and_not_of_the_file():
    text = THREE + "A,1,2,3,cd,\nB,1,1,1,wd,A\n"
    one, again, other = (
        record(run_of(plan_of(t, START), no_holidays(START), Asked(10, 1)))["inputs_sha256"]
        for t in (text, text.replace("\n", "\r\n"), text.replace("1,2,3", "1,2,4"))
    )
    assert one == again != other


@pytest.mark.parametrize(
    ("args", "code"),
    [(["--draws", "0"], "PLN-113"), (["--draws", "200001"], "PLN-113"), (["--targets", "Z"], "PLN-112"), (["--without", "R9"], "PLN-112")],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused(args, code):
    met = ran("-", "--start", "2026-01-05", "--calendar", "none", *args, stdin=THREE + "A,1,2,3,cd,\n")
    assert getattr(met.exception, "code", None) == code


def test_a_plan_of_one_activity_and_one_draw_is_drawn():
    met = ran("-", "--start", "2026-01-05", "--calendar", "none", "--draws", "1", stdin=THREE + "A,0,0,0,wd,\n")
    assert met.exit_code == 0 and "XOF" in met.stdout
