"""Where one lands, and what one finds there: what waits first, the state of the election in a sentence, what is late and proved."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kalata.country.models import Contest
from kalata.people import services as people
from kalata.people.adapter import Adapter
from kalata.rooms import Line
from kalata.start import said
from kalata.ui import home, trend
from tests.conftest import make_person

pytestmark = pytest.mark.django_db


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def request_of(rf, person):
    request = rf.get("/")
    request.user = person
    return request


@pytest.fixture
def clerk():
    person = make_person("saisie-x")
    people.give_mandate(person=person, role="saisie")
    return person


def test_who_works_paper_by_paper_lands_at_the_one_queue_that_waits(rf, clerk, supervisor, monkeypatch):
    queue = [Line(300, "kbd", "3 premières saisies à faire", "/resultats/centralisation/pres/saisie/")]
    monkeypatch.setattr(home, "waiting", lambda request: queue)
    assert Adapter().get_login_redirect_url(request_of(rf, clerk)) == queue[0].href
    assert Adapter().get_login_redirect_url(request_of(rf, supervisor)) == "/"
    monkeypatch.setattr(home, "waiting", lambda request: [*queue, Line(300, "img", "x", "/ailleurs/")])
    assert Adapter().get_login_redirect_url(request_of(rf, clerk)) == "/"


def test_the_home_of_a_clerk_is_the_queue_and_no_figure(sign_in, clerk, published, monkeypatch):
    monkeypatch.setattr(home, "waiting", lambda request: [Line(300, "kbd", "3 saisies à faire", "/la-bas/")])
    page = text(sign_in(clerk).get("/"))
    assert "<h1>3 saisies à faire</h1>" in page and 'id="lead" href="/la-bas/"' in page
    assert 'class="cyc"' not in page and "PV comptés" not in page


def test_the_home_of_who_oversees_says_the_state_in_one_sentence_with_figures_and_columns(
    sign_in, supervisor, published
):
    Contest.objects.filter(pk=published.pk).update(polling_day=timezone.localdate() + timedelta(days=34))
    page = text(sign_in(supervisor).get("/"))
    assert "n’a aucun retard connu" in page and "J−34" in page and "PV comptés" in page and 'class="sp"' in page
    for title in ("En retard", "Les sept prochains jours", "Prouvé"):
        assert f">{title}</h2>" in page
    assert 'class="mes"' in page  # a stage with a measure of how far it is


def test_what_is_late_in_another_election_is_no_delay_of_this_one(published):
    day = timezone.localdate() + timedelta(days=3)
    published.polling_day = day
    assert "n’a aucun retard connu" in home.sentence(None, published, 0).text("fr")
    assert "2 retards à lever" in str(home.sentence(None, published, 2))
    said_here = home.sentence(None, published, 0, 2).text("fr")
    assert "aucun retard" not in said_here and "2 retards d’autres votes restent à lever" in said_here
    assert "delays of other votes" in home.sentence(None, published, 0, 2).text("en")


def test_a_contest_that_is_not_public_is_named_to_nobody_who_does_not_work_on_it(contest, supervisor):
    Contest.objects.filter(pk=contest.pk).update(polling_day=timezone.localdate() + timedelta(days=3))
    assert home.nearest(supervisor) == contest and home.nearest(make_person("passant")) is None


def test_a_trend_counts_the_same_rows_at_equal_steps_up_to_now(counted):
    points = trend.counted(Contest.objects.all(), "election__created_at")
    assert len(points) == trend.STEPS and points[-1] == Contest.objects.count() and list(points) == sorted(points)
    assert trend.path((0, 1, 2)) == "M0 22 48 12 96 2" and trend.path((4,)) == ""


def test_start_says_each_step_of_the_first_day_and_where_the_next_gesture_is(pack_version):
    lines = list(said("fr", "http://127.0.0.1:8000"))
    assert any("Pays : Fait" in line for line in lines) and any(
        line.startswith("La suite : étape 4") for line in lines
    )
    assert "http://127.0.0.1:8000/mise-en-service/" in lines[-1]
    assert any("Country : " in line for line in said("en", "x"))
