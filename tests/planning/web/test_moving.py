"""Another polling day is tried before it is done: what breaks, by which text, what each activity lacks; then moved, once, as it was read."""

import re
from datetime import date

import pytest

from kalata.planning.queries import content
from kalata.planning.queries.moving import trial
from kalata.planning.rules.refusals import DayPassed
from kalata.planning.services import editing, odds, versions
from tests.conftest import make_person

pytestmark = pytest.mark.django_db
SOONER = "2027-03-07"


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode().replace("\u202f", " ").replace("\xa0", " "))


def test_a_sooner_day_names_each_legal_date_it_breaks_and_the_days_each_activity_lacks(draft):
    before = content.sha256(draft)
    tried = trial(draft, date(2027, 3, 7))
    short = {s.code: s for s in tried.shorts}
    assert short["E11"].before == -3 and short["E11"].days == 3 + 91 and "A05" in short["E11"].breaks
    broken = {m.code for m in tried.limits if m.breaks}
    assert "E10" in broken and next(m for m in tried.limits if m.code == "A05").margin < 0
    assert tried.j2 and tried.j2 > tried.j1
    draft.refresh_from_db()
    assert content.sha256(draft) == before and draft.j1 == date(2027, 6, 6)


def test_the_texts_that_do_not_hold_together_are_said_with_the_days_that_lack(draft):
    tried = trial(draft, date(2027, 3, 7))
    said = " ".join(m.text("fr") for m in tried.said)
    assert not tried.feasible and "152" in said and "Constitution" in said and "Il manque 9 jours" in said


def test_a_day_before_the_plan_begins_is_refused(draft):
    with pytest.raises(DayPassed):
        trial(draft, draft.t0)
    assert trial(draft, date(2026, 1, 11)).shorts


def test_the_page_tries_then_moves_what_it_showed(draft, planner, client, sign_in):
    sign_in(planner)
    here = f"/planification/{draft.pk}/scrutin/"
    page = text(client.get(here, {"j1": SOONER}))
    assert (
        "ne seraient pas tenues" in page
        and "E11" in page
        and "Rien n’est enregistré" in page
        and "Chance que tout" not in page
    )
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)[1]
    editing.change(version=draft, code="L02", new={"dur_pessimistic": "41"}, by=planner)
    stale = client.post(here, {"act": "day", "j1": SOONER, "seen": seen})
    draft.refresh_from_db()
    assert "PEO-212" in stale.content.decode() and draft.j1 == date(2027, 6, 6)
    fresh = content.sha256(draft)
    assert client.post(here, {"act": "day", "j1": SOONER, "seen": fresh}).status_code == 302
    draft.refresh_from_db()
    assert draft.j1 == date(2027, 3, 7)


def test_with_draws_the_page_says_the_chance_of_that_day(draft, planner, client, sign_in):
    run = odds.ask(version=draft, by=planner)
    run.refresh_from_db()
    sign_in(planner)
    page = text(client.get(f"/planification/{draft.pk}/scrutin/", {"j1": "2028-07-02"}))
    kept = sum(n for finish, n in run.figures["plain"]["ends"] if finish <= (date(2028, 7, 2) - draft.t0).days + 1)
    assert f"{kept / 100:.1f}".replace(".", ",") + " %" in page


def test_an_approved_plan_is_tried_and_not_moved(draft, planner, client, sign_in):
    client = sign_in(make_person("auditeur", "auditeur"))
    here = f"/planification/{draft.pk}/scrutin/"
    page = text(client.get(here, {"j1": SOONER}))
    assert "ne seraient pas tenues" in page and 'value="day"' not in page
    assert client.post(here, {"act": "day", "j1": SOONER}).status_code == 403
    assert versions.drafted(draft).j1 == date(2027, 6, 6)
