"""A crowd reads pages drawn once: what is kept is everybody's, never older than the figures, never somebody's own."""

import re
import threading
from types import SimpleNamespace
from unittest import mock

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from kalata.country.models import Contest
from kalata.ledger.locks import lifted
from kalata.results.queries import published as told
from kalata.results.views import contests as views
from kalata.ui import crowd

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([A-Za-z0-9]{64})"')


@pytest.fixture
def drawn(monkeypatch, settings):
    """How often the page of the whole was drawn, in a house that keeps its pages."""
    settings.MICRO_CACHE = 30
    crowd.forget()
    times = []
    real = views.contest

    def counted(request, code):
        times.append(code)
        return real(request, code)

    from kalata.results import urls

    pattern = next(p for p in urls.urlpatterns if p.name == "contest")
    monkeypatch.setattr(pattern, "callback", counted)
    yield times
    crowd.forget()


@pytest.fixture
def page(published):
    return f"/resultats/{published.code}/"


def changed(contest, **values):
    with lifted():
        Contest.objects.filter(pk=contest.pk).update(**values)


@pytest.mark.django_db
def test_a_page_asked_twice_is_drawn_once_and_each_reader_has_a_token_of_his_own(page, drawn):
    one, two = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    first, second = one.get(page), two.get(page)
    assert drawn == [page.split("/")[2]] and first.status_code == second.status_code == 200
    plain = [TOKEN.sub("-", a.content.decode()) for a in (first, second)]
    assert plain[0] == plain[1] and first["X-Frame-Options"] == second["X-Frame-Options"] == "DENY"
    assert "Cookie" in second["Vary"] and second["Cache-Control"] == "private, no-cache"
    tokens = [TOKEN.search(a.content.decode())[1] for a in (first, second)]
    assert tokens[0] != tokens[1] and crowd.MARK not in second.content
    assert two.post("/apparence/", {"theme": "dark", "csrfmiddlewaretoken": tokens[1]}).status_code == 302
    assert two.post("/apparence/", {"theme": "dark", "csrfmiddlewaretoken": tokens[0]}).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["revision", "register_revision"])
def test_a_page_is_drawn_anew_as_soon_as_a_contest_changes(page, published, drawn, what):
    client = Client()
    client.get(page)
    changed(published, **{what: getattr(published, what) + 1})
    client.get(page)
    client.get(page)
    assert len(drawn) == 2


@pytest.mark.django_db
def test_what_is_withdrawn_is_gone_at_once(page, published, drawn):
    client = Client()
    assert client.get(page).status_code == 200
    changed(published, published_at=None)
    assert client.get(page).status_code == 404


@pytest.mark.django_db
def test_a_page_is_kept_as_long_as_the_setting_says_and_no_longer(page, drawn, monkeypatch):
    at = [1_000.0]
    monkeypatch.setattr(crowd.time, "monotonic", lambda: at[0])
    client = Client()
    for now, times in ((1_000.0, 1), (1_029.9, 1), (1_030.0, 2)):
        at[0] = now
        client.get(page)
        assert len(drawn) == times


@pytest.mark.django_db
def test_nobody_signed_in_is_given_a_kept_page_and_theirs_is_kept_for_nobody(page, drawn, sign_in, supervisor):
    client = sign_in(supervisor)
    mine = client.get(page)
    assert "no-store" in mine["Cache-Control"] and not crowd._kept
    Client().get(page)
    again = client.get(page)
    assert len(drawn) == 3 and supervisor.full_name in again.content.decode()
    assert supervisor.full_name not in Client().get(page).content.decode()


@pytest.mark.django_db
def test_who_has_the_page_is_told_so_and_who_has_another_s_is_given_it(page, published, drawn):
    client = Client()
    tag = client.get(page)["ETag"]
    tag = client.get(page)["ETag"]  # with the cookie that the first answer gave
    kept = client.get(page, headers={"if-none-match": tag})
    assert kept.status_code == 304 and not kept.content and kept["ETag"] == tag
    assert Client().get(page, headers={"if-none-match": tag}).status_code == 200
    changed(published, revision=published.revision + 1)
    Contest.objects.filter(pk=published.pk).update(name_fr="Un autre nom")
    assert client.get(page, headers={"if-none-match": tag}).status_code == 200


@pytest.mark.django_db
def test_languages_tastes_questions_and_names_of_the_house_are_kept_apart(page, drawn, settings):
    client = Client()
    client.get(page)
    client.get(page, {"carte": "participation"})
    english = client.get(page, headers={"accept-language": "en"}).content.decode()
    assert '<html lang="en"' in english and '<html lang="fr"' in client.get(page).content.decode()
    client.cookies["theme"] = "dark"
    client.get(page)
    client.get(page, headers={"host": "other.example"})
    assert len(drawn) == 5
    client.cookies["unknown"] = "1"
    client.get(page)
    assert len(drawn) == 6


@pytest.mark.django_db
def test_files_and_desks_are_not_kept(published, drawn):
    client = Client()
    for address in ("/resultats/gerer/", f"/resultats/{published.code}/donnees/bureaux.csv", "/"):
        client.get(address)
    assert not crowd._kept


def test_a_database_that_does_not_answer_leaves_the_fault_to_the_page(monkeypatch, settings):
    settings.MICRO_CACHE = 30
    monkeypatch.setattr(told, "mark", mock.Mock(side_effect=OperationalError("disk I/O error")))
    house = crowd.CrowdMiddleware(lambda request: HttpResponse("le refus", status=503))
    assert house(RequestFactory().get("/resultats/pres/")).status_code == 503
    assert not crowd._kept


def test_a_crowd_that_comes_at_once_has_the_page_drawn_once(monkeypatch, settings):
    settings.MICRO_CACHE = 30
    crowd.forget()
    monkeypatch.setattr(told, "mark", lambda: [(1, 1, 1, None)])
    arrived, go, drawings = threading.Barrier(9), threading.Event(), []

    def draw(request):
        drawings.append(1)
        assert go.wait(20)
        return HttpResponse("la page")

    house, found = crowd.CrowdMiddleware(draw), []

    def come():
        request = RequestFactory().get("/resultats/pres/")
        arrived.wait(20)
        found.append(house(request).content)

    readers = [threading.Thread(target=come) for _n in range(8)]
    for one in readers:
        one.start()
    arrived.wait(20)
    go.set()
    for one in readers:
        one.join(20)
    assert drawings == [1] and found == [b"la page"] * 8
    assert not crowd._drawing
    crowd.forget()


@pytest.mark.parametrize(
    "odd",
    [
        {"status_code": 404},
        {"cookies": {"a": 1}},
        {"content": b"x" * (crowd.LARGEST + 1)},
        {"streaming": True},
        {"type": "text/csv"},
        {"cached": True},
    ],
)
def test_what_is_no_whole_page_for_everybody_is_not_kept(odd, settings):
    settings.MICRO_CACHE = 30
    plain = {"status_code": 200, "cookies": {}, "content": b"x" * crowd.LARGEST, "streaming": False}
    kind = odd.get("type", "text/html; charset=utf-8")
    answer = {**plain, **odd, "get": lambda name, default="": kind, "has_header": lambda name: "cached" in odd, "items": list}  # fmt: skip
    assert crowd.kept(SimpleNamespace(**answer), []) is None
    good = {**answer, **plain, "get": lambda name, default="": "text/html", "has_header": lambda name: False}
    assert crowd.kept(SimpleNamespace(**good), []) is not None
