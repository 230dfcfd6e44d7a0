"""A workbook, a calendar and a TaskJuggler project, each read by a reader that is not ours."""

import io
import re
from datetime import date, timedelta

import pytest
import xlsxwriter
from icalendar import Calendar as ICalendar
from openpyxl import load_workbook

from kalata.planning.calendars import calendar_named
from kalata.planning.rules.calendars import no_holidays
from kalata.planning.rules.exchange import agenda, sheets, sheets_in, tjp
from kalata.planning.rules.exchange.faults import NoValue, TypedFormula
from kalata.planning.rules.faults import AnotherForm
from kalata.planning.rules.reading import plan_of
from kalata.planning.rules.scheduling import scheduled
from tests.planning.plans import START, baseline, plan

from .grammar import read

PRICED = (
    "id,phase,dur_likely,dur_unit,cost_driver,quantity,unit_cost_xof_low,unit_cost_xof_likely,unit_cost_xof_high,default_funder\n"
    "A,1,5,wd,bulletins,9309392.4,10,11,12,Etat\nB,1,5,wd,km,2.5,1,1,1,Partenaire\nC,2,5,wd,forfait,,,,,Etat\n"
)


def book(*rows, sheet="plan"):
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out)
    page = made.add_worksheet(sheet)
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            write = page.write_string if isinstance(cell, str) else page.write
            write(i, j, cell) if not isinstance(cell, tuple) else page.write_formula(i, j, cell[0], None, cell[1])
    made.close()
    return out.getvalue()


# --- workbook
def test_costs_and_sums_are_live_formulas_with_their_value():
    raw = sheets.workbook(plan_of(PRICED, START))
    live, shown = load_workbook(io.BytesIO(raw)), load_workbook(io.BytesIO(raw), data_only=True)
    heads = [c.value for c in live["plan"][1]]
    column = heads.index("calc_likely")
    assert live["plan"][2][column].value == "=ROUND(M2*H2,0)" and heads[12] == "calc_quantity"
    assert live["plan"][2][12].value == "=ROUNDUP(F2,0)" and live["plan"][3][12].value == "=F3"
    assert [shown["plan"][r][column].value for r in (2, 3, 4)] == [9_309_393 * 11, 3, None]
    totals = [
        [c.value for c in row] for row in shown["budget"].iter_rows() if row[0].value in {"total", "total of the lines"}
    ]
    assert totals == [[t[0], 9_309_393 * 10 + 3, 9_309_393 * 11 + 3, 9_309_393 * 12 + 3] for t in totals]
    assert len(totals) == 3
    assert all(
        str(c.value).startswith("=") for row in live["budget"].iter_rows(min_row=2, max_row=4, min_col=2) for c in row
    )


def test_the_sums_of_the_reference_plan_are_those_of_the_guide():
    shown = load_workbook(io.BytesIO(sheets.workbook(baseline())), data_only=True)["budget"]
    last = [c.value for c in list(shown.iter_rows())[-1]]
    assert last[0] == "total of the lines" and [round(v / 1e9, 2) for v in last[1:4]] == [16.41, 29.06, 50.20]


def test_a_text_that_looks_like_a_formula_is_written_as_a_text():
    raw = sheets.workbook(plan_of("id,dur_likely,dur_unit,activity_fr\nA,5,wd,=1+1\n", START))
    assert load_workbook(io.BytesIO(raw))["plan"]["D2"].data_type == "s"


@pytest.mark.parametrize("cell", ["=2+3", " =A1", "=HYPERLINK(A1)"])
def test_a_formula_typed_as_text_is_refused_in_words(cell):
    with pytest.raises(TypedFormula, match="PLN-131") as refused:
        sheets_in.table(book(["id", "dur_likely", "dur_unit", "note"], ["A", 5, "wd", ""], ["B", cell, "wd", ""]))
    assert refused.value.rows == [3] and "dur_likely" in str(refused.value)


def test_a_live_formula_gives_its_value_and_one_without_a_value_is_refused():
    header, rows = sheets_in.table(book(["id", "dur_likely", "dur_unit"], ["A", ("=2+3", 5), "wd"]))
    assert (header, rows) == (["id", "dur_likely", "dur_unit"], [(2, {"id": "A", "dur_likely": "5", "dur_unit": "wd"})])
    with pytest.raises(NoValue, match="PLN-132"):
        sheets_in.table(book(["id", "dur_likely", "dur_unit"], ["A", ("=1/0", "#DIV/0!"), "wd"]))


@pytest.mark.parametrize(
    "raw",
    [
        b"PK\x03\x04rest",
        b"not a workbook",
        book(["nom", "date"], ["A", "5"]),
        book(["id", "dur_likely", "dur_unit"]),
        book(["id", "dur_likely", "dur_unit", "id"], ["A", 5, "wd", "B"]),
    ],
)
def test_a_workbook_of_another_form_is_refused(raw):
    with pytest.raises(AnotherForm, match="PLN-108"):
        sheets_in.table(raw)


def test_a_sheet_of_the_person_is_read_where_none_is_named_plan():
    assert (
        sheets_in.table(book(["id", "dur_likely", "dur_unit"], ["A", 5.0, "wd"], sheet="Feuil1"))[1][0][1]["dur_likely"]
        == "5"
    )


# --- calendar
def events(one, cal, lang="fr"):
    raw, lost = agenda.agenda(scheduled(one, cal), lang=lang)
    return {str(e["uid"]): e for e in ICalendar.from_ical(raw).walk("VEVENT")}, lost


def test_an_activity_is_one_event_of_whole_days_that_ends_on_the_day_after():
    found, lost = events(plan("A 5 wd", "B 0 cd A", "C 3 cd A"), no_holidays(START))
    whole = found["A.plan@kalata"]
    assert (whole["dtstart"].dt, whole["dtend"].dt) == (date(2026, 1, 5), date(2026, 1, 10))
    assert whole["dtstart"].params["VALUE"] == "DATE"
    assert (found["B.plan@kalata"]["dtstart"].dt, found["B.plan@kalata"]["dtend"].dt) == (
        date(2026, 1, 10),
        date(2026, 1, 11),
    )
    assert found["C.plan@kalata"]["dtend"].dt == date(2026, 1, 13)
    assert lost == [("B", "predecessors"), ("C", "predecessors")]


def test_the_calendar_of_the_reference_plan_says_the_article_and_is_the_same_twice():
    cal = calendar_named("ml", START)
    found, lost = events(baseline(), cal)
    feasts = {uid: e for uid, e in found.items() if uid.startswith("feast-")}
    assert feasts and all(e["status"] == "TENTATIVE" and e["dtend"].dt - e["dtstart"].dt > timedelta(days=1) for e in feasts.values())
    assert len(found) - len(feasts) == 137 and found.keys() == events(baseline(), cal, "en")[0].keys()
    sourced = next(a for a in baseline().activities if a.columns["duration_or_anchor_source"] and a.anchor)
    text = str(found[f"{sourced.id}.plan@kalata"]["description"])
    assert sourced.columns["duration_or_anchor_source"] in text and sourced.anchor.text in text
    assert ("L03", "dur_pessimistic") in lost
    assert all(e["dtend"].dt - e["dtstart"].dt >= timedelta(days=1) for e in found.values())


# --- TaskJuggler
def juggled(one, cal=None):
    cal = cal or no_holidays(one.start)
    raw, lost = tjp.juggled(one, cal, scheduled(one, cal).finish, title="plan")
    return read(raw.decode()), lost


def test_the_reference_plan_is_read_by_the_grammar_of_taskjuggler():
    one = baseline()
    found, lost = juggled(one, calendar_named("ml", START))
    assert lost == []
    assert [t["id"] for t in found["tasks"]] == [a.id for a in one.activities]
    assert found["start"] == "2026-01-05" and len(found["leaves"]) > 10
    for a, t in zip(one.activities, found["tasks"], strict=True):
        assert t["name"] == a.name("fr").replace('"', "'") or t["name"] == a.name("fr")
        assert t.get("length" if a.unit.value == "wd" else "duration", 0) == a.likely
        assert [d["id"] for d in t["depends"]] == [k.pred for k in a.links]
        assert t["own"]["DurPessimistic"] == str(a.pessimistic)


def test_each_link_has_its_gap_and_what_has_none_is_told():
    found, lost = juggled(
        plan("A 4 wd", "B 2 wd A:SS+3wd", "C 2 cd A:FS+3d", "D 1 wd A:FF", "E 1 wd A:FS-1d", "F 1 wd A:FS+50%")
    )
    assert [t["depends"] for t in found["tasks"]] == [
        [], [{"id": "A", "onstart": True, "gaplength": 3}], [{"id": "A", "gapduration": 3}], [{"id": "A"}], [{"id": "A"}],
        [{"id": "A", "gaplength": 2}],
    ]  # fmt: skip
    assert [i for i, _field in lost] == ["D", "E", "F"]


def test_marks_in_texts_end_no_string():
    text = 'id,dur_likely,dur_unit,activity_fr,note\nA,5,wd,"dit ""oui""","ni \' ni "" \\"\n'
    found, lost = juggled(plan_of(text, START))
    assert found["tasks"][0]["name"] == 'dit "oui"'
    assert lost == [("A", "note")]
    assert not re.search(r"\\$", found["tasks"][0]["own"]["Note"])
