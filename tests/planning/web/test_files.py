"""A version as a file: what is downloaded agrees with the screen to the day, and is read back without a difference."""

import re
from datetime import timedelta

import icalendar
import pytest

from kalata.planning.calendars import calendar_named
from kalata.planning.queries import content
from kalata.planning.queries.schedule import dates
from kalata.planning.rules.exchange import msp_in, mspdi, sheets_in
from kalata.planning.rules.reading import plan_of, plan_of_rows
from kalata.planning.rules.sheet import plan_of_sheet
from kalata.planning.writing import Written
from tests.conftest import make_person

pytestmark = pytest.mark.django_db


def rows(plan):
    return [
        (a.id, a.three, a.unit, [str(k) for k in a.links], a.anchor.text if a.anchor else "", a.prices)
        for a in plan.activities
    ]


def test_each_form_is_read_back_without_a_difference(draft, planner, sign_in, tmp_path):
    client = sign_in(planner)
    kept = rows(plan_of_sheet(content.sheet(draft), draft.t0))
    got = {kind: client.get(f"/planification/{draft.pk}/fichier/{kind}") for kind in ("csv", "xlsx", "xml")}
    assert all(a.status_code == 200 and f"v1.{kind}" in a["Content-Disposition"] for kind, a in got.items())
    assert rows(plan_of(got["csv"].content, draft.t0)) == kept
    (tmp_path / "p.xlsx").write_bytes(got["xlsx"].content)
    found = sheets_in.rows(str(tmp_path / "p.xlsx"))
    assert rows(plan_of_rows(list(found["header"]), sheets_in.each(found), draft.t0)) == kept
    back, lost = msp_in.plan_of_tree(mspdi.tree_of(got["xml"].content))
    assert rows(back) == kept and lost == []


def test_the_calendar_gives_each_activity_the_days_of_the_screen(draft, planner, sign_in):
    answer = sign_in(planner).get(f"/planification/{draft.pk}/fichier/ics")
    events = {str(e["SUMMARY"]).split(" ")[0]: e for e in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")}
    screen = dates(draft)
    for code in ("A05", "B12", "E11", "R04"):
        at = screen.places[code]
        assert events[code].start == screen.start(at) and events[code].end == screen.last(at) + timedelta(days=1), code


def test_nothing_of_a_plan_is_lost_in_the_file_of_ms_project(draft):
    plan = plan_of_sheet(content.sheet(draft), draft.t0)
    assert calendar_named("ml", draft.t0) and Written(plan, "ml", "P", "fr").xml()[1] == []


def test_what_a_form_does_not_hold_is_said_on_the_page_and_a_task_juggler_file_is_given(draft, planner, sign_in):
    client = sign_in(planner)
    page = client.get(f"/planification/{draft.pk}/version/?pertes=1").content.decode()
    said = page.split('id="pertes"')[1].split("</div></div>")[0]
    assert "MS Project : rien ne manque" in re.sub(r"\s+", " ", said) and "dur_pessimistic" in said.split("ICS :")[1] and "CSV et XLSX portent tout" in said
    assert 'id="pertes"' not in client.get(f"/planification/{draft.pk}/version/").content.decode()
    answer = client.get(f"/planification/{draft.pk}/fichier/tjp")
    assert answer.status_code == 200 and b"task A05 " in answer.content and "v1.tjp" in answer["Content-Disposition"]


def test_another_form_and_another_reader_get_nothing(draft, planner, sign_in):
    assert sign_in(planner).get(f"/planification/{draft.pk}/fichier/exe").status_code == 404
    assert sign_in(make_person("guichet", "saisie")).get(f"/planification/{draft.pk}/fichier/csv").status_code == 403
