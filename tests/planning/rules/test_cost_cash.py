"""Promises are not cash; the first day short is the first day on which the need so far is above what came in."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalata.country.packs import table
from kalata.planning.rules.cost import budget_of
from kalata.planning.rules.cost_cash import CHAIN, Stage, cash_of, funders_of, movements_of, needs_by_day, odd
from kalata.planning.rules.cost_comparables import class_of, comparables_of, range_of
from kalata.planning.rules.reading import PlanFault, plan_of

HEAD = "id,dur_likely,dur_unit,cost_driver,quantity_expr,unit_cost_xof_low,unit_cost_xof_likely,unit_cost_xof_high,default_funder\n"
MONEY = "date,funder,stage,amount\n"


def day(n, month=1):
    return date(2026, month, n)


def budget(*rows):
    return budget_of(plan_of(HEAD + "\n".join(rows) + "\n"), {})


TWO = budget("A,4,cd,forfait,1,100,100,100,Etat", "B,2,cd,forfait,1,50,51,60,Etat:1;Panier:1")
SPANS = {"A": (day(1), day(5)), "B": (day(31), date(2026, 2, 2))}


def test_needs_are_spread_over_the_days_of_each_line_and_lose_nothing():
    needs = needs_by_day(TWO, SPANS)
    assert needs == {day(1): 25, day(2): 25, day(3): 25, day(4): 25, day(31): 26, date(2026, 2, 1): 25}
    assert sum(needs.values()) == TWO.total[1]
    assert needs_by_day(TWO, SPANS | {"A": (day(3), day(3))})[day(3)] == 100


@pytest.mark.parametrize(
    ("lines", "short", "lacking"),
    [
        (["2026-01-01,Etat,received,151"], None, 0), (["2026-01-01,Etat,received,150"], date(2026, 2, 1), 1), (["2026-01-01,Etat,received,49"], day(2), 1),
        (["2026-01-01,Etat,received,50", "2026-01-03,P,received,101"], None, 0), (["2026-01-01,Etat,received,50", "2026-01-04,P,received,101"], day(3), 25),
        (["2026-01-01,Etat,announced,900", "2026-01-01,Etat,agreed,900", "2026-01-01,Etat,called,900", "2026-01-02,Etat,received,1"], day(1), 25),
    ],
)  # fmt: skip
def test_only_what_is_received_pays(lines, short, lacking):
    cash = cash_of(TWO, SPANS, movements_of(MONEY + "\n".join(lines)))
    if short == day(1) and lacking == 25:
        assert (cash.first_short, cash.lacking) == (day(1), 25)
    assert (cash.first_short, cash.lacking, cash.recorded) == (short, lacking, True)


def test_without_any_receipt_the_first_day_short_is_not_said():
    cash = cash_of(TWO, SPANS, movements_of(MONEY + "2026-01-01,Etat,announced,900\n"))
    assert (cash.first_short, cash.recorded) == (None, False)


def test_months_add_up_and_their_balance_is_on_received_money_alone():
    cash = cash_of(TWO, SPANS, movements_of(MONEY + "2026-01-20,Etat,received,140\n"))
    assert [(m.key, m.need, m.need_so_far, m.received_so_far, m.balance) for m in cash.months] == [
        ("2026-01", 126, 126, 140, 14),
        ("2026-02", 25, 151, 140, -11),
    ]


def test_each_funder_has_its_chain_and_a_stage_above_the_one_before_is_said():
    found = funders_of(
        TWO,
        movements_of(MONEY + "2026-01-01,Etat,agreed,10\n2026-01-02,Etat,called,11\n2026-01-02,Autre,announced,5\n"),
    )
    assert [(f.name, f.asked) for f in found] == [("Etat", 126), ("Panier", 25), ("Autre", 0)]
    assert [(o.values["funder"], o.values["stage"]) for o in odd(found)] == [("Etat", "agreed"), ("Etat", "called")]
    assert CHAIN == (Stage.ANNOUNCED, Stage.AGREED, Stage.CALLED, Stage.RECEIVED, Stage.DISBURSED)


@given(st.lists(st.tuples(st.integers(1, 28), st.sampled_from(list(Stage)), st.integers(0, 200)), max_size=12))
def test_the_first_day_short_is_the_first_where_the_balance_is_below_zero(rows):
    moves = movements_of(MONEY + "\n".join(f"2026-01-{d:02d},E,{s},{a}" for d, s, a in rows) + "\n")
    cash = cash_of(TWO, SPANS, moves)
    needs, days = needs_by_day(TWO, SPANS), [date.fromordinal(day(1).toordinal() + n) for n in range(40)]

    def balance(at):
        return sum(m.amount for m in moves if m.stage == "received" and m.on <= at) - sum(
            a for d, a in needs.items() if d <= at
        )

    expected = next((d for d in days if balance(d) < 0), None) if any(m.stage == "received" for m in moves) else None
    assert cash.first_short == expected and (expected is None or cash.lacking == -balance(expected))


@pytest.mark.parametrize(
    ("text", "code", "rows"),
    [
        ("date,funder\n", "PLN-108", [1]), (MONEY + "hier,E,received,1\n", "PLN-110", [2]), (MONEY + "2026-01-01,E,promised,1\n", "PLN-110", [2]),
        (MONEY + "2026-01-01,E,received,1.5\n", "PLN-110", [2]), (MONEY + "2026-01-01,,received,1\n", "PLN-110", [2]), (MONEY + "2026-01-01,E,received,-1\n", "PLN-110", [2]),
    ],
)  # fmt: skip
def test_movements_that_cannot_be_read_are_refused_by_row(text, code, rows):
    with pytest.raises(PlanFault) as met:
        movements_of(text)
    assert (met.value.code, met.value.record()["rows"]) == (code, rows)


def test_the_comparable_elections_of_the_pack_say_their_weakness_and_how_few_they_are():
    found = comparables_of(table("ml", "planning/benchmarks.csv"))
    seen = class_of(found, None)
    assert (len(found), seen.n, seen.executed) == (19, 6, 1)
    assert (seen.low, seen.high) == (3231, 10427)
    assert [round(float(p), 2) for p in seen.pairs] == [0.54]
    cards = next(c for c in found if "biometriques" in c.event)
    assert (
        not cards.whole
        and len(cards.weaknesses) == 3
        and cards.weaknesses[0].text("en") == "prices of 2013, not updated"
    )
    assert class_of(found, range_of("3433.98")[0]).above == 5


def test_a_range_is_read_as_its_two_ends():
    assert (
        range_of("18-20") == (18, 20)
        and range_of("65") == (65, 65)
        and range_of("") is None
        and range_of("beaucoup") is None
    )
