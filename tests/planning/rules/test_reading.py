"""The open form of a plan: what is read, what is refused with its rows, and the same file written again."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalata.planning.rules.network import circle, order_of
from kalata.planning.rules.reading import (
    AnchorKind,
    AnotherForm,
    Lag,
    LagUnit,
    Link,
    LinkType,
    PlanFault,
    Point,
    Type,
    Unit,
    checked,
    plan_of,
    text_of_plan,
)
from tests.planning.plans import BASELINE

HEAD = "id,dur_likely,dur_unit,predecessors\n"


def refused(text):
    with pytest.raises(PlanFault) as met:
        plan_of(text)
    return met.value


def test_three_columns_are_enough_and_the_rest_has_its_default():
    (a,) = plan_of("id,dur_likely,dur_unit\nA,5,wd\n").activities
    assert (a.three, a.unit, a.type, a.links, a.anchor, a.row) == ((5, 5, 5), Unit.WORKING, Type.TASK, (), None, 2)


@pytest.mark.real
def test_the_reference_plan_is_read_whole_and_written_again_cell_for_cell():
    data = BASELINE.read_bytes()
    plan = plan_of(data)
    assert len(plan.activities) == 137
    links = [link for a in plan.activities for link in a.links]
    assert (
        len(links) == 225 and sum(k.type is LinkType.FS for k in links) == 219 and sum(k.lag.n != 0 for k in links) == 5
    )
    assert sum(a.anchor is not None for a in plan.activities) == 19
    again = list(csv.reader(io.StringIO(text_of_plan(plan))))
    assert again == list(csv.reader(io.StringIO(data.decode())))
    assert plan_of(text_of_plan(plan)) == plan


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("X", Link("X")),
        ("X:SS", Link("X", LinkType.SS)),
        ("X:FF-2wd", Link("X", LinkType.FF, Lag(-2, LagUnit.WORKING))),
        ("X:FS+15d", Link("X", LinkType.FS, Lag(15, LagUnit.CALENDAR))),
        ("X:SF+15", Link("X", LinkType.SF, Lag(15, LagUnit.CALENDAR))),
        ("X:SS+3ed", Link("X", LinkType.SS, Lag(3, LagUnit.ELAPSED))),
        ("X:SS+50%", Link("X", LinkType.SS, Lag(50, LagUnit.PERCENT))),
    ],
)
def test_a_link_is_read_with_its_type_and_lag(text, link):
    plan = plan_of(f"{HEAD}X,1,cd,\nA,1,cd,{text}\n")
    assert plan.activities[1].links == (link,)
    assert plan_of(text_of_plan(plan)).activities[1].links == (link,)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("T0", AnchorKind.POINT),
        ("J1", AnchorKind.POINT),
        ("J1-40", AnchorKind.POINT),
        ("J1+5", AnchorKind.POINT),
        ("J1-21..J1-2", AnchorKind.SPAN),
        ("..J2-2", AnchorKind.UNTIL),
        ("J2 = A+21d", AnchorKind.FOLLOWS),
        ("01/10-31/12", AnchorKind.WINDOW),
    ],
)
def test_every_form_of_an_anchor_is_read(text, kind):
    anchor = plan_of(f"id,dur_likely,dur_unit,legal_anchor\nA,1,cd,{text}\n").activities[0].anchor
    assert anchor is not None and (anchor.kind, anchor.text) == (kind, text)


def test_an_anchor_says_its_days():
    def of(text):
        return plan_of(f"id,dur_likely,dur_unit,legal_anchor\nA,1,cd,{text}\n").activities[0].anchor

    assert (of("J1-21..J1-2").first, of("J1-21..J1-2").last) == (Point("J1", -21), Point("J1", -2))
    assert (of("J2 = A+21d").after, of("J2 = A+21d").days) == ("A", 21)
    assert (of("01/10-31/12").opens, of("01/10-31/12").closes) == ((10, 1), (12, 31))


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("sign", [",", "\t"])
def test_every_line_ending_a_mark_at_the_head_and_tabs_are_read(ends, bom, sign):
    text = bom + ends.join(["id,dur_likely,dur_unit,predecessors", "A,1,cd,", "", "B,2,wd,A", ""]).replace(",", sign)
    plan = plan_of(text.encode())
    assert [(a.id, a.row) for a in plan.activities] == [("A", 2), ("B", 4)]


def test_a_semicolon_between_columns_is_known_by_the_heading():
    plan = plan_of('id;dur_likely;dur_unit;predecessors\nA;1;cd;\nB;1;cd;\nC;2;wd;"A;B"\n')
    assert [k.pred for k in plan.activities[2].links] == ["A", "B"]


def test_unknown_columns_are_kept_and_written_again():
    text = "note,id,dur_likely,dur_unit\nune remarque,A,1,cd\n"
    assert text_of_plan(plan_of(text)) == text


def test_what_changed_is_written_and_what_did_not_stays_as_it_was():
    from dataclasses import replace

    plan = plan_of("id,dur_optimistic,dur_likely,dur_unit,predecessors\nA,,5,cd,\nB,,2,cd,A : \n".replace(" : ", ""))
    longer = replace(plan, activities=(replace(plan.activities[0], likely=7, pessimistic=9), plan.activities[1]))
    rows = list(csv.reader(io.StringIO(text_of_plan(longer))))
    assert rows[0][-1] == "dur_pessimistic" and rows[1][2] == "7" and rows[1][-1] == "9" and rows[2][1] == ""


BAD = [
    ("PLN-102", [2], f"{HEAD}A,1,wd,Z\n"),
    ("PLN-102", [2], "id,dur_likely,dur_unit,legal_anchor\nA,1,wd,J2 = Z+21d\n"),
    ("PLN-103", [2], f"{HEAD}A,-1,wd,\n"),
    ("PLN-103", [2], f"{HEAD}A,,wd,\n"),
    ("PLN-103", [2], f"{HEAD}A,1.5,wd,\n"),
    ("PLN-103", [2], f"{HEAD}A,=2+3,wd,\n"),
    ("PLN-103", [2], f"{HEAD}A,٣,wd,\n"),
    ("PLN-103", [2], f"{HEAD}A,36501,wd,\n"),
    ("PLN-103", [3], "id,dur_optimistic,dur_likely,dur_pessimistic,dur_unit\nA,1,1,1,cd\nB,2,1,3,cd\n"),
    ("PLN-103", [2], "id,dur_optimistic,dur_likely,dur_pessimistic,dur_unit\nA,1,3,2,cd\n"),
    ("PLN-104", [2], f"{HEAD}A,1,weeks,\n"),
    ("PLN-104", [2], f"{HEAD}A,1,,\n"),
    ("PLN-104", [3], f"{HEAD}A,1,wd,\nB,1,wd,A:XX\n"),
    ("PLN-104", [3], f"{HEAD}A,1,wd,\nB,1,wd,A:FS+2h\n"),
    ("PLN-104", [3], f"{HEAD}A,1,wd,\nB,1,wd,A:\n"),
    ("PLN-104", [3], f"{HEAD}A,1,wd,\nB,1,wd,A:FS+2.5d\n"),
    ("PLN-105", [2, 4], f"{HEAD}A,1,wd,\nB,1,wd,A\nA,1,wd,\n"),
    ("PLN-108", [1], "task_code,task_name\nA,1\n"),
    ("PLN-108", [1], f"{HEAD}"),
    ("PLN-108", [2], f"{HEAD}A,1,wd,,x\n"),
    ("PLN-108", [2], f'{HEAD}A,1,wd,"B\n'),
    ("PLN-108", [2], f"{HEAD}A,1,wd,\u202e\n"),
    ("PLN-108", [], "<?xml version='1.0'?><Project/>"),
    ("PLN-108", [1], ""),
    ("PLN-110", [2], f"{HEAD}1A,1,wd,\n"),
    ("PLN-110", [2], "id,dur_likely,dur_unit,type\nA,1,wd,phase\n"),
    ("PLN-110", [2], "id,dur_likely,dur_unit,legal_anchor\nA,1,wd,avant le vote\n"),
    ("PLN-110", [2], "id,dur_likely,dur_unit,legal_anchor\nA,1,wd,31/02-31/12\n"),
    ("PLN-110", [2], "id,dur_likely,dur_unit,unit_cost_xof_low\nA,1,wd,5\n"),
    ("PLN-110", [2], "id,dur_likely,dur_unit,percent_complete\nA,1,wd,101\n"),
    ("PLN-110", [2], "id,dur_likely,dur_unit,actual_start\nA,1,wd,2026-02-30\n"),
    ("PLN-110", [2], "id,dur_likely,dur_unit,actual_start\nA,1,wd,20260228\n"),
    ("PLN-110", [2], "id,dur_likely,dur_unit,resources\nA,1,wd,IMPRIMEUR\n"),
    ("PLN-110", [2], "id,dur_likely,dur_unit,quantity\nA,1,wd,=2*3\n"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "rows", "text"), BAD, ids=[f"{c}-{i}" for i, (c, _r, _t) in enumerate(BAD)])
def test_bad_input_is_refused_with_its_code_and_its_rows(code, rows, text):
    fault = refused(text)
    said = fault.record()
    assert (said["code"], said["rows"]) == (code, rows)
    assert said["fr"] and said["remedy"]["fr"] and "%(" not in said["fr"] + said["remedy"]["fr"]
    assert said["fr"] != said["en"] and said["remedy"]["fr"] != said["remedy"]["en"]


def test_a_circle_is_named_in_its_order_with_its_rows():
    said = refused(f"{HEAD}D,1,wd,A\nA,1,wd,C\nB,1,wd,A\nC,1,wd,B\n").record()
    assert (said["code"], said["path"], said["rows"]) == ("PLN-101", ["A", "B", "C", "A"], [3, 4, 5])
    assert "A → B → C → A" in said["fr"]
    alone = refused(f"{HEAD}A,1,wd,A\n").record()
    assert (alone["path"], alone["rows"]) == (["A", "A"], [2])


def test_a_file_that_is_no_text_is_refused():
    for data in (b"id,dur_likely,dur_unit\nA\xff,1,cd\n", "id,dur_likely,dur_unit\nA,1,cd\n".encode("utf-16")):
        with pytest.raises(AnotherForm) as met:
            plan_of(data)
        assert met.value.record()["code"] == "PLN-108"


def test_ten_thousand_activities_are_read_and_one_more_is_not():
    rows = [f"A{i},1,cd" for i in range(10_001)]
    assert len(plan_of("id,dur_likely,dur_unit\n" + "\n".join(rows[:10_000])).activities) == 10_000
    assert refused("id,dur_likely,dur_unit\n" + "\n".join(rows)).record()["rows"] == [10_002]


def test_values_at_their_bounds_are_read():
    text = (
        "id,dur_optimistic,dur_likely,dur_pessimistic,dur_unit,unit_cost_xof_low,unit_cost_xof_likely,unit_cost_xof_high,"
        "percent_complete,actual_finish,resources,time_dependent\nA,0,0,36500,cd,0,0,0,100,2026-02-28,P:0;Q x:3,1\n"
    )
    (a,) = plan_of(text).activities
    assert (a.three, a.percent_complete, a.actual_finish) == ((0, 0, 36_500), 100, date(2026, 2, 28))
    assert (a.resources, a.time_dependent, a.prices.high) == ((("P", 0), ("Q x", 3)), True, 0)


@given(st.integers(1, 12), st.data())
@settings(max_examples=60, deadline=None)
def test_an_order_or_a_circle_is_found_in_any_network(n, data):
    from kalata.planning.rules.plan import Activity, Plan

    preds = [data.draw(st.lists(st.integers(0, n - 1), max_size=3, unique=True)) for _i in range(n)]
    plan = Plan(
        tuple(Activity(f"A{i}", 1, 1, 1, Unit.CALENDAR, tuple(Link(f"A{p}") for p in preds[i])) for i in range(n))
    )
    order, path = order_of(plan), circle(plan)
    if path:
        assert len(order) < n
        for before, after in zip(path, path[1:] + path[:1], strict=True):
            assert before in [k.pred for k in plan.by_id[after].links]
        with pytest.raises(PlanFault):
            checked(plan)
    else:
        at = {i: step for step, i in enumerate(order)}
        assert sorted(order) == list(range(n)) and all(at[p] < at[i] for i in range(n) for p in preds[i])


def test_what_a_spreadsheet_would_run_is_disarmed_in_the_file_and_comes_back_as_it_was():
    name = '=HYPERLINK("http://x")'
    plan = plan_of(f'id,activity_fr,dur_likely,dur_unit\nA,"{name.replace(chr(34), chr(34) * 2)}",5,wd\n')
    text = text_of_plan(plan)
    assert "\"'=HYPERLINK" in text
    again = plan_of(text)
    assert again.activities[0].name_fr == name
    assert text_of_plan(again) == text
