"""The demonstration of the Court is alive for those who are not of it: each finds something that waits."""

from __future__ import annotations

import pytest

from kalata.disputes import demonstration_first, demonstration_people
from kalata.disputes.models import BenchMember, Petition
from kalata.disputes.queries import offices, portal, waiting
from kalata.disputes.services import assigning, counters, intake
from kalata.people.models import Person
from tests.disputes.bench_stage import bench

pytestmark = pytest.mark.django_db
NAMES = {"partie": "partie", "greffe": "greffe", "presidence-cour": "presidence", "liaison-cour": "liaison", "recensement-cour": "recensement"}  # fmt: skip


class Cast:
    def __init__(self, court, contest):
        self.court, self.contest = court, contest
        self.piece = intake.keep(b"une page", name="p.txt", by=court.registrar)

    def __getitem__(self, name):
        return self.court.who(NAMES[name])


def test_a_party_the_liaison_the_registry_and_a_clerk_find_something_that_waits(court, counted, settings, tmp_path):
    settings.COUNTER_KEYS = tmp_path / "counters"
    cast = Cast(court, counted)
    counters.open_roll(contest=counted, short="R1", year=2026, by=court.registrar)
    bench()
    answered, asked = (court.case(state=s, roll=False).petition for s in ("instruction", "served"))
    assigning.give(petition=answered, member=BenchMember.objects.get(code="j2"), why="exercice", by=court.president)
    demonstration_people.bring_in(cast, answered, asked)
    lawyer = cast["partie"]
    assert waiting.of_party(lawyer) == 1 and portal.drafts(lawyer).count() == 1
    assert set(portal.own(lawyer)) == {answered, Petition.objects.get(channel="web", state="received")}
    assert waiting.of_liaison(cast["liaison-cour"]) == 1
    assert waiting.of_registry(court.registrar)["mandates"] == 1
    assert waiting.of_counter_of_votes(cast["recensement-cour"]) == (counted.code, 4)


def test_each_person_of_first_instance_finds_something_that_waits_and_the_appeal_names_its_decision(court, contest, settings, tmp_path):
    settings.COUNTER_KEYS = tmp_path / "counters"
    counters.open_roll(contest=contest, short="R1", year=2026, by=court.registrar)
    cases = demonstration_first.load(Cast(court, contest))
    assert cases[-1].appeal_of == cases[-2] and cases[-1].office.body == "civil_judge"
    who = {p.username: offices.waiting(p) for p in Person.objects.filter(username__startswith="commission-")}
    assert who["commission-greffe"]["enrol"] == 1 and who["commission-membre-2"]["vote"] == 1 and who["commission-membre"]["vote"] == 0
    assert who["commission-presidence"] == {"enrol": 0, "vote": 1, "sign": 1}
