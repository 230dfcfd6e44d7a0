"""The odds of one date: fan, windows apart, tornado, limits of the law, the latest safe start, scenarios on the same draws."""

import json
from datetime import timedelta

import numpy as np
import pytest
from click.testing import CliRunner

from kalata.planning.calendars import calendar_named
from kalata.planning.commands import plan as command
from kalata.planning.rules import passes, whatif
from kalata.planning.rules.calendars import no_holidays
from kalata.planning.rules.faults import PlanFault
from kalata.planning.rules.odds import Asked, rank, run_of
from kalata.planning.rules.reading import plan_of
from kalata.planning.rules.risks import risks_of
from tests.planning.plans import BASELINE, START, baseline, plan

HEAD = "id,dur_optimistic,dur_likely,dur_pessimistic,dur_unit,predecessors,legal_anchor,type\n"
TWO = HEAD + "A,10,20,40,cd,,,\nB,5,10,30,cd,A,,\nC,1,2,3,cd,A,,\nZ,1,1,1,cd,B;C,J1,event\n"
CAL = no_holidays(START)


def drawn(text, draws=2_000, **asked):
    p = plan_of(text, START)
    run = run_of(p, CAL, Asked(draws, 1, **asked))
    return run, p.places


def test_a_fan_rises_and_its_middle_is_the_median():
    run, places = drawn(TWO)
    found = whatif.fan(run, places["Z"])
    ends = [row["finish"] for row in found]
    assert [row["percent"] for row in found] == list(whatif.FAN) and ends == sorted(ends)
    ordered = np.sort(run.drawn.finish[places["Z"]])
    assert ends[5] == ordered[rank(2_000, 50) - 1] and found[5]["date"] == str(START + timedelta(ends[5] - 1))


def test_each_opening_of_a_window_is_a_chance_with_dates_of_its_own():
    run, places = drawn(HEAD + "A,1,5,9,cd,,,\nB,2,2,2,cd,A,10/01-31/12,\n")  # day 5; A ends on day 1 to 9
    first, second = whatif.by_window(run, places["B"])
    early = int((run.drawn.finish[0] <= 5).sum())
    assert (first["opens"], first["share"], first["p50"], first["p90"]) == ("2026-01-10", f"{early / 2_000:.4f}", 7, 7)
    assert (second["opens"], second["p50"]) == ("2027-01-10", 372) and 0 < early < 2_000


def test_the_tornado_holds_one_duration_at_a_time_and_starts_with_the_strongest():
    run, places = drawn(TWO)
    rows = whatif.tornado(run, places["Z"])
    assert [r["id"] for r in rows] == ["A", "B"]  # C never drives it
    for row in rows:
        days = list(run.drawn.days)
        for held, end in ((row["p10_days"], row["low"]), (row["p90_days"], row["high"])):
            days[places[row["id"]]] = np.full(2_000, held, dtype=np.int32)
            assert np.sort(passes.passed(run.net, run.table, days).finish[places["Z"]])[999] == end
    task = whatif.tornado(run, places["B"])
    assert [r["id"] for r in task] == ["A", "B"]


def test_the_chance_of_a_limit_is_the_share_of_draws_that_keep_it():
    text = (
        HEAD
        + "A,10,20,40,cd,,,\nM,0,0,0,cd,A,J1-5,legal_deadline\nS,2,2,2,cd,A,J1-21..J1-2,\nU,3,3,3,cd,A,..J1-1,\nZ,1,1,1,cd,U,J1,event\n"
    )
    run, _places = drawn(text)
    by = {row["id"]: row for row in whatif.legal(run, START + timedelta(28), None)}
    a = run.drawn.finish[0]
    for name, latest in (("M", 23), ("S", 25), ("U", 25), ("Z", 25)):
        assert by[name]["chance"] == f"{(a <= latest).sum() / 2_000:.4f}", name
    assert by["M"]["chance_by_evening"] == f"{(a <= 24).sum() / 2_000:.4f}" and by["M"]["required"] == "2026-01-28"
    assert whatif.legal(run, None, None) == []


@pytest.mark.parametrize("unit", ["cd", "wd"])
def test_the_latest_safe_start_holds_and_the_next_one_does_not(unit):
    run, places = drawn(TWO.replace("B,5,10,30,cd", f"B,5,10,30,{unit}"), draws=500)
    target, by = places["Z"], 90

    def share(start):
        table = passes.table_of(run.net, CAL, 5_000)
        return (passes.passed(run.net, table, run.drawn.days, {places["B"]: start}).finish[target] <= by).mean()

    found = whatif.safe_start(run, places["B"], target, by)
    later = found.start + 1 if unit == "cd" else CAL.next(found.start + 1)
    assert share(found.start) >= 0.8 > share(later) and found.chance == f"{share(found.start):.4f}"
    assert unit == "cd" or CAL.works(found.start)
    hopeless = whatif.safe_start(run, places["B"], target, 20)
    assert hopeless.start is None and float(hopeless.chance) < 0.8


def test_scenarios_are_run_on_the_same_draws_so_that_a_difference_is_theirs():
    p, asked = plan_of(TWO, START), Asked(1_000, 1, risks=risks_of("id,likelihood_1_5,linked_activities,duration_factor_o_m_p\nR,3,B,2/2/2\n"))  # fmt: skip
    same, longer, gone, sure, without = (
        {"name": "same"}, {"name": "longer", "add": {"A": 7}}, {"name": "gone", "drop": ["B"]}, {"name": "sure", "sure": ["R"]},
        {"name": "without", "without": ["R"]},
    )  # fmt: skip
    given = whatif.scenarios_of([same, longer, gone, sure, without])
    rows = {r["name"]: r for r in whatif.side_by_side(p, CAL, asked, given, ["Z"])}
    assert rows["same"]["changes"]["Z"] == {"p50": 0, "p80": 0, "p90": 0} == rows[""]["changes"]["Z"]
    assert rows["longer"]["changes"]["Z"] == {"p50": 7, "p80": 7, "p90": 7}
    assert rows["gone"]["changes"]["Z"]["p50"] < 0 < rows["sure"]["changes"]["Z"]["p50"]
    assert rows["without"]["changes"]["Z"]["p80"] < 0


def test_a_scenario_takes_three_points_and_lets_windows_go():
    p = plan_of(HEAD + "A,1,5,9,cd,,,\nB,2,2,2,cd,A,10/01-31/12,\n", START)
    given = whatif.scenarios_of([{"name": "x", "durations": {"A": [3, 3, 3]}}, {"name": "free", "windows": "ignore"}])
    rows = {r["name"]: r for r in whatif.side_by_side(p, CAL, Asked(400, 1), given, ["B"])}
    assert rows["x"]["targets"]["B"] == {"p50": 7, "p80": 7, "p90": 7} and len(rows["x"]["windows"]) == 1
    assert rows["free"]["targets"]["B"]["p90"] <= 11 and rows["free"]["windows"] == []


@pytest.mark.parametrize(
    "odd",
    [
        {}, [{}], [{"name": ""}], [{"name": "x", "more": 1}], [{"name": "x"}, {"name": "x"}], [{"name": "x", "windows": "open"}],
        [{"name": "x", "durations": {"A": [3, 2, 1]}}], [{"name": "x", "durations": {"A": [1, 2]}}], [{"name": "x", "durations": []}],
        [{"name": "x", "add": {"A": "7"}}], [{"name": "x", "add": {"A": 3651}}], [{"name": "x", "drop": "A"}], [3],
        [{"name": str(n)} for n in range(21)],
    ],
)  # fmt: skip
def test_scenarios_that_cannot_be_read_are_refused(odd):
    with pytest.raises(PlanFault) as met:
        whatif.scenarios_of(odd)
    assert met.value.code == "PLN-110"


@pytest.mark.parametrize("odd", [{"drop": ["Q"]}, {"add": {"Q": 1}}, {"sure": ["R"]}, {"durations": {"Q": [1, 1, 1]}}])
def test_a_scenario_that_names_what_is_not_there_is_refused(odd):
    with pytest.raises(PlanFault) as met:
        whatif.side_by_side(plan("A 1 cd"), CAL, Asked(10, 1), whatif.scenarios_of([{"name": "x", **odd}]), ["A"])
    assert met.value.code == "PLN-112"


def ran(*args, stdin=None):
    return CliRunner().invoke(command, ["odds", *map(str, args)], input=stdin)


def test_the_command_answers_everything_in_one_document(tmp_path):
    file = tmp_path / "s.json"
    file.write_text(json.dumps([{"name": "longer", "add": {"A": 7}}]))
    args = (
        "-",
        "--start",
        "2026-01-05",
        "--calendar",
        "none",
        "--target",
        "Z",
        "--j1",
        "2026-02-20",
        "--draws",
        "300",
        "--safe",
        "B",
        "--scenarios",
        file,
    )
    found = ran(*args, "--json", stdin=TWO)
    said = json.loads(found.stdout)
    assert (
        found.exit_code == 0
        and said["safe_starts"][0]["id"] == "B"
        and said["scenarios"][1]["changes"]["Z"]["p50"] == 7
    )
    assert said["chance_fraction"].endswith("/300") and [row["id"] for row in said["legal"]] == ["Z"]
    assert found.stdout == ran(*args, "--json", stdin=TWO).stdout
    assert ran(*args, "--lang", "en", stdin=TWO).exit_code == 0


@pytest.mark.real
def test_the_reference_plan_says_two_chances_and_not_one_percentile():
    run = run_of(baseline(), calendar_named("ml", START), Asked(2_000, 1, targets=("A05",)))
    first, second = whatif.by_window(run, run.plan.places["A05"])
    assert abs(float(first["share"]) - 0.78) < 0.03 and second["p50"] - first["p50"] > 350 and first["p90"] < 560
    assert BASELINE.exists()
