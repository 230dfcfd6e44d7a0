"""The plan while it is done, in a page: what is late, who says what, each in their own territory, on what they read."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from kalata.country.models import Unit
from kalata.people.rules.approval import Decision
from kalata.people.services import decide_approval
from kalata.planning.models import Progress
from kalata.planning.services import approving, odds
from tests.conftest import make_person
from tests.planning.conftest import small

pytestmark = pytest.mark.django_db
HERE = "/planification/avancement/"


@pytest.fixture
def running(election, planner, money, committee, monkeypatch):
    """A plan that began a month ago, approved: A is over by now, B is to be going on, C is to come."""
    monkeypatch.setattr(odds, "ask", lambda **_: None)
    day = timezone.localdate()
    one = small(election, "A 10 cd", "B 40 cd A", "C 9 cd B", t0=day - timedelta(days=30), j1=day + timedelta(days=200))
    approving.submit(version=one, reason="prête", by=planner)
    asked = approving.endorse(version=one, reason="vu", by=money)
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=committee)
    return one


def text(client, address):
    return re.sub(r"\s+", " ", client.get(address).content.decode().replace("\u202f", " ").replace("\xa0", " "))


def say(client, plan, code, percent, **more):
    page = client.get(HERE, {"a": code, "show": "all"}).content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)[1]
    return client.post(
        HERE,
        {
            "act": "say",
            "plan": plan.code,
            "code": code,
            "on": str(timezone.localdate()),
            "percent": percent,
            "seen": seen,
        }
        | more,
    )


def test_without_an_approved_plan_nothing_is_followed(draft, planner, sign_in):
    assert "rien à suivre" in text(sign_in(planner), HERE)


def test_what_is_late_is_listed_and_on_the_front_page_until_somebody_says_it_is_done(running, sign_in):
    client = sign_in(make_person("chef", "chef-unite"))
    page = text(client, HERE)
    assert "2 activités sont en retard" in page and "21 jours, à finir" in page and "20 jours, à commencer" in page
    assert "2 activités en retard" in text(client, "/")
    assert say(client, running.plan, "A", 100).status_code == 302
    assert say(client, running.plan, "B", 5).status_code == 302
    page = text(client, HERE)
    assert "Aucune activité n’est en retard" in page and "activités en retard" not in text(client, "/")
    assert text(client, HERE + "?show=all").count("100 %") == 1


def test_who_says_on_an_old_page_is_told_that_another_has_spoken(running, client, sign_in):
    first = sign_in(make_person("chef", "chef-unite"))
    page = first.get(HERE, {"a": "A"}).content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)[1]
    say(first, running.plan, "A", 60)
    sent = {"act": "say", "plan": running.plan.code, "code": "A", "on": str(timezone.localdate()), "percent": 40}
    for mark in ({"seen": seen}, {}):
        assert "PEO-212" in first.post(HERE, sent | mark).content.decode()
    assert Progress.objects.get().percent == 60


def test_a_coordinator_speaks_of_their_own_territory_and_reads_no_other(running, sign_in):
    here, there = Unit.objects.filter(geography__code="ml-2015", level=1).order_by("name")[:2]
    chief = make_person("chef", "chef-unite")
    assert say(sign_in(chief), running.plan, "A", 50, unit=there.pk).status_code == 302
    client = sign_in(make_person("coordo", "coordination-region", unit=here))
    assert say(client, running.plan, "A", 30).status_code == 302
    assert Progress.objects.latest("pk").unit == here
    assert say(client, running.plan, "A", 30, unit=there.pk).status_code == 403
    page = text(client, HERE + "?show=all&a=A")
    assert here.name in page and f"{there.name} : 50" not in page and "pas dit" in page


def test_a_percent_beyond_the_whole_and_a_day_to_come_are_refused(running, sign_in):
    client = sign_in(make_person("chef", "chef-unite"))
    assert say(client, running.plan, "A", 101).status_code == 422
    assert (
        "PLN-218"
        in say(client, running.plan, "A", 10, started=str(timezone.localdate() + timedelta(days=1))).content.decode()
    )
    assert not Progress.objects.exists()


def test_who_reads_plans_and_does_nothing_sees_no_box(running, money, sign_in):
    client = sign_in(money)
    assert 'value="say"' not in text(client, HERE + "?a=A&show=all")
    assert client.post(HERE, {"act": "say"}).status_code == 403


def test_the_end_that_what_was_said_makes_likely_and_the_cost_by_what_was_paid_are_read(running, sign_in, planner, monkeypatch):
    from kalata.planning.queries import progress

    client = sign_in(planner)
    page = text(client, HERE)
    # nobody said anything: A of 10 days begins today, 30 days after the plan's first day
    assert "Fin prévisible du plan" in page and "30 jours après la version approuvée" in page and "plutôt le" in page
    assert "rien n’est payé à ce jour" in page and "aucun paiement n’est inscrit" not in page
    monkeypatch.setattr(progress, "paid", lambda plan: 1_000)
    page = text(client, HERE)
    assert "Coût réel : payé à ce jour</dt><dd>1 000</dd>" in page and "Coût final, si coût et retard continuent</dt><dd>non calculable" in page
    speaker = sign_in(make_person("chef", "coordination-region", unit=Unit.objects.get(code="ML-KAY", geography=running.plan.election.geography)))
    assert "lus par qui lit les plans" in text(speaker, HERE)
