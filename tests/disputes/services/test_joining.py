"""Joined, each case keeps its number, its clocks and its outcome; severed, it goes on where it was."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kalata.disputes.models import Clock, Petition
from kalata.disputes.rules import joinder
from kalata.disputes.rules.service import Term
from kalata.disputes.rules.steps import State
from kalata.disputes.services import docketing
from kalata.refusals import Forbidden, Refused
from tests.disputes.services.test_serving import bring, communicated, of

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(court):
    return court.case(state="served", ago=timedelta(days=2)), court.case(state="served", ago=timedelta(days=1))


def again(case):
    return Petition.objects.get(pk=case.petition.pk)


def clocks(case):
    return list(Clock.objects.filter(petition=case.petition).order_by("pk").values_list("party", "limit", "stopped_at"))


def test_the_earliest_leads_and_each_keeps_its_number_and_its_clocks(court, two):
    lead, other = two
    paper = communicated(court, other)
    bring(court, of(paper, other.authority), exhibit_id=other.piece.pk)
    before, number = clocks(other), other.petition.number
    docketing.join(ids=[other.petition.pk, lead.petition.pk], why="mêmes bureaux", by=court.registrar)
    joined = again(other)
    assert (joined.state, joined.lead_id, joined.number) == ("joined", lead.petition.pk, number)
    assert again(lead).state == "served"
    assert clocks(other) == before


def test_severed_it_goes_on_where_it_was_with_its_own_clocks(court, two):
    lead, other = two
    docketing.join(ids=[lead.petition.pk, other.petition.pk], why="mêmes bureaux", by=court.registrar)
    order = communicated(court, lead, kind="order", title="Ordonnance", term=Term("2027-31", 12))
    main = order.services.get(party=lead.authority)
    bring(court, main, exhibit_id=lead.piece.pk)
    kept = clocks(other)
    assert len(kept) == 1
    severed = docketing.sever(petition_id=other.petition.pk, why="griefs distincts", by=court.registrar)
    assert (severed.state, severed.lead_id) == ("served", None)
    assert clocks(other) == kept
    late = communicated(court, lead, kind="order", title="Ordonnance 2", term=Term("2027-32", 12))
    assert not late.services.filter(party__petition=other.petition).exists()


def test_a_case_that_leads_goes_on_leading_and_takes_another(court, two):
    lead, other = two
    third = court.case(state="served", ago=timedelta(hours=3))
    docketing.join(ids=[lead.petition.pk, other.petition.pk], why="a", by=court.registrar)
    docketing.join(ids=[third.petition.pk, lead.petition.pk], why="b", by=court.registrar)
    assert again(third).lead_id == lead.petition.pk
    with pytest.raises(joinder.NotTogether):
        docketing.join(ids=[other.petition.pk, third.petition.pk], why="c", by=court.registrar)


def test_what_cannot_be_joined_changes_nothing(court, two):
    lead, other = two
    closed = court.case(state="signed", ago=timedelta(hours=1))
    with pytest.raises(joinder.NotTogether):
        docketing.join(ids=[lead.petition.pk, other.petition.pk, closed.petition.pk], why="x", by=court.registrar)
    with pytest.raises(Refused):
        docketing.join(ids=[lead.petition.pk, other.petition.pk], why=" ", by=court.registrar)
    assert again(other).lead_id is None


def test_a_case_in_no_group_is_not_severed(court, two):
    with pytest.raises(joinder.NotJoined):
        docketing.sever(petition_id=two[0].petition.pk, why="x", by=court.registrar)


@pytest.mark.parametrize("role", ["guichet", "partie", "liaison", "juge"])
def test_joinder_is_the_registry_s(court, two, role):
    with pytest.raises(Forbidden):
        docketing.join(ids=[c.petition.pk for c in two], why="x", by=court.who(role))


def test_several_are_enrolled_at_once_or_none(court):
    good, bad = court.case(state="received"), court.case(state="received", roll=False)
    with pytest.raises(Refused) as refused:
        docketing.advance(ids=[good.petition.pk, bad.petition.pk], to=State.DOCKETED, by=court.registrar)
    assert refused.value.code == "DIS-107"
    assert again(good).state == "received"
    docketing.advance(ids=[good.petition.pk], to=State.DOCKETED, by=court.registrar)
    assert again(good).state == "docketed"


def test_stations_of_the_grounds_are_what_joinder_sees(court, counted):
    from kalata.country.models import Station

    station = Station.objects.filter(contest=court.contest).first()
    one, two = court.case(stations=[station]), court.case(stations=[station])
    [found] = joinder.proposals(docketing.as_joined([one.petition, two.petition]))
    assert joinder.Ties.STATIONS in found.ties
    assert found.lead.key == one.petition.pk or found.lead.key == two.petition.pk
