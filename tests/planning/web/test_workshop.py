"""The workshop in a page: the plan and its Gantt, one activity explained, each act on a draft, two signatures to the end."""

import html
import re

import pytest

from kalata.people.models import Approval
from kalata.planning.models import PlanVersion
from kalata.planning.queries import content
from kalata.planning.rules.editing import mark_of
from kalata.planning.services import editing
from tests.conftest import make_person
from tests.planning.conftest import small

pytestmark = pytest.mark.django_db


def seen(client, address):
    """The mark that the page of this address carries."""
    return {"seen": re.search(r'name="seen" value="([0-9a-f]{64})"', client.get(address).content.decode())[1]}


def test_the_workshop_shows_the_137_activities_and_their_legal_dates(draft, planner, sign_in):
    page = sign_in(planner).get(f"/planification/{draft.pk}/").content.decode()
    assert page.count("data-row=") == 137 and "J1-40" in page and "<svg" in page


@pytest.mark.parametrize("zoom", ["day", "week", "month", "quarter"])
@pytest.mark.parametrize("group", ["phase", "body", "territory"])
def test_it_is_looked_at_by_scale_and_group(draft, planner, sign_in, zoom, group):
    answer = sign_in(planner).get(f"/planification/{draft.pk}/?zoom={zoom}&group={group}&q=scrutin")
    assert answer.status_code == 200 and 0 < answer.content.decode().count("data-row=") < 137


@pytest.mark.parametrize("code", ["L01", "A05", "E01", "R04", "B18", "Z07", "M05"])
def test_an_activity_says_why_its_date_and_whether_it_is_critical(draft, planner, sign_in, code):
    page = sign_in(planner).get(f"/planification/{draft.pk}/?a={code}").content.decode()
    assert "Pourquoi cette date" in page and f"{code} commence le" in page and "critique" in page


def test_a_cycle_pasted_is_refused_with_its_path_and_nothing_is_kept(election, planner, sign_in):
    one = small(election, "A 5 cd", "B 2 cd A")
    table = "id\tdur_likely\tdur_unit\tpredecessors\nA\t5\tcd\tB\n"
    here = f"/planification/{one.pk}/"
    client = sign_in(planner)
    answer = client.post(here, {"act": "paste", "table": table} | seen(client, here))
    assert answer.status_code == 422 and "PLN-101" in answer.content.decode() and "A → B → A" in answer.content.decode()


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ("id\tdur_likely\tdur_unit\tpredecessors\nB\t2\tcd\tZZ\n", "PLN-102"),
        ("id\tdur_likely\tdur_unit\nA\t-5\tcd\n", "PLN-103"),
        ("id\tdur_likely\nA\t=2+3\n", "PLN-103"),
        ("id\tdur_likely\tdur_unit\nA\t5\tmois\n", "PLN-104"),
        ("nom\tjours\nA\t5\n", "PLN-108"),
        ("id\tquantity_expr\nA\t2**99\n", "PLN-106"),
    ],
)
def test_a_bad_table_pasted_is_refused_with_its_code_and_nothing_is_kept(election, planner, sign_in, table, code):
    one = small(election, "A 5 cd", "B 2 cd A")
    client, was = sign_in(planner), content.sha256(one)
    here = f"/planification/{one.pk}/"
    answer = client.post(here, {"act": "paste", "table": table} | seen(client, here))
    assert answer.status_code == 422 and code in answer.content.decode() and content.sha256(one) == was


def test_a_plan_is_made_edited_undone_submitted_endorsed_and_approved_by_pages(
    election, planner, money, committee, client, sign_in
):
    sign_in(planner)
    made = {"act": "make", "name": "Plan", "code": "p1", "election": election.pk, "family": "presidential", "rounds": "2", "t0": "2026-01-05", "j1": "2027-06-06"}  # fmt: skip
    assert client.post("/planification/", made).status_code == 302
    one = PlanVersion.objects.get()
    here = f"/planification/{one.pk}/"
    saved = {"act": "save", "code": "L02", "name_fr": "Revue", "optimistic": "9", "likely": "20", "pessimistic": "41", "unit": "wd", "why_likely": "comme en 2023", "owner": "MATD"}  # fmt: skip
    for sent in (
        saved, {"act": "link", "pred": "L01", "succ": "L05", "type": "SS", "lag": "+2", "unit": "wd"}, {"act": "undo"}, {"act": "redo"},
        {"act": "split", "code": "L03", "days": "30"}, {"act": "shift", "code": "L04", "days": "1"},
    ):  # fmt: skip
        if sent["act"] not in ("undo", "redo"):
            sent = sent | seen(client, f"{here}?a={sent.get('code') or sent['succ']}")
        assert client.post(here, sent).status_code == 302, sent
    assert one.activities.get(code="L02").why_likely == "comme en 2023"
    assert (
        client.post(
            f"{here}version/", {"act": "submit", "reason": "prête"} | seen(client, f"{here}version/")
        ).status_code
        == 302
    )
    assert client.get(f"{here}version/").status_code == 200
    sign_in(money)
    assert "Viser" in client.get(f"{here}version/").content.decode()
    assert (
        client.post(f"{here}version/", {"act": "endorse", "reason": "vu"} | seen(client, f"{here}version/")).status_code
        == 302
    )
    sign_in(committee)
    asked = Approval.objects.get()
    assert asked.right == "planning.approve" and client.get(f"/personnes/approbations/{asked.pk}/").status_code == 200


def test_who_holds_no_right_on_plans_opens_none(election, sign_in):
    one = small(election, "A 5 cd")
    client = sign_in(make_person("guichet", "saisie"))
    assert [
        client.get(u).status_code
        for u in ("/planification/", f"/planification/{one.pk}/", f"/planification/{one.pk}/version/")
    ] == [403] * 3


def test_who_reads_does_not_edit(election, money, sign_in):
    one = small(election, "A 5 cd")
    client = sign_in(money)
    assert client.get(f"/planification/{one.pk}/").status_code == 200
    assert client.post(f"/planification/{one.pk}/", {"act": "undo"}).status_code == 403


def test_an_old_tab_neither_overwrites_an_activity_nor_submits_what_it_did_not_show(draft, planner, client, sign_in):
    sign_in(planner)
    here = f"/planification/{draft.pk}/"
    old, page = seen(client, f"{here}?a=L02"), seen(client, f"{here}version/")
    saved = {"act": "save", "code": "L02", "name_fr": "Revue", "optimistic": "9", "likely": "20", "pessimistic": "41", "unit": "wd"}  # fmt: skip
    assert client.post(here, saved | old).status_code == 302
    again = client.post(here, saved | {"likely": "30"} | old)
    assert "PEO-212" in again.content.decode() and draft.activities.get(code="L02").likely == 20
    for mark in (page, {"seen": ""}, {}):
        answer = client.post(f"{here}version/", {"act": "submit", "reason": "prête"} | mark)
        assert "PEO-212" in answer.content.decode()
    assert PlanVersion.objects.get().state == "draft"


def test_a_plan_without_a_legal_date_does_not_say_that_all_are_kept(election, planner, sign_in):
    one = small(election, "A 5 cd", "B 2 cd A")
    page = sign_in(planner).get(f"/planification/{one.pk}/").content.decode()
    assert "aucune date légale : rien n’est vérifié" in page and "sont tenues" not in page


@pytest.mark.parametrize("sent", [
    {"act": "split", "code": "L03", "days": "30"}, {"act": "shift", "code": "L03", "days": "1"}, {"act": "remove", "code": "L03"},
    {"act": "link", "pred": "P01", "succ": "L03"}, {"act": "unlink", "pred": "L02", "succ": "L03"},
    {"act": "paste", "table": "id\tdur_likely\tdur_unit\nX01\t3\tcd\n"},
])  # fmt: skip
def test_each_act_of_the_workshop_is_on_what_its_page_showed(draft, planner, client, sign_in, sent):
    sign_in(planner)
    here = f"/planification/{draft.pk}/"
    shown = seen(client, here if sent["act"] == "paste" else f"{here}?a=L03")
    editing.change(version=draft, code="L03", new={"dur_pessimistic": "181"}, by=planner)
    now = content.sha256(draft)
    for mark in (shown, {"seen": ""}, {}):
        assert "PEO-212" in client.post(here, sent | mark).content.decode()
    assert content.sha256(draft) == now
    fresh = seen(client, here if sent["act"] == "paste" else f"{here}?a=L03")
    assert client.post(here, sent | fresh).status_code == 302 and content.sha256(draft) != now


def test_a_long_name_stays_on_one_line_and_is_whole_in_its_tooltip(draft, planner, sign_in):
    page = sign_in(planner).get(f"/planification/{draft.pk}/").content.decode()
    name = draft.activities.get(code="L02").name_fr
    assert len(name) > 60 and f'title="{html.escape(name)}"' in page


def test_an_old_page_sent_again_as_it_comes_back_takes_nothing_from_another(election, planner, sign_in):
    one = small(election, "A 5 cd", "B 2 cd A")
    client, here = sign_in(planner), f"/planification/{one.pk}/?a=A"
    stamp = mark_of(content.sheet(one), "A")
    editing.change(version=one, code="A", new={"dur_likely": "9", "dur_optimistic": "9", "dur_pessimistic": "9"}, by=planner)
    mine = {"csrfmiddlewaretoken": "t", "act": "save", "code": "A", "seen": stamp, "name_fr": "Activité A", "optimistic": "5", "likely": "5", "pessimistic": "5", "unit": "cd", "owner": "MATD"}  # fmt: skip
    answer = client.post(f"/planification/{one.pk}/", mine, headers={"referer": f"http://testserver{here}"})
    back = answer.content.decode()
    assert answer.status_code == 409 and "PEO-212" in back and 'id="refused"' in back
    likely = re.search(r'<input[^>]*name="likely"[^>]*>', back)[0]
    assert 'value="9"' in likely and "cases vides" in back
    assert 'value="MATD"' in re.search(r'<input[^>]*name="owner"[^>]*>', back)[0]
