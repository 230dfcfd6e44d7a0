"""A budget: lines, rounding, currencies, the rise of prices, and sums that lose nothing."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalata.planning.rules.cost import added, budget_of, decimal_of, rate_of, rise_of
from kalata.planning.rules.cost_drivers import drivers_of, multiples
from kalata.planning.rules.cost_groups import GROUPINGS, grouped, months
from kalata.planning.rules.cost_money import half_up, risen, shared, up, years_between
from kalata.planning.rules.reading import PlanFault, plan_of
from tests.conftest import SHARED
from tests.planning.plans import BASELINE

DRIVERS = "driver,label,value,flag,source\nelecteurs,,1000,S,\nbureaux,,7,S,\ngaspillage,,0.1,A,\nusd_xof,,600,A,\nescalade_annuelle,,0.03,A,\ncandidats,,24,S,\n"
HEAD = "id,dur_likely,dur_unit,phase,cost_driver,quantity_expr,quantity,unit_cost_xof_low,unit_cost_xof_likely,unit_cost_xof_high,default_funder,core_category,account\n"


def plan(*rows):
    return plan_of(HEAD + "\n".join(rows) + "\n")


def of(*rows, **how):
    return budget_of(plan(*rows), drivers_of(DRIVERS), **how)


def test_a_fraction_of_counted_things_is_rounded_up_and_the_exact_one_is_kept():
    (line,) = of("A,1,cd,,bulletins,electeurs*1.0001,1000.1,10,20,30,Etat,core,").lines
    assert (line.exact, line.quantity, line.amount) == (Fraction("1000.1"), 1001, (10010, 20020, 30030))


def test_a_fraction_of_a_measured_thing_stays_and_the_line_is_rounded_half_up():
    (line,) = of("A,1,cd,,km,0.5*3,1.5,1,3,5,Etat,core,").lines
    assert (line.quantity, line.amount) == (Fraction(3, 2), (2, 5, 8))


def test_a_quantity_that_differs_from_its_expression_is_a_finding_and_the_expression_counts():
    budget = of(
        "A,1,cd,,bureaux,2*bureaux,15,1,1,1,,,",
        "B,1,cd,,bulletins,bureaux*1.1,8,1,1,1,,,",
        "C,1,cd,,km,bureaux*1.1,8,1,1,1,,,",
    )
    assert [(f.code, f.id, dict(f.values)) for f in budget.findings] == [
        ("quantity_differs", "A", {"stored": "15", "computed": "14"}), ("quantity_differs", "C", {"stored": "8", "computed": "7.7"}),
    ]  # fmt: skip
    assert budget.lines[0].amount == (14, 14, 14)


def test_a_number_where_a_driver_exists_is_suggested_and_never_replaced():
    budget = of(
        "A,1,cd,,bulletins,electeurs*1.10,1100,1,1,1,,,",
        "B,1,cd,,candidats,24,24,1,1,1,,,",
        "C,1,cd,,forfait,7,7,1,1,1,,,",
        "D,1,cd,,bureaux,7,7,1,1,1,,,",
    )
    assert [(s.id, s.literal, s.driver, s.expression) for s in budget.suggestions] == [
        ("A", "1.10", "gaspillage", "electeurs*(1+gaspillage)"), ("B", "24", "candidats", "candidats"), ("D", "7", "bureaux", "bureaux"),
    ]  # fmt: skip


def test_a_price_without_a_quantity_is_said_and_not_counted():
    budget = of("A,1,cd,,forfait,,,1,1,1,,,", "B,1,cd,,forfait,,2,1,1,1,,,")
    assert [f.code for f in budget.findings] == ["no_quantity"] and budget.total == (2, 2, 2)


@pytest.mark.parametrize(
    ("expr", "position"), [("bureaux.x", 8), ("len(bureaux)", 4), ("bureaux**2", 9), ("sieges", 1), ("bureaux-8", 1)]
)
def test_an_expression_that_is_no_quantity_is_refused_by_row_and_place(expr, position):
    with pytest.raises(PlanFault) as met:
        of("A,1,cd,,,1,1,1,1,1,,,", f"B,1,cd,,,{expr},1,1,1,1,,,")
    record = met.value.record()
    assert (record["code"], record["rows"], record["field"], record["position"]) == (
        "PLN-106",
        [3],
        "quantity_expr",
        position,
    )


def test_the_euro_is_fixed_and_another_value_in_the_file_is_said():
    text = DRIVERS + "eur_xof,,650,S,\n"
    drivers = drivers_of(text)
    budget = budget_of(plan("A,1,cd,,forfait,1,1,655957,1311914,655957000,,,"), drivers, rate=rate_of("EUR", drivers))
    assert budget.total == (1000, 2000, 1000000)
    assert [f.code for f in budget.findings] == ["eur_rate_differs"]


def test_the_dollar_is_a_dated_rate_and_an_undated_one_is_said():
    for dated, codes in (("", ["rate_undated"]), ("2026-01-05", [])):
        drivers = drivers_of(f"driver,value,flag,source,date\nusd_xof,600,A,here,{dated}\n")
        budget = budget_of(plan("A,1,cd,,forfait,1,1,899,900,901,,,"), drivers, rate=rate_of("USD", drivers))
        assert (budget.total, [f.code for f in budget.findings]) == ((1, 2, 2), codes)
    with pytest.raises(PlanFault) as met:
        rate_of("USD", {})
    assert met.value.code == "PLN-121"


def test_prices_rise_from_their_date_to_the_first_day_of_the_work():
    drivers = drivers_of(DRIVERS)
    spans = {"A": (date(2027, 1, 5), date(2027, 1, 6)), "B": (date(2025, 1, 5), date(2025, 2, 1))}
    rows = ("A,1,cd,,forfait,1,1,100,1000,10000,,,", "B,1,cd,,forfait,1,1,100,1000,10000,,,")
    budget = budget_of(plan(*rows), drivers, rise=rise_of(date(2026, 1, 5), drivers), spans=spans)
    assert [line.amount for line in budget.lines] == [(103, 1030, 10300), (100, 1000, 10000)]


def test_years_are_counted_by_anniversaries():
    assert years_between(date(2024, 2, 29), date(2025, 3, 1)) == 1
    assert years_between(date(2026, 1, 5), date(2028, 1, 5)) == 2
    assert years_between(date(2026, 1, 1), date(2026, 7, 2)) == Fraction(182, 365)
    assert years_between(date(2026, 1, 5), date(2025, 1, 5)) == -1
    assert risen(Fraction("0.03"), Fraction(2)) == Fraction("1.0609")
    assert abs(risen(Fraction("0.21"), Fraction(1, 2)) - Fraction("1.1")) < Fraction(1, 10**40)


@pytest.mark.parametrize(
    ("value", "half", "ceiling"),
    [("1.5", 2, 2), ("1.49", 1, 2), ("2.5", 3, 3), ("0", 0, 0), ("-1.5", -2, -1), ("7", 7, 7)],
)
def test_half_up_and_up(value, half, ceiling):
    assert (half_up(Fraction(value)), up(Fraction(value))) == (half, ceiling)


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**6), min_size=1, max_size=40))
def test_shares_always_sum_to_the_whole_and_are_within_one_of_their_part(total, weights):
    parts = shared(total, weights)
    assert sum(parts) == total
    if sum(weights):
        assert all(abs(p - Fraction(total * w, sum(weights))) < 1 for p, w in zip(parts, weights, strict=True))


def test_an_activity_is_shared_over_the_months_it_runs_in():
    assert months(date(2026, 1, 30), date(2026, 3, 2)) == [("2026-01", 2), ("2026-02", 28), ("2026-03", 1)]
    assert months(date(2026, 12, 31), date(2027, 1, 1)) == [("2026-12", 1)]
    assert months(date(2026, 5, 1), date(2026, 5, 1)) == [("2026-05", 1)]


def test_a_line_may_be_shared_between_funders():
    budget = of("A,1,cd,,forfait,1,1,100,100,101,Etat:2;Partenaire:1,core,611")
    assert [(g.key, g.amount, g.lines) for g in grouped(budget, "funder")] == [
        ("Etat", (67, 67, 67), 1),
        ("Partenaire", (33, 33, 34), 1),
    ]
    with pytest.raises(PlanFault) as met:
        grouped(of("A,1,cd,,forfait,1,1,1,1,1,Etat:x;Partenaire,core,"), "funder")
    assert met.value.code == "PLN-110"


lines = st.lists(
    st.tuples(st.integers(0, 999), st.integers(0, 99), st.sampled_from(["Etat", "", "Etat:60;P:40", "P:1;Q:1;R:1"]), st.sampled_from(["core", "integrity", ""]),
              st.integers(0, 400), st.integers(0, 90)),
    min_size=1, max_size=12,
)  # fmt: skip


@given(lines, st.sampled_from(["XOF", "EUR", "USD"]))
def test_every_grouping_sums_to_the_total_to_the_unit(rows, currency):
    drivers = drivers_of(DRIVERS)
    text = [
        f"A{n},1,cd,ph{n % 3},km,{q}/7+{n},,{p},{p * 3 + 1},{p * 9 + 5},{f},{c},{n % 2 or ''}"
        for n, (q, p, f, c, _s, _d) in enumerate(rows)
    ]
    first = date(2026, 1, 5).toordinal()
    spans = {
        f"A{n}": (date.fromordinal(first + s), date.fromordinal(first + s + d))
        for n, (_q, _p, _f, _c, s, d) in enumerate(rows)
    }
    budget = budget_of(
        plan(*text), drivers, rate=rate_of(currency, drivers), rise=rise_of(date(2025, 3, 3), drivers), spans=spans
    )
    for by in GROUPINGS:
        assert (
            added([g.amount for g in grouped(budget, by, spans)])
            == budget.total
            == added([line.amount for line in budget.lines])
        )


@pytest.mark.real
def test_the_reference_plan_lands_where_the_guide_says():
    drivers = drivers_of((SHARED / "operational_plan_drivers.csv").read_text("utf-8"))
    budget = budget_of(plan_of(BASELINE.read_bytes()), drivers)
    assert [round(t / 10**9, 2) for t in budget.total] == [16.41, 29.06, 50.20]
    assert [half_up(p) for p in budget.per_voter] == [1939, 3434, 5931]
    by = {g.key: g.amount[1] for g in grouped(budget, "funder")} | {
        g.key: g.amount[1] for g in grouped(budget, "category")
    }
    assert {k: round(v / 10**9, 2) for k, v in by.items()} == {
        "Etat": 17.64,
        "Partenaire": 11.43,
        "core": 19.47,
        "integrity": 9.59,
    }
    assert (len(budget.lines), budget.findings) == (109, ())
    assert sorted({(s.literal, s.driver) for s in budget.suggestions}) == [
        ("1.10", "gaspillage_bulletins"),
        ("24", "candidats"),
        ("30000", "agents_fds"),
        ("78941", "electeurs_fds"),
    ]
    assert [(d.code, text) for d, text in multiples(drivers)] == [("agents", "5*bureaux")]
    assert [decimal_of(line.exact) for line in budget.lines if line.quantity != line.exact] == [
        "9309392.4",
        "9309392.4",
    ]


@pytest.mark.parametrize(
    ("text", "code", "rows"),
    [
        ("driver\na\n", "PLN-108", [1]), ("driver,value\na,1\na,2\n", "PLN-105", [2, 3]), ("driver,value\na,1.x\n", "PLN-106", [2]), ("driver,value\na,b\nb,a\n", "PLN-106", [3]),
        ("driver,value\na b,1\n", "PLN-110", [2]), ("driver,value,date\na,1,hier\n", "PLN-110", [2]), ("driver,value\na,\n", "PLN-106", [2]), ("driver,value,flag\na,1,Z\n", "PLN-110", [2]),
    ],
)  # fmt: skip
def test_drivers_that_cannot_be_read_are_refused_by_row(text, code, rows):
    with pytest.raises(PlanFault) as met:
        drivers_of(text)
    record = met.value.record()
    assert (record["code"], record["rows"]) == (code, rows)


def test_drivers_in_a_circle_name_the_circle():
    with pytest.raises(PlanFault) as met:
        drivers_of("driver,value\na,b\nb,2*a\n")
    assert met.value.record()["path"] == ["a", "b", "a"]
