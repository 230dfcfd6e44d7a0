"""The scenarios of a pack beside a plan: on the same draws, with what each changes; one that names what is not there says so."""

from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from kalata.country.packs import table, table_text
from kalata.planning.calendars import calendar_named
from kalata.planning.rules import whatif
from kalata.planning.rules.cost import budget_of
from kalata.planning.rules.cost_drivers import drivers_of
from kalata.planning.rules.odds import Asked, cost_of, quantiles, run_of
from kalata.planning.rules.scenarios import beside, proposed_of, requantified
from tests.planning.plans import baseline, plan

J1 = date(2027, 6, 6)
ROWS = table("ml", "planning/scenarios-presidential.csv")
DRIVERS = drivers_of(table_text("ml", "planning/drivers.csv"))


@pytest.fixture(scope="module")
def rows():
    asked = Asked(1_000, 1, targets=("A05",))
    return {r["id"]: r for r in beside(baseline(), DRIVERS, calendar_named("ml", date(2026, 1, 5)), asked, proposed_of(ROWS), J1)}  # fmt: skip


def test_the_pack_proposes_the_seven_scenarios_of_the_guide_each_with_its_flag(rows):
    assert set(rows) == {"", "failed_tender", "late_donor", "rains", "merged", "one_round", "geography_2023", "no_air"}
    assert all(one["flag"] in "SA" and one["note_fr"] and one["note_en"] for one in ROWS)


def test_the_plan_itself_is_the_run_of_simulate(rows):
    run = run_of(baseline(), calendar_named("ml", date(2026, 1, 5)), Asked(1_000, 1, targets=("A05",)))
    at = run.plan.places["A05"]
    assert (
        rows[""]["points"] == quantiles(run.drawn.finish[at])[0]
        and rows[""]["cost"] == quantiles(cost_of(run).draws)[0]
    )
    assert rows[""]["windows"] == whatif.by_window(run, at)
    assert Fraction(rows[""]["chance"]) == Fraction(int(np.count_nonzero(run.drawn.finish[at] <= 518)), 1_000)


def test_a_harder_scenario_never_helps_and_an_easier_one_never_costs_more(rows):
    for harder in ("failed_tender", "late_donor", "rains", "no_air", "merged"):
        assert Fraction(rows[harder]["chance"]) <= Fraction(rows[""]["chance"]), harder
    assert rows["one_round"]["likely_cost"] < rows[""]["likely_cost"] < rows["geography_2023"]["likely_cost"]
    assert rows["geography_2023"]["points"] == rows[""]["points"]


def test_the_geography_of_2023_costs_what_the_budget_says_with_those_drivers(rows):
    moved = dict(DRIVERS) | {"cercles": DRIVERS["cercles_2023"], "communes": DRIVERS["communes_2023"]}
    assert rows["geography_2023"]["likely_cost"] == budget_of(baseline(), moved).total[1]


def test_a_scenario_that_names_what_the_plan_has_not_says_what():
    small = plan("A 5 wd")
    one, *_ = beside(small, DRIVERS, calendar_named("none", small.start), Asked(100, 1, targets=("A",)), proposed_of(ROWS), J1)[1:]  # fmt: skip
    assert one["missing"] == ["M08"] and "points" not in one
    assert requantified(small, DRIVERS, proposed_of(ROWS)[0]) is small
