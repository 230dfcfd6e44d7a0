"""The demonstration of posts, on a small contest: people named, a morning told, a replacement by code."""

import pytest

from kalata.country.models import Election, Station
from kalata.training import demonstration, demonstration_posts
from kalata.training.models import Post, PostReplacement
from tests.training.services.test_posts import no_drawing  # noqa: F401

pytestmark = pytest.mark.django_db


def test_the_demonstration_names_people_tells_the_morning_and_replaces_one_by_code(contest):
    Election.objects.filter(pk=contest.election_id).update(code=demonstration_posts.ELECTION, exercise=True)
    unit = contest.stations.first().unit
    Station.objects.bulk_create([Station(contest=contest, code=f"D-{n:02}", code_key=f"D{n:02}", unit=unit, registered=300) for n in range(9)])  # fmt: skip
    cast = {name: demonstration.person(name, role, label) for name, role, label in demonstration.USERS}
    assert "60 personnes nommées" in demonstration_posts.load(cast)
    assert PostReplacement.objects.get().route == "code"
    assert (
        Post.objects.filter(contest=contest, state="confirmed").exists()
        or Post.objects.filter(state="present").exists()
    )
