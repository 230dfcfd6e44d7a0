"""`kalata plan budget`: what is printed, and what is refused."""

import json
import sys

import pytest
from click.testing import CliRunner

from kalata.cli import main
from tests.conftest import SHARED
from tests.planning.plans import BASELINE

DRIVERS = "driver,value,flag,source\nelecteurs,1000,S,here\nusd_xof,600,A,\nescalade_annuelle,0.03,A,guess\n"
PLAN = """id,dur_likely,dur_unit,predecessors,phase,cost_driver,quantity_expr,quantity,unit_cost_xof_low,unit_cost_xof_likely,unit_cost_xof_high,default_funder,core_category,unit_cost_flag
A,40,cd,,1 Un,electeurs,electeurs,1000,10,21,30,Etat,core,S
B,0,cd,A,2 Deux,km,electeurs/3,,1,1,1,Partenaire,integrity,A
"""


def run(tmp_path, *args, plan=PLAN, drivers=DRIVERS):
    (tmp_path / "d.csv").write_text(drivers, encoding="utf-8")
    words = ["plan", "budget", "-", "--drivers", str(tmp_path / "d.csv"), "--json", *args]
    was, sys.argv = sys.argv, ["kalata", *words]  # a refusal looks there for --json
    try:
        met = CliRunner().invoke(main, words, input=plan)
    finally:
        sys.argv = was
    return met.exit_code, json.loads(met.stdout)


def test_lines_totals_and_groupings_are_printed_and_sum(tmp_path):
    code, found = run(tmp_path, "--start", "2026-01-20", "--calendar", "none")
    assert code == 0
    assert (found["currency"], found["total"], found["per_voter"]) == (
        "XOF",
        {"low": 10333, "likely": 21333, "high": 30333},
        {"low": "10.33", "likely": "21.33", "high": "30.33"},
    )
    assert [
        (line["id"], line["quantity"], line["likely"], line["flag"], line["is_driver"]) for line in found["lines"]
    ] == [("A", "1000", 21000, "S", True), ("B", "333.333333333", 333, "A", False)]
    assert {by: [(g["key"], g["likely"]) for g in groups] for by, groups in found["by"].items()} == {
        "phase": [("1 Un", 21000), ("2 Deux", 333)], "funder": [("Etat", 21000), ("Partenaire", 333)], "category": [("core", 21000), ("integrity", 333)],
        "account": [("", 21333)], "month": [("2026-01", 6300), ("2026-02", 14700), ("2026-03", 333)],
    }  # fmt: skip


def test_prices_rise_where_their_date_is_given_and_currencies_are_whole(tmp_path):
    _code, found = run(
        tmp_path, "--start", "2027-01-20", "--price-date", "2026-01-20", "--by", "phase", "--calendar", "none"
    )
    assert found["lines"][0]["likely"] == 21630 and found["lines"][0]["factor"] == "1.030000000"
    assert found["escalation"] == {"price_date": "2026-01-20", "rate": "0.03", "flag": "A", "source": "guess"} and list(
        found["by"]
    ) == ["phase"]
    _code, found = run(tmp_path, "--currency", "EUR")
    assert (
        found["total"] == {"low": 16, "likely": 33, "high": 47}
        and found["rate"]["xof"] == "655.957"
        and found["rate"]["fixed"]
    )
    code, found = run(tmp_path, "--currency", "USD")
    assert (code, [f["code"] for f in found["findings"]], found["total"]["likely"]) == (0, ["rate_undated"], 36)


def test_a_quantity_that_differs_ends_with_status_one(tmp_path):
    code, found = run(tmp_path, plan=PLAN.replace(",1000,", ",999,"))
    assert code == 1 and found["findings"][0] | {"fr": "", "en": ""} == {
        "code": "quantity_differs",
        "id": "A",
        "stored": "999",
        "computed": "1000",
        "fr": "",
        "en": "",
    }


@pytest.mark.parametrize(
    ("args", "how", "code"),
    [
        (["--by", "month"], {}, "PLN-111"), (["--price-date", "2026-01-01"], {}, "PLN-111"), (["--by", "colour"], {}, "PLN-110"), (["--price-date", "hier"], {}, "PLN-110"),
        (["--currency", "USD"], {"drivers": "driver,value\nelecteurs,1\n"}, "PLN-121"), ([], {"drivers": "driver,value\nx,1\n"}, "PLN-106"), ([], {"drivers": "nothing"}, "PLN-108"),
        ([], {"drivers": "driver,value\nelecteurs,b\nb,electeurs\n"}, "PLN-106"), ([], {"plan": "id,x\nA,1\n"}, "PLN-108"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_its_code(tmp_path, args, how, code):
    status, found = run(tmp_path, *args, **how)
    assert (status, found["error"]["code"]) == (2, code)


def test_money_received_is_set_against_the_need_and_comparable_elections_beside_the_cost_per_voter(tmp_path):
    (tmp_path / "m.csv").write_text(
        "date,funder,stage,amount\n2026-01-20,Etat,announced,30000\n2026-01-20,Etat,received,21000\n", encoding="utf-8"
    )
    _code, found = run(
        tmp_path,
        "--start",
        "2026-01-20",
        "--calendar",
        "none",
        "--money",
        str(tmp_path / "m.csv"),
        "--comparables",
        "ml",
    )
    assert found["funders"][0] == {
        "key": "Etat",
        "asked": 21000,
        "announced": 30000,
        "agreed": 0,
        "called": 0,
        "received": 21000,
        "disbursed": 0,
    }
    assert (found["cash"]["first_short"], found["cash"]["lacking"], found["cash"]["months"][-1]["balance"]) == (
        "2026-03-01",
        333,
        -333,
    )
    assert [f["stage"] for f in found["money_findings"]] == ["received"]
    assert (found["comparables"]["n"], found["comparables"]["executed"], len(found["comparables"]["rows"])) == (
        6,
        1,
        19,
    )


@pytest.mark.real
def test_the_reference_plan_is_priced_with_its_suggestions(tmp_path):
    code, found = run(
        tmp_path,
        "--start",
        "2026-01-05",
        plan=BASELINE.read_text("utf-8"),
        drivers=(SHARED / "operational_plan_drivers.csv").read_text("utf-8"),
    )
    assert (code, len(found["lines"]), found["findings"]) == (0, 109, [])
    for groups in found["by"].values():
        assert {k: sum(g[k] for g in groups) for k in ("low", "likely", "high")} == found["total"]
    assert {
        "id": "B03",
        "literal": "1.10",
        "driver": "gaspillage_bulletins",
        "expression": "electeurs*(1+gaspillage_bulletins)",
    } in found["suggestions"]
    assert [line["quantity_exact"] for line in found["lines"] if line["id"] == "C07"] == ["9309392.4"] and found[
        "driver_suggestions"
    ][0]["expression"] == "5*bureaux"
