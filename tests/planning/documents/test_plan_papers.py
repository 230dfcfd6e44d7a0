"""The book, the Gantt and the calendar of a plan say what the plan says: to the day and to the franc, in both languages."""

import io
import re
from datetime import UTC, date, datetime

import pytest
from pypdfium2 import PdfDocument

from kalata.documents import rendering
from kalata.documents.rendering import Head
from kalata.planning.calendars import calendar_named
from kalata.planning.papers.book import book
from kalata.planning.papers.told import Told
from kalata.planning.papers.wall import calendar, gantt
from kalata.planning.rules.cost import budget_of
from kalata.planning.rules.cost_drivers import drivers_of
from kalata.planning.rules.gantt_svg import PER_PAGE, pages, rows_of
from kalata.planning.rules.scheduling import scheduled
from tests.conftest import SHARED
from tests.planning.plans import START, baseline, plan

HEAD = Head(title="Plan", country="République du Mali", number="version 3")
J1 = date(2027, 4, 25)
AT = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def told():
    one = baseline()
    drivers = drivers_of((SHARED / "operational_plan_drivers.csv").read_text(encoding="utf-8"))
    found = scheduled(one, calendar_named("ml", START), j1=J1)
    return Told(schedule=found, budget=budget_of(one, drivers), j1=J1, about=(("Empreinte", "abc123"),))


def text_of(pdf):
    with PdfDocument(io.BytesIO(pdf)) as pages_of:
        return re.sub(r"\s+", " ", " ".join(p.get_textpage().get_text_range() for p in pages_of))


def test_the_book_prints_every_activity_every_line_and_the_same_total(told):
    made = rendering.copy(book(told, HEAD, "fr"), AT)
    text = text_of(made.pdf)
    total = f"{told.budget.total[1]:,}".replace(",", "\u202f")
    assert "Jour chômé estimé" in text and "Toutes les activités suivent le calendrier du plan." in text
    assert "abc123" in text and "version 3" in text and "S : établi par une source citée" in text
    assert re.sub(r"\s", "", total) in re.sub(r"\s", "", text)
    assert all(a.id in text for a in told.schedule.plan.activities)
    assert made.pages > 5 and text_of(rendering.copy(book(told, HEAD, "fr"), AT).pdf) == text


def test_the_book_is_in_english_too(told):
    data = book(told, HEAD, "en").data
    assert "durations stated by a source" in data["rows"][-3][1]
    assert data["phases_title"] == "Activities" and data["total"][2] == f"{told.budget.total[1]:,}"
    assert data["phases"][0]["rows"][0][2] == "2026-01-05"


def test_sums_of_every_group_are_the_total(told):
    for group in book(told, HEAD, "fr").data["groups"]:
        *parts, total = group["rows"]
        for at in (1, 2, 3):
            whole = [int(re.sub(r"\D", "", row[at])) for row in parts]
            assert sum(whole) == int(re.sub(r"\D", "", total[at]))


def test_limits_are_those_of_the_schedule(told):
    rows = {row[0]: row for row in book(told, HEAD, "fr").data["anchors"]}
    assert rows.keys() == {one.id for one in told.schedule.anchors}
    assert all(rows[one.id][5] == f"{one.margin:+d}" for one in told.schedule.anchors)


def test_the_gantt_has_a_row_for_each_activity_and_phase_on_a3(told):
    drawn = pages(told.schedule)
    rows = rows_of(told.schedule)
    assert len(drawn) == -(-len(rows) // PER_PAGE) and len(rows) > 137
    for a in told.schedule.plan.activities:
        assert sum(f">{a.id}</text>" in page for page in drawn) == 1
    made = rendering.copy(gantt(told, HEAD, "fr"), AT)
    with PdfDocument(io.BytesIO(made.pdf)) as sheets:
        assert [round(n / 72 * 25.4) for n in sheets[0].get_size()] == [420, 297]
        assert len(sheets) == len(drawn)


def test_a_bar_begins_on_its_day_and_its_float_ends_on_the_late_one():
    one = scheduled(plan("A 10 cd", "B 4 cd", "C 1 cd A;B"), calendar_named("none", START))
    [page] = pages(one)
    bars = [
        (float(x), float(w)) for x, w in re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="8"', page)
    ]
    [(x, wide)] = [
        (float(x), float(w)) for x, w in re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="3"', page)
    ]
    (a, length), (b, short), _c = bars
    assert a == b and x == pytest.approx(b + short, abs=0.05) and x + wide == pytest.approx(a + length, abs=0.05)


def test_names_made_to_do_harm_are_only_text():
    one = scheduled(plan("A 1 cd"), calendar_named("none", START))
    bad = type(one.plan.activities[0])(id="A", optimistic=1, likely=1, pessimistic=1, unit=one.plan.activities[0].unit, name_fr="<script>&#set</script>")  # fmt: skip
    from dataclasses import replace

    [page] = pages(replace(one, net=replace(one.net, plan=replace(one.plan, activities=(bad,)))))
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_the_calendar_says_polls_and_limits_in_order(told):
    data = calendar(told, HEAD, "fr").data
    types = {"event", "milestone", "legal_deadline"}
    assert len(data["dates"]) == sum(a.type.value in types for a in told.schedule.plan.activities)
    assert any(row[2] == "J1" or "J1" in row[2] for row in data["dates"])
    made = rendering.copy(calendar(told, HEAD, "en"), AT)
    assert "Electoral calendar" in text_of(made.pdf) or made.pages >= 1


def test_the_wall_says_the_days_of_which_one_is_a_feast_and_the_calendar_that_an_activity_follows(told):
    from kalata.planning.rules.reading import plan_of

    feast = told.schedule.estimated[0]
    assert f"{feast.name} : {feast.first} – {feast.last}" in pages(told.schedule)[0]
    assert any(row[1] == feast.name for row in calendar(told, HEAD, "fr").data["feasts"])
    one = plan_of("id,dur_likely,dur_unit,calendar\nA,5,wd,terrain-sud\nB,2,cd,\n", START)
    assert " [terrain-sud]</text>" in pages(scheduled(one, calendar_named("ml", START)))[0]


def test_a_plan_without_prices_says_so():
    one = scheduled(plan("A 1 cd"), calendar_named("none", START))
    data = book(Told(schedule=one), HEAD, "fr").data
    assert data["budget"] is False and data["no_budget"]


def test_the_book_names_the_calendars_that_activities_follow_with_what_slows_them(told):
    from kalata.planning.rules.reading import plan_of

    one = plan_of("id,dur_likely,dur_unit,calendar\nA,5,wd,terrain-sud\nB,2,cd,\n", START)
    data = book(Told(schedule=scheduled(one, calendar_named("ml", START)), j1=J1), HEAD, "en").data
    [(name, ids, slow, base)] = data["calendars"]
    assert name.startswith("terrain-sud ") and ids == "A" and "Rainy season (06-01 – 10-15, 70 %, A)" in slow and base.startswith("A · ")
