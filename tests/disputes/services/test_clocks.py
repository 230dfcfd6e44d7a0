"""The clocks of a case run from its receipt: one a ground, one for the Court; nothing but the law and its facts moves them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from kalata.deadlines import services as deadlines
from kalata.disputes.commands.law import norms_of
from kalata.disputes.models import Clock, Petition
from kalata.disputes.queries import notified
from kalata.disputes.rules import deciding
from kalata.disputes.rules.facts import facts_from
from kalata.disputes.services import clocks, correcting, counters, docketing, intake, merging, overriding
from kalata.disputes.services.clocks import verdict_of
from kalata.people.models import Approval
from tests.disputes.desk import filing, open_court, received
from tests.disputes.desk import own_keys as own_keys
from tests.disputes.offline import Laptop

pytestmark = pytest.mark.django_db
EVENING = datetime(2027, 3, 8, 23, 59, tzinfo=UTC)  # a minute before midnight in Bamako


@pytest.fixture
def court(contest):
    return open_court(contest)


@pytest.fixture
def clock(monkeypatch):
    class Now:
        at = EVENING

    monkeypatch.setattr(intake.timezone, "now", lambda: Now.at)
    return Now


@pytest.fixture
def told(contest, supervisor, clock):
    """The poll of 7 March 2027; the provisional results told on the 7th at midnight, forty-eight hours before the evening's end."""
    one = deadlines.open_calendar(election=contest.election, family="presidential", rounds=2, by=supervisor)
    for kind, at in (("VOTE", None), ("PROV_RESULTS", time(23, 58))):
        deadlines.record_fact(calendar=one, type_=kind, round_=1, day=date(2027, 3, 6), at=at, standing="actual", document="PV", by=supervisor)  # fmt: skip
    return one


def filing_clock(petition):
    return Clock.objects.get(petition=petition, kind="filing", stopped_at=None)


def test_the_clock_of_each_ground_starts_at_the_counter_with_every_reading_and_its_consequence(contest, court, told, clock):  # fmt: skip
    who, counter = court
    clock.at = EVENING - timedelta(minutes=1)
    found = filing_clock(received(contest, counter, who["clerk"]))
    assert (found.limit, found.verdict) == ("2027-03-08T23:58", "in_time")
    assert {r["consequence"] for r in found.readings} == {"time_barred"}


@pytest.mark.parametrize("zone", ["Africa/Bamako", "Pacific/Kiritimati", "America/New_York"])
def test_an_evening_filing_is_of_its_evening_and_its_limit_of_that_minute_in_every_zone(contest, court, told, clock, zone):  # fmt: skip
    """Evening filings dated next day, receipts stamped 12:00 am: neither the day nor the verdict follows the machine."""
    who, counter = court
    with timezone.override(zone):
        late = received(contest, counter, who["clerk"])
        assert (filing_clock(late).verdict, filing_clock(late).limit) == ("late", "2027-03-08T23:58")
        clock.at = EVENING + timedelta(days=30)
        correcting.correct(petition_id=late.pk, by=who["registrar"], why="capacité précisée", capacity="party")
        docketing.advance(ids=[late.pk], to=docketing.State.DOCKETED, by=who["registrar"])
    again = Petition.objects.get(pk=late.pk)
    assert again.received_at == EVENING and filing_clock(again).verdict == "late"
    assert Clock.objects.filter(petition=late, kind="filing").count() == 1


def test_what_the_calendar_learns_later_gives_another_clock_beside_the_first(contest, court, clock, supervisor):
    who, counter = court
    one = received(contest, counter, who["clerk"])
    assert (filing_clock(one).limit, filing_clock(one).verdict) == ("", "")  # no event is known: nothing is guessed
    calendar = deadlines.open_calendar(election=contest.election, family="presidential", rounds=2, by=supervisor)
    deadlines.record_fact(calendar=calendar, type_="PROV_RESULTS", round_=1, day=date(2027, 3, 8), at=time(20, 0), standing="actual", document="PV", by=supervisor)  # fmt: skip
    clocks.count_again()
    assert filing_clock(one).verdict == "in_time" and filing_clock(one).limit == "2027-03-10T20:00"
    assert Clock.objects.filter(petition=one, kind="filing").exclude(stopped_at=None).count() == 1
    before = Clock.objects.count()
    clocks.count_again()
    assert Clock.objects.count() == before


def test_a_petition_that_came_in_a_bundle_has_its_clocks_from_its_own_instant(contest, court, told, tmp_path, clock):
    who, _counter = court
    laptop = Laptop("MPT1")
    counters.open_counter(code="MPT1", name="Préfecture de Mopti", by=who["registrar"], key=laptop.key)
    laptop.receive(EVENING - timedelta(minutes=1), filing())
    clock.at = EVENING + timedelta(days=3)
    merging.merge(file=laptop.bundle(tmp_path / "lot.zip"), by=who["registrar"])
    assert clocks.start_waiting() == 1 and clocks.start_waiting() == 0
    assert Clock.objects.get(kind="filing").verdict == "in_time"


# --- the Court's own limit -----------------------------------------------------------------------
def test_a_law_without_a_figure_gives_a_limit_without_an_hour_and_no_check_rests_on_it(contest, court, told, clock):
    who, counter = court
    one = received(contest, counter, who["clerk"])
    own = Clock.objects.get(petition=one, kind="decision")
    assert (own.limit, own.bound, own.readings, own.about) == ("", None, [], "ML-GAP-COURT-DECISION")
    assert notified.deciding([one], "Africa/Bamako") == {"limit": None, "readings": []}


@pytest.mark.parametrize(
    ("pack", "contest_", "limit"),
    [("sn", "presidential", "2026-03-14T24:00"), ("ci", "legislative", "2026-03-15T24:00"), ("ke", "presidential", "2026-03-22T24:00")],
)  # fmt: skip
def test_the_limit_to_decide_runs_from_the_receipt_as_the_law_of_each_country_counts(pack, contest_, limit):
    norms = norms_of(pack)
    raw = {
        "id": "a1", "contest": contest_, "round": 1, "body": "constitutional_council", "received": "2026-03-08T10:00", "events": {},
        "capacity": "candidate", "form": {}, "grounds": [{"ground": "g1", "about": "results", "stations": [], "evidence": 0}],
    }  # fmt: skip
    (found,) = deciding.limits_of(facts_from(raw, norms), norms)
    assert found.default is not None and found.default.deadline.iso() == limit


def test_an_override_decides_alone_with_its_basis_and_counting_again_leaves_it(contest, court, told, clock):
    who, counter = court
    one = received(contest, counter, who["clerk"])
    own = Clock.objects.get(petition=one, kind="decision")
    Clock.objects.filter(pk=own.pk).update(
        limit="2027-03-13T24:00", readings=[{"rule": "FRANC", "deadline": "2027-03-14T24:00"}, {"rule": "CALENDAR_EXCL_START", "deadline": "2027-03-13T24:00", "default": True}],
    )  # fmt: skip
    asked = overriding.ask(
        petition_id=one.pk, clock_id=own.pk, value="2027-03-20T24:00", authority="Cour", document="Ordonnance 12",
        decided=date(2027, 3, 9), reason="pluies", by=who["registrar"],
    )  # fmt: skip
    overriding.carry_out(Approval.objects.get(pk=asked.pk), who["president"])
    clocks.count_again()
    said = notified.deciding([one], "Africa/Bamako")
    assert said["limit"] == "2027-03-20T24:00" and [r["rule"] for r in said["readings"]] == ["OVERRIDE"]
    assert said["overridden_by"][0]["document"] == "Ordonnance 12"


@pytest.mark.parametrize(
    ("at", "verdict"),
    [("2027-03-13T23:59:59", "in_time"), ("2027-03-14T00:00:00", "undetermined"), ("2027-03-15T00:00:00", "late")],
)
def test_a_decision_is_in_time_or_late_under_every_reading_and_undetermined_between(at, verdict):
    clock = Clock(readings=[{"rule": "A", "deadline": "2027-03-13T24:00"}, {"rule": "B", "deadline": "2027-03-14T24:00"}])  # fmt: skip
    assert verdict_of(clock, datetime.fromisoformat(at).replace(tzinfo=UTC), "Africa/Bamako") == verdict
