"""The demonstration of posts, on a small contest: people named, a morning told, a replacement by code."""

import pytest

from kalata.country.models import Election, Station
from kalata.training import demonstration, demonstration_classes, demonstration_posts
from kalata.training.models import (
    Cascade,
    Certificate,
    Enrolment,
    PaymentList,
    Post,
    PostReplacement,
    TrainingClass,
)
from kalata.training.services import procedures
from tests.training.services.test_posts import no_drawing  # noqa: F401

pytestmark = pytest.mark.django_db


def test_the_demonstration_names_people_tells_the_morning_and_replaces_one_by_code(
    contest, settings, tmp_path, monkeypatch
):
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
    settings.BADGE_KEY = tmp_path / "issuer.key"
    settings.BADGE_PASSPHRASE = "demonstration sans valeur"
    monkeypatch.setattr(demonstration_classes, "photographed", lambda *given: None)  # the typesetter is not there
    procedures.import_pack(pack="ml", by=cast["cellule-formation"])
    demonstration_classes.load(cast)
    assert sorted(Cascade.objects.values_list("state", flat=True)) == ["draft", "draft", "published"]
    assert set(TrainingClass.objects.values_list("state", flat=True)) >= {"settled", "held", "planned"}
    assert {c.state for c in Certificate.objects.all()} == {"valid", "revoked"}
    paid = PaymentList.objects.get()
    held = Enrolment.objects.filter(sheet=True, code=True, training_class__state__in=("held", "settled"))
    assert (paid.count, paid.total) == (held.count(), 8000 * held.count())
