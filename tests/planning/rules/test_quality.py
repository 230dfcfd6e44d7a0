"""The fourteen points: the verdicts of the guide on the reference plan, each limit met and passed by one."""

import json
from datetime import date
from fractions import Fraction

import pytest
from click.testing import CliRunner

from kalata.planning.calendars import calendar_named
from kalata.planning.commands import plan as command
from kalata.planning.rules.calendars import no_holidays
from kalata.planning.rules.faults import PlanFault
from kalata.planning.rules.quality import CODES, judged, limits_of, record
from kalata.planning.rules.reading import plan_of
from tests.planning.plans import BASELINE, START, baseline, plan


def points(p, status=None, **limits):
    return {x.code: x for x in judged(p, no_holidays(START), limits_of(limits or None), status)}


@pytest.mark.real
def test_the_reference_plan_gets_the_verdicts_of_the_guide():
    found = record(judged(baseline(), calendar_named("ml", START), limits_of(None)))
    by = {p["code"]: p for p in found["points"]}
    assert [p["n"] for p in found["points"]] == list(range(1, 15)) and [p["code"] for p in found["points"]] == list(
        CODES
    )
    assert found["fails"] == [6, 8]
    assert (by["high_float"]["found"], by["high_float"]["share"], by["high_float"]["limit"]) == (70, "70/137", "0.05")
    assert by["long_duration"]["items"] == ["L03", "P05", "P10", "P11", "M05", "E01", "V03", "V06", "T02"]
    assert (by["fs_share"]["share"], by["fs_share"]["decimal"]) == ("219/225", "0.9733")
    assert (by["lags"]["share"], by["lags"]["items"]) == ("5/225", ["P10", "E02", "R02", "B15", "Z01"])
    assert (by["leads"]["found"], by["logic"]["found"], by["negative_float"]["found"]) == (0, 0, 0)
    assert (by["critical_path_test"]["verdict"], by["cpli"]["share"], by["resources"]["verdict"]) == ("pass", "593/593", "information")  # fmt: skip
    assert [by[c]["verdict"] for c in ("invalid_dates", "missed", "bei")] == ["not_computable"] * 3


def chain(n, *more):
    return plan("A0 1 cd", *(f"A{i} 1 cd A{i - 1}" for i in range(1, n)), *more)


def test_open_ends_are_counted_beside_one_start_and_one_finish():
    assert (points(chain(20))["logic"].found, points(chain(20))["logic"].verdict) == (0, "pass")
    one = points(chain(19, "X 1 cd A3"))["logic"]  # it leads nowhere: 1 of 20 is 5 %
    assert (one.found, one.of, one.verdict, one.items) == (1, 20, "pass", ("A18",))
    assert points(chain(18, "X 1 cd A3"))["logic"].verdict == "fail"  # 1 of 19


def test_leads_none_lags_up_to_one_in_twenty_and_nine_in_ten_from_finish_to_start():
    assert points(plan("A 9 cd", "B 1 cd A:FS-1d"))["leads"].verdict == "fail"
    at, over = chain(20, "X 1 cd A19:FS+1d"), chain(19, "X 1 cd A18:FS+1d")
    assert (points(at)["lags"].found, points(at)["lags"].of, points(at)["lags"].verdict) == (1, 20, "pass")
    assert (points(over)["lags"].of, points(over)["lags"].verdict) == (19, "fail")
    ten, nine = chain(10, "X 1 cd A9:SS"), chain(9, "X 1 cd A8:SS")
    assert (points(ten)["fs_share"].found, points(ten)["fs_share"].of, points(ten)["fs_share"].verdict) == (
        9,
        10,
        "pass",
    )
    assert points(nine)["fs_share"].verdict == "fail"


@pytest.mark.parametrize(
    ("days", "unit", "long"), [(44, "wd", False), (45, "wd", True), (61, "cd", False), (62, "cd", True)]
)
def test_a_duration_is_long_above_44_working_days_or_61_of_the_calendar(days, unit, long):
    assert points(plan(f"A {days} {unit}"))["long_duration"].found == int(long)


@pytest.mark.parametrize(("unit", "least"), [("wd", 45), ("cd", 62)])
def test_a_float_is_high_above_44_working_days_in_the_unit_of_its_activity(unit, least):
    for spare in (least - 1, least):
        p = plan(f"A {spare + 1} {unit}", f"B 1 {unit}", "Z 1 cd A;B")
        found = points(p)["high_float"]
        assert found.items == (("B",) if spare == least else ())


def test_a_window_is_a_hard_constraint_and_a_limit_of_the_law_is_none_before_polling_day_is_given():
    p = plan_of("id,dur_likely,dur_unit,legal_anchor\nA,1,cd,01/10-31/12\nB,1,cd,J1-40\n", START)
    assert points(p)["hard_constraints"].items == ("A",)


ACTUAL = "id,dur_likely,dur_unit,predecessors,actual_start,actual_finish,baseline_finish\n"


def test_what_is_done_and_due_is_judged_at_the_day_of_the_report():
    text = (
        ACTUAL
        + "A,5,cd,,2026-01-05,2026-01-10,2026-01-09\nB,5,cd,A,2026-01-12,2026-01-14,2026-01-14\nC,5,cd,B,,,2026-01-19\nD,9,cd,C,,,2026-01-31\n"
    )
    p = plan_of(text, START)
    before, after = points(p, date(2026, 1, 14)), points(p, date(2026, 1, 19))
    assert (before["missed"].found, before["missed"].of, before["missed"].items) == (1, 2, ("A",))
    assert (before["bei"].found, before["bei"].of, before["bei"].verdict) == (2, 2, "pass")
    assert (after["missed"].found, after["missed"].of) == (2, 3)
    assert (after["bei"].found, after["bei"].of, after["bei"].verdict) == (2, 3, "fail")
    assert before["invalid_dates"].found == 0 and after["invalid_dates"].items == (
        "C",
    )  # forecast to start on the 15th
    assert points(p, date(2026, 1, 13))["invalid_dates"].items == ("B",)  # done tomorrow
    assert points(p)["missed"].verdict == "not_computable"


def test_the_critical_path_index_is_over_the_days_left_and_the_float_to_the_baseline():
    text = "id,dur_likely,dur_unit,baseline_finish\nA,100,cd,{}\n"
    for day, verdict in (("2026-04-14", "pass"), ("2026-04-09", "pass"), ("2026-04-08", "fail")):
        found = points(plan_of(text.format(day), START))["cpli"]
        assert (found.of, found.verdict) == (100, verdict), day
    assert points(plan_of(text.format("2026-04-09"), START))["cpli"].found == 95


def test_the_end_goes_back_by_the_whole_delay_of_a_critical_activity():
    for p in (chain(5), plan("A 3 wd", "B 2 wd A:FF+1wd", "C 4 cd B:SS+2d")):
        assert points(p)["critical_path_test"].verdict == "pass"
    assert points(plan("M 0 cd"))["critical_path_test"].verdict == "not_computable"
    loose = points(plan("A 9 cd", "B 1 cd A:SS"))["critical_path_test"]
    assert (loose.found, loose.of, loose.verdict) == (700, 700, "pass")


def test_limits_are_settings_and_an_unknown_one_is_refused():
    assert points(chain(9, "X 1 cd A8:SS"), fs_share="0.85")["fs_share"].verdict == "pass"
    assert points(plan("A 45 wd"), long_duration_days=45)["long_duration"].found == 0
    assert limits_of({"lags": 0.1})["lags"] == Fraction(1, 10)
    for odd in ({"lag": 0.1}, {"lags": "much"}, {"lags": True}, {"lags": -1}, {"lags": [1]}, [1]):
        with pytest.raises(PlanFault):
            limits_of(odd)


def test_a_plan_without_links_says_that_there_is_nothing_to_judge():
    found = points(plan("A 1 cd"))
    assert [found[c].verdict for c in ("leads", "lags", "fs_share")] == ["not_computable"] * 3


def ran(*args, stdin=None):
    return CliRunner().invoke(command, ["quality", *map(str, args)], input=stdin)


@pytest.mark.real
def test_the_command_says_by_its_status_that_a_point_fails(tmp_path):
    found = ran(BASELINE, "--start", "2026-01-05", "--json")
    assert found.exit_code == 1 and json.loads(found.stdout)["fails"] == [6, 8]
    wide = tmp_path / "limits.yaml"
    wide.write_text("high_float: 0.6\nlong_duration: 0.07\n")
    assert ran(BASELINE, "--start", "2026-01-05", "--limits", wide, "--lang", "en").exit_code == 0
