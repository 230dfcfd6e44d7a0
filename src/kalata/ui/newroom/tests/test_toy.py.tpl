"""Toy: a record is kept by who may, closed once, and shown to nobody else."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from PACKAGE import queries, services
from PACKAGE.models import Record
from PACKAGE.room import KEEP

from kalata.ledger.models import Act
from kalata.lifecycle import NotFromHere
from kalata.people.models import Mandate, Person
from kalata.refusals import Forbidden

pytestmark = pytest.mark.django_db


def person(name: str, *rights: str) -> Person:
    one = Person.objects.create(username=name, full_name=name.title(), is_active=True, activated_at=timezone.now())
    Mandate.objects.create(person=one, role="essai", rights=list(rights))
    return one


@pytest.fixture
def keeper() -> Person:
    return person("keeper", KEEP)


@pytest.fixture
def stranger() -> Person:
    return person("stranger")


def signed_in(one: Person) -> Client:
    client = Client()
    client.force_login(one, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_what_is_added_and_closed_is_told_to_the_ledger(keeper: Person) -> None:
    services.add(title="Pirogue", by=keeper)
    services.close(record_id=Record.objects.get().pk, by=keeper)
    assert Record.objects.get().state == "closed"
    assert list(Act.objects.filter(kind__startswith="toy.").order_by("pk").values_list("kind", flat=True)) == [
        "toy.added",
        "toy.closed",
    ]


def test_a_record_is_closed_once(keeper: Person) -> None:
    services.add(title="Pirogue", by=keeper)
    services.close(record_id=Record.objects.get().pk, by=keeper)
    with pytest.raises(NotFromHere):
        services.close(record_id=Record.objects.get().pk, by=keeper)


def test_who_holds_no_right_neither_adds_nor_sees(keeper: Person, stranger: Person) -> None:
    services.add(title="Pirogue", by=keeper)
    with pytest.raises(Forbidden):
        services.add(title="Autre", by=stranger)
    assert queries.records(keeper).count() == 1 and queries.records(stranger).count() == 0


def test_the_database_knows_no_other_state(keeper: Person) -> None:
    with pytest.raises(IntegrityError):
        Record.objects.create(title="Pirogue", by=keeper, state="lost")


def test_the_page_adds_shows_and_closes(keeper: Person, stranger: Person) -> None:
    client = signed_in(keeper)
    assert client.post("/toy/", {"act": "add", "title": "Pirogue"}).status_code == 302
    assert b"Pirogue" in client.get("/toy/").content
    assert client.post("/toy/", {"act": "close", "record": Record.objects.get().pk}).status_code == 302
    assert Record.objects.get().state == "closed"
    assert signed_in(stranger).get("/toy/").status_code == 403
    assert Client().get("/toy/").status_code == 302


def test_the_house_closes_what_was_forgotten_for_a_year(keeper: Person) -> None:
    for title in ("Pirogue", "Baobab"):
        services.add(title=title, by=keeper)
    Record.objects.filter(title="Baobab").update(at=timezone.now() - timedelta(days=366))
    services.close_forgotten()
    assert dict(Record.objects.values_list("title", "state")) == {"Pirogue": "open", "Baobab": "closed"}
