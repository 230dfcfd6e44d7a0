"""The checklist by article and the clocks of the grounds: a draft with every reading; a refusal takes two persons."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from kalata.deadlines import services as deadlines
from kalata.disputes.models import Checklist, Clock
from kalata.disputes.rules.steps import SameRefuser, State
from kalata.disputes.services import checking, docketing
from kalata.disputes.services.steps import move
from kalata.refusals import Refused
from tests.conftest import holds_only, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def voted(contest, supervisor):
    """The poll was held, and the provisional results told yesterday at eight in the evening."""
    one = deadlines.open_calendar(election=contest.election, family="presidential", rounds=2, by=supervisor)
    day = timezone.localdate() - timedelta(days=1)
    for kind, when, at in (("VOTE", day - timedelta(days=4), None), ("PROV_RESULTS", day, time(20, 0))):
        deadlines.record_fact(
            calendar=one, type_=kind, round_=1, day=when, at=at, standing="actual", document="PV", by=supervisor
        )
    return datetime.combine(day, time(20, 0), timezone.get_current_timezone())


def test_each_ground_has_one_clock_with_every_reading(court, voted):
    case = court.case(state="received", ago=timedelta(minutes=1))
    docketing.advance(ids=[case.petition.pk], to=State.DOCKETED, by=court.registrar)
    clock = Clock.objects.get(ground=case.ground)
    assert (clock.kind, clock.verdict) == ("filing", "in_time")
    assert [r["rule"] for r in clock.readings if r["default"]] == ["HOURS_FROM_INSTANT"]
    assert clock.bound == voted + timedelta(hours=48, minutes=1)
    case.petition.refresh_from_db()
    assert case.petition.sheet.verdict == "in_time"
    assert case.petition.sheet.next_at is None


def test_without_the_event_nothing_is_guessed(court):
    case = court.case(state="received")
    docketing.advance(ids=[case.petition.pk], to=State.DOCKETED, by=court.registrar)
    clock = Clock.objects.filter(ground=case.ground).first()
    assert clock is None or (clock.verdict, clock.bound) == ("", None)


def test_the_checklist_is_a_draft_by_article_and_rejects_nobody(court, voted):
    case = court.case(state="admissibility", ago=timedelta(minutes=1))
    made = checking.check(petition_id=case.petition.pk, by=court.registrar)
    assert [i["item"] for i in made.said["items"]][:3] == ["competence", "time_limit", "standing"]
    assert all("norms" in i for i in made.said["items"])
    assert made.said["draft_reasons"]["fr"]
    case.petition.refresh_from_db()
    assert case.petition.state == "admissibility"


def test_checked_twice_the_clock_stays_one_a_ground(court, voted):
    case = court.case(state="admissibility", ago=timedelta(minutes=1))
    for _again in range(2):
        checking.check(petition_id=case.petition.pk, by=court.registrar, form={"certified": True})
    assert Checklist.objects.count() == 2
    assert Clock.objects.filter(ground=case.ground).count() == 1


def test_a_refusal_takes_two_persons(court):
    case = court.case(state="admissibility")
    both = holds_only(make_person("les-deux"), "disputes.rapporteur", "disputes.preside")
    move(case.petition, State.INADMISSIBLE, both, why="hors délai sous toute lecture")
    with pytest.raises(SameRefuser) as refused:
        move(case.petition, State.DELIBERATION, both)
    assert refused.value.code == "DIS-214"
    move(case.petition, State.DELIBERATION, court.president)
    assert case.petition.state == "deliberation"


def test_no_jurisdiction_names_the_body_and_takes_two_persons(court):
    case = court.case(state="admissibility")
    both = holds_only(make_person("les-deux"), "disputes.rapporteur", "disputes.preside")
    with pytest.raises(Refused) as refused:
        move(case.petition, State.NO_JURISDICTION, both, why="communale")
    assert refused.value.code == "DIS-111"
    move(case.petition, State.NO_JURISDICTION, both, why="communale", body="tribunal administratif")
    with pytest.raises(SameRefuser):
        move(case.petition, State.DELIBERATION, both)
