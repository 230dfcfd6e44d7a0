"""Saved views of a list: a name for its filters, its order and its columns; the owner's, or shared with a role."""

from __future__ import annotations

import html

import pytest
from django.test import Client

from kalata.disputes.services import sheets
from kalata.people.models import SavedView
from kalata.people.saved import services
from kalata.people.saved.services import NotYourRole, NotYours, TooManyViews
from tests.conftest import make_person, with_second_factor

pytestmark = pytest.mark.django_db
ROLE, VIEWS = "/contentieux/role/", "/compte/vues/"


@pytest.fixture
def sign_in():
    """Each person at a browser of their own."""

    def do(person):
        from allauth.mfa.models import Authenticator

        client = Client()
        Authenticator.objects.get_or_create(user_id=person.pk, type="totp", defaults={"data": {"secret": "x"}})
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        with_second_factor(client, person)
        return client

    return do


@pytest.fixture
def registrar(court, sign_in):
    return sign_in(court.registrar)


@pytest.fixture
def second(court):
    return make_person("second-greffe", "greffe")


def text(answer):
    return html.unescape(answer.content.decode())


def kept(client, query="etat=served", name="Mes communiquées", **more):
    return client.post(VIEWS, {"act": "save", "list": "role", "name": name, "query": query, "to": ROLE, **more})


def test_a_view_keeps_the_filters_the_order_and_the_columns_of_the_page(court, registrar):
    served, fresh = court.case(state="served"), court.case(state="received")
    sheets.rank()
    query = "etat=served&tri=-depot&colonnes=petitioner&colonnes=votes"
    assert kept(registrar, query).url == ROLE
    page = text(registrar.get(f"{ROLE}?{query}"))
    assert f'href="?{query}" aria-current="true"' in page
    assert "Voix en jeu" in page.split("<thead>")[1].split("</thead>")[0]
    assert "Dépôt" not in page.split("<thead>")[1].split("</thead>")[0]
    assert served.petition.number in page and f"/{fresh.petition.number}/" not in page


def test_a_view_of_one_s_own_is_seen_by_nobody_else(court, registrar, second, sign_in):
    kept(registrar)
    other = sign_in(second)
    assert "Mes communiquées" not in text(other.get(ROLE))


def test_a_view_shared_with_a_role_is_opened_by_its_holders_and_changed_by_its_owner_alone(
    court, registrar, second, sign_in
):
    kept(registrar, role="greffe")
    view = SavedView.objects.get()
    other, judge = sign_in(second), sign_in(court.rapporteur)
    assert "Mes communiquées" in text(other.get(ROLE))
    assert "Mes communiquées" not in text(judge.get(ROLE))
    assert "PEO-501" in text(other.post(VIEWS, {"act": "drop", "view": view.pk, "to": ROLE}))
    kept(other, "etat=received")
    view.refresh_from_db()
    assert (view.query, SavedView.objects.count()) == ("etat=served", 2)


def test_a_role_that_one_does_not_hold_is_no_one_to_share_with(court):
    with pytest.raises(NotYourRole):
        services.keep_view(listing="role", name="n", query="", role="presidence", by=court.registrar)


def test_the_list_opens_by_itself_as_each_reader_said_and_no_other(court, registrar, second, sign_in):
    served, fresh = court.case(state="served"), court.case(state="received")
    sheets.rank()
    kept(registrar, role="greffe")
    view = SavedView.objects.get()
    other = sign_in(second)
    other.post(VIEWS, {"act": "default", "list": "role", "view": view.pk, "to": ROLE})
    assert f"/{fresh.petition.number}/" not in text(other.get(ROLE))
    assert f"/{fresh.petition.number}/" in text(other.get(f"{ROLE}?vue=toutes"))
    assert f"/{fresh.petition.number}/" in text(sign_in(court.registrar).get(ROLE))
    other = sign_in(second)
    other.post(VIEWS, {"act": "default", "list": "role", "to": ROLE})
    assert f"/{fresh.petition.number}/" in text(other.get(ROLE))
    assert served.petition.number in text(other.get(ROLE))


def test_a_view_gives_no_right_and_another_s_cannot_open_by_itself(court, registrar, sign_in):
    kept(registrar)
    view = SavedView.objects.get()
    with pytest.raises(NotYours):
        services.open_by_itself(listing="role", view_id=view.pk, by=court.rapporteur)
    assert sign_in(court.who("guichet")).get(f"{ROLE}?{view.query}").status_code == 403


def test_a_name_kept_again_replaces_and_there_is_an_end_to_them(court):
    for n in range(services.MOST):
        services.keep_view(listing="role", name=f"v{n}", query="", role="", by=court.registrar)
    services.keep_view(listing="role", name="v0", query="etat=served", role="", by=court.registrar)
    assert SavedView.objects.get(name="v0").query == "etat=served"
    with pytest.raises(TooManyViews):
        services.keep_view(listing="role", name="de trop", query="", role="", by=court.registrar)
    services.drop(view_id=SavedView.objects.get(name="v0").pk, by=court.registrar)
    services.keep_view(listing="role", name="de trop", query="", role="", by=court.registrar)


def test_the_way_back_is_this_house(court, registrar):
    assert kept(registrar, to="https://example.org/").url == "/"


def test_a_view_that_no_longer_reads_says_what_is_left_out(court, registrar):
    kept(registrar, "etat=abolie")
    page = registrar.get(f"{ROLE}?etat=abolie")
    assert page.status_code == 200


def test_cases_that_could_change_the_result_are_asked_for(court, registrar):
    one, two = court.case(state="served"), court.case(state="served")
    sheets.rank()
    one.petition.sheet.__class__.objects.filter(petition=one.petition).update(ceiling="could", votes=12)
    page = text(registrar.get(f"{ROLE}?plafond=could&tri=-enjeu"))
    assert f"/{one.petition.number}/" in page and f"/{two.petition.number}/" not in page
    assert 'href="?plafond=could&tri=-enjeu" aria-current="true">Peut changer un résultat' in page
