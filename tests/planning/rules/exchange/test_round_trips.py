"""A plan goes out to another program and comes back cell for cell."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from kalata.planning.calendars import calendar_named
from kalata.planning.rules.calendars import no_holidays
from kalata.planning.rules.exchange import compare, msp_in, msp_out, mspdi, sheets, sheets_in
from kalata.planning.rules.exchange.msp_fields import uids
from kalata.planning.rules.paced import named
from kalata.planning.rules.reading import plan_of, plan_of_rows, text_of_plan
from kalata.planning.rules.scheduling import scheduled
from kalata.planning.rules.spells import CalendarKind, Spell, Work
from tests.planning.plans import BASELINE, START, baseline, plan

from . import random_plans
from .files import link, project, task


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


def through_xml(one, cal=None):
    raw, lost = msp_out.document(one, cal or no_holidays(one.start))
    again, told = msp_in.plan_of_tree(mspdi.tree_of(raw))
    assert told == []
    return again, lost


def through_xlsx(one):
    header, rows = sheets_in.table(sheets.workbook(one))
    return plan_of_rows(header, rows, one.start)


def test_the_reference_plan_goes_through_ms_project_cell_for_cell():
    again, lost = through_xml(baseline(), calendar_named("ml", START))
    assert lost == []
    assert table(text_of_plan(again)) == table(BASELINE.read_text(encoding="utf-8"))
    assert again.start == START and [a.links for a in again.activities] == [a.links for a in baseline().activities]


def test_the_reference_plan_goes_through_a_workbook_cell_for_cell():
    assert table(text_of_plan(through_xlsx(baseline()))) == table(BASELINE.read_text(encoding="utf-8"))


@given(random_plans.rows())
def test_any_plan_goes_through_ms_project_cell_for_cell(rows):
    one = random_plans.plan_from(rows)
    again, _lost = through_xml(one)
    assert table(text_of_plan(again)) == table(text_of_plan(one))


@given(random_plans.rows())
def test_any_plan_goes_through_a_workbook_cell_for_cell(rows):
    one = random_plans.plan_from([[c.lstrip("= \t") if i in (2, 15) else c for i, c in enumerate(r)] for r in rows])
    assert table(text_of_plan(through_xlsx(one))) == table(text_of_plan(one))


def test_forty_columns_are_more_than_ms_project_has_fields_and_all_come_back():
    more = [f"colonne {n}" for n in range(40)]
    text = ",".join(["id", "dur_likely", "dur_unit", *more]) + "\nA,5,wd" + "".join(f",v{n}" for n in range(40)) + "\n"
    again, _lost = through_xml(plan_of(text, START))
    assert table(text_of_plan(again)) == table(text)


def test_the_dates_ms_project_computes_are_those_of_the_plan():
    one, cal = baseline(), calendar_named("ml", START)
    answer = compare.answer(msp_out.document(one, cal)[0])
    assert answer["differences"] == []
    found, numbers = scheduled(one, cal, windows=False), uids([a.id for a in one.activities])
    tasks = {t["uid"]: t for t in answer["tasks"]}
    for i, a in enumerate(one.activities):
        task_of, first, after = tasks[str(numbers[a.id])], found.early.start[i], found.early.finish[i]
        if a.likely:
            assert (task_of["start"][:10], task_of["finish"][:10]) == (str(cal.day(first)), str(cal.day(after - 1))), (
                a.id
            )
        assert task_of["total_slack"] == 4800 * found.total[i], a.id


@given(random_plans.rows(links=("FS", "SS"), lags=st.sampled_from(["", "+2d", "+5ed"])))
def test_the_dates_of_any_plan_are_the_same_days_there(rows):
    one = random_plans.plan_from(rows)
    cal = no_holidays(one.start)
    found, numbers = scheduled(one, cal, windows=False), uids([a.id for a in one.activities])
    tasks = {t["uid"]: t for t in compare.answer(msp_out.document(one, cal)[0])["tasks"]}
    zero = {a.id for a in one.activities if not a.likely}
    for i, a in enumerate(one.activities):
        if a.likely and not zero:  # a point may stand on the evening before
            shown = tasks[str(numbers[a.id])]
            assert (shown["start"][:10], shown["finish"][:10]) == (
                str(cal.day(found.early.start[i])), str(cal.day(found.early.finish[i] - 1)),
            )  # fmt: skip


@pytest.mark.parametrize(
    ("lag", "expected"),
    [
        ("+5wd", ("24000", "7")),  # MPXJ 707: five days, not 144 000
        ("+55ed", ("792000", "8")),  # MPXJ 827: fifty-five days that pass, not 165
        ("+3d", ("43200", "8")),  # MPXJ 164: what passes is not lost
        ("-2wd", ("-9600", "7")),
        ("+50%", ("50", "19")),
        ("", ("0", "7")),
    ],
)
def test_each_lag_is_written_in_its_own_format(lag, expected):
    raw, _lost = msp_out.document(plan("A 4 wd", f"B 2 wd A:FS{lag}" if lag else "B 2 wd A"), None)
    found = etree.fromstring(raw)
    assert tuple(found.findtext(f".//{{{mspdi.MSP}}}{n}") for n in ("LinkLag", "LagFormat")) == expected
    again, _told = msp_in.plan_of_tree(mspdi.tree_of(raw))
    assert str(again.by_id["B"].links[0]) == (f"A:FS{lag}" if lag else "A")


def test_a_lag_that_ms_project_counts_otherwise_is_told():
    _raw, lost = msp_out.document(plan("A 4 wd", "B 2 cd A:FS+3wd", "C 2 cd A:FS+50%", "D 2 cd A:FS+3d"), None)
    assert lost == [("B", "predecessors"), ("C", "predecessors")]


def test_a_finish_is_the_last_day_there_and_a_day_more_nowhere():
    raw, _lost = msp_out.document(plan("A 5 cd", "B 5 wd A", start=date(2026, 1, 7)), no_holidays(date(2026, 1, 7)))
    tasks = {t["name"]: t for t in compare.answer(raw)["tasks"]}
    assert tasks["A"]["finish"] == "2026-01-11T17:00:00"  # a Sunday, the fifth day
    assert (tasks["B"]["start"], tasks["B"]["finish"]) == ("2026-01-12T08:00:00", "2026-01-16T17:00:00")


def edited(raw, path, value):
    root = etree.fromstring(raw)
    task_of = root.findall(f".//{{{mspdi.MSP}}}Task")[1]
    task_of.find("/".join(f"{{{mspdi.MSP}}}{name}" for name in path.split("/"))).text = value
    return mspdi.tree_of(etree.tostring(root))


@pytest.mark.parametrize(
    ("element", "value", "column", "expected"),
    [
        ("Duration", "PT80H0M0S", "dur_likely", "10"),
        ("Duration", "PT80H0M0S", "dur_pessimistic", "10"),
        ("Name", "Autre nom", "activity_fr", "Autre nom"),
        ("PredecessorLink/Type", "3", "predecessors", "A:SS"),
    ],
)
def test_what_is_changed_in_ms_project_stands_above_the_columns(element, value, column, expected):
    raw, _lost = msp_out.document(plan("A 4 wd", "B 2 wd A"), None)
    again, _told = msp_in.plan_of_tree(edited(raw, element, value))
    [_first, row] = table(text_of_plan(again))
    assert row[column] == expected


def test_a_plan_made_by_others_becomes_days_and_tells_what_a_plan_cannot_hold():
    raw = project(
        task(7, 0, Summary=1, Name="Phase"), task(1, 16, level=2, WBS="A1"), task(2, 12, link(1, 3, 4800), level=2),
        task(3, 0, link(2), Milestone=1, Deadline="2027-03-12T17:00:00"), task(4, 48, link(7), DurationFormat=8),
    )  # fmt: skip
    found, lost = msp_in.plan_of_tree(mspdi.tree_of(raw))
    assert [(a.id, a.likely, a.unit.value, a.phase) for a in found.activities] == [
        ("A1", 2, "wd", "Phase"), ("T2", 2, "wd", "Phase"), ("T3", 0, "wd", ""), ("T4", 2, "cd", ""),
    ]  # fmt: skip
    assert [str(k) for k in found.by_id["T2"].links] == ["A1:SS+1wd"]
    assert [str(k) for k in found.by_id["T4"].links] == ["A1", "T2"]
    assert set(lost) == {("T2", "dur_likely"), ("T3", "deadline")}
    assert found.start == date(2027, 3, 8)


def test_identifiers_keep_their_number_when_others_come():
    before, after = uids(["A", "B", "C"]), uids(["B", "X", "C", "Y"])
    assert before["B"] == after["B"] and before["C"] == after["C"]
    assert len(set(uids([f"A{n}" for n in range(2_000)]).values())) == 2_000


def test_a_calendar_that_an_activity_follows_is_one_of_the_file_with_the_same_dates():
    """A supplier rests on Friday and Saturday, and closes in August; another activity has a season that no file holds."""
    spells = (Spell("fermeture", 0, "08-01", "08-15"),)
    works = [
        Work("sup", CalendarKind.SUPPLIER, "Fournisseur", rest=frozenset({4, 5}), spells=spells),
        Work("sud", CalendarKind.REGION, "Sud", spells=(Spell("pluies", 50, "07-01", "07-31"),)),
    ]
    cal = named(no_holidays(date(2026, 7, 20)), works, lambda _first, _last: [])
    text = "id,dur_likely,dur_unit,predecessors,calendar\nA,9,wd,,sup\nB,20,cd,,sup\nC,3,wd,A,\nD,3,wd,,sud\n"
    one = plan_of(text, date(2026, 7, 20))
    raw, lost = msp_out.document(one, cal)
    assert lost == [("D", "calendar")]
    found, numbers = scheduled(one, cal), uids([a.id for a in one.activities])
    tasks = {t["uid"]: t for t in compare.answer(raw)["tasks"]}
    for i, name in enumerate("ABC"):
        shown = tasks[str(numbers[name])]
        days = tuple(str(cal.day(n)) for n in (found.early.start[i], found.early.finish[i] - 1))
        assert (shown["start"][:10], shown["finish"][:10]) == days, name
    again, told = msp_in.plan_of_tree(mspdi.tree_of(raw))
    assert told == [] and table(text_of_plan(again)) == table(text)
    project = etree.fromstring(raw)
    assert [c.text for c in project.iterfind(f".//{{{mspdi.MSP}}}Calendar/{{{mspdi.MSP}}}Name")][2:4] == ["Fournisseur", "Fournisseur (tous les jours)"]
