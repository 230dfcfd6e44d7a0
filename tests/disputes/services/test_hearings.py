"""Hearings: public a day before, held after they began, with minutes, who was there and the hash of the recording."""

from datetime import UTC, datetime, timedelta

import pytest

from kalata.disputes.models import Hearing, HearingPresence
from kalata.disputes.queries import bench as queries
from kalata.disputes.rules.bench import NoQuorum
from kalata.disputes.services import hearings
from tests.disputes.bench_stage import bench, case

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 4, 20, 9, 0, tzinfo=UTC)
AT = NOW + timedelta(hours=24)


@pytest.fixture
def members(contest):
    return bench(key=False)


@pytest.fixture
def fixed(contest, members):
    def make(*petitions, at=AT, **more):
        cases = petitions or (case(contest, state="ready"),)
        return hearings.fix(
            contest=contest, starts_at=at, place="Salle 1", petitions=cases, by=members[0].person, **more
        )

    return make


def test_the_list_is_public_from_a_day_before_to_the_second_and_not_later(fixed, registrar):
    one = fixed()
    with pytest.raises(hearings.TooSoon):
        hearings.publish_list(hearing=one, by=registrar, now=NOW + timedelta(seconds=1))
    assert not queries.hearings(public=True)
    hearings.publish_list(hearing=one, by=registrar, now=NOW)
    assert list(queries.hearings(public=True)) == [one]


def test_a_case_that_is_not_ready_or_a_bench_that_could_not_sit_fixes_no_hearing(contest, fixed, members, registrar):
    with pytest.raises(hearings.NotReady):
        fixed(case(contest, 2, state="instruction"))
    from kalata.disputes.services.members import note_absence

    note_absence(member=members[3], first=AT.date(), last=AT.date(), why="mission", by=registrar)
    with pytest.raises(NoQuorum):
        fixed(case(contest, 3, state="ready"))
    assert not Hearing.objects.exists()
    assert fixed(case(contest, 4, state="ready"), at=AT + timedelta(days=1)).entries.count() == 1


def test_it_is_held_once_after_it_began_with_minutes_and_the_hash_of_the_recording(fixed, members, registrar):
    one = fixed()
    party = one.entries.get().petition.parties.get()
    said = {
        "minutes": "ouverte à 9 h",
        "audio": "ab" * 32,
        "members": members,
        "parties": {party: "son conseil"},
        "by": registrar,
    }
    with pytest.raises(hearings.NotListed):
        hearings.hold(hearing=one, now=AT, **said)
    hearings.publish_list(hearing=one, by=registrar, now=NOW)
    with pytest.raises(hearings.NotListed):
        hearings.hold(hearing=one, now=AT - timedelta(seconds=1), **said)
    with pytest.raises(hearings.BadHash):
        hearings.hold(hearing=one, now=AT, **(said | {"audio": "ab" * 31}))
    hearings.hold(hearing=one, now=AT, **said)
    assert HearingPresence.objects.count() == 6
    with pytest.raises(hearings.Held):
        hearings.hold(hearing=one, now=AT, **said)
