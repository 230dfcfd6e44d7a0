"""Counters and rolls on their page, and what the registry makes of petitions that look alike."""

from __future__ import annotations

import html

import pytest
from django.utils import timezone

from kalata.disputes.models import Counter, Petition, Roll, Twin
from kalata.disputes.services import counters
from kalata.people import services as people
from kalata.people.models import Approval
from kalata.people.rules.approval import Decision, NoReason
from kalata.refusals import Refused
from tests.conftest import make_person
from tests.disputes.desk import open_court, received
from tests.disputes.desk import own_keys as own_keys

pytestmark = pytest.mark.django_db
PAGE = "/contentieux/greffe/guichets/"


@pytest.fixture
def desk(contest):
    return open_court(contest)


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def test_a_counter_and_its_key_are_asked_by_one_person_and_made_by_another(contest, desk, sign_in):
    who, _counter = desk
    client = sign_in(who["registrar"])
    sent = {"act": "open", "code": "MPT1", "name": "Préfecture de Mopti", "reason": "second tour"}
    assert client.post(PAGE, sent).status_code == 302
    assert not Counter.objects.filter(code="MPT1").exists()
    asked = Approval.objects.get()
    with pytest.raises(Refused):
        people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=who["registrar"])
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=make_person("autre-greffe", "greffe"))
    made = Counter.objects.get(code="MPT1")
    assert made.here and len(made.key) == 64
    assert "Préfecture de Mopti" in text(client.get(PAGE))


@pytest.mark.parametrize(("wrong", "code"), [
    ({"code": "BKO2"}, "DIS-124"), ({"code": "x"}, "DIS-124"), ({"key": "zz"}, "DIS-124"), ({"unit": "NULLE-PART"}, "DIS-140"),
    ({"reason": ""}, "EDG-101"),
])  # fmt: skip
def test_a_counter_that_could_not_be_opened_is_not_even_asked(desk, sign_in, wrong, code):
    sent = {"act": "open", "code": "MPT1", "name": "Mopti", "reason": "r"} | wrong
    answer = sign_in(desk[0]["registrar"]).post(PAGE, sent)
    assert answer.status_code == 422 and code in text(answer)
    assert not Approval.objects.exists()


def test_the_page_says_the_state_the_last_receipt_and_closes(contest, desk, sign_in):
    who, counter = desk
    received(contest, counter, who["clerk"])
    client = sign_in(who["registrar"])
    page = text(client.get(PAGE))
    assert "BKO2" in page and "sur cette machine" in page and f"{timezone.localtime():%H:}" in page
    assert client.post(PAGE, {"act": "close", "code": "BKO2"}).status_code == 422
    assert Counter.objects.get(code="BKO2").closed_at is None
    client.post(PAGE, {"act": "close", "code": "BKO2", "sure": "1"})
    assert Counter.objects.get(code="BKO2").closed_at
    assert "fermé" in text(client.get(PAGE))


def test_a_roll_is_opened_once_for_a_contest(contest, desk, sign_in):
    Roll.objects.all().delete()
    client = sign_in(desk[0]["registrar"])
    sent = {"act": "roll", "contest": contest.pk, "short": "P1", "year": "2027"}
    assert client.post(PAGE, sent).status_code == 302
    assert str(Roll.objects.get()) == "2027-P1"
    assert client.post(PAGE, sent | {"short": "P2"}).status_code == 422


@pytest.mark.parametrize("role", ["clerk", "judge", "president", "party"])
def test_who_does_not_keep_the_registry_does_not_open_it(desk, sign_in, role):
    assert sign_in(desk[0][role]).get(PAGE).status_code == 403


def test_a_likeness_is_answered_once_with_a_reason_and_merges_nothing(contest, desk, sign_in):
    who, counter = desk
    one, two = received(contest, counter, who["clerk"]), received(contest, counter, who["clerk"])
    from kalata.disputes.services import likeness

    likeness.look(two)
    twin = Twin.objects.filter(petition=two).first()
    client, page = sign_in(who["registrar"]), f"/contentieux/greffe/recepisses/{two.number}/"
    assert one.number in text(client.get(page)) and "Inscrire la réponse" in text(client.get(page))
    sent = {"act": "likeness", "twin": twin.pk, "answer": "duplicate", "why": ""}
    assert client.post(page, sent).status_code == 422
    assert client.post(page, sent | {"why": "même papier, deux guichets"}).status_code == 302
    shown = text(client.get(page))
    assert "même papier, deux guichets" in shown and who["registrar"].full_name in shown
    assert "DIS-137" in text(client.post(page, sent | {"why": "encore", "answer": "apart"}))
    states = set(Petition.objects.values_list("state", "lead"))
    assert states == {("received", None)}


def test_a_clerk_sees_a_likeness_and_does_not_answer_it(contest, desk, sign_in):
    who, counter = desk
    received(contest, counter, who["clerk"])
    two = received(contest, counter, who["clerk"])
    from kalata.disputes.services import likeness

    likeness.look(two)
    twin = Twin.objects.filter(petition=two).first()
    client, page = sign_in(who["clerk"]), f"/contentieux/greffe/recepisses/{two.number}/"
    assert "Inscrire la réponse" not in text(client.get(page))
    assert client.post(page, {"act": "likeness", "twin": twin.pk, "answer": "apart", "why": "r"}).status_code == 403
    with pytest.raises(NoReason):
        likeness.answer(twin_id=twin.pk, said="apart", by=who["registrar"], why=" ")


def test_the_code_of_a_counter_that_was_closed_serves_no_more(desk):
    counters.close_counter(code="BKO2", by=desk[0]["registrar"])
    with pytest.raises(counters.BadCounter):
        counters.ask_counter(code="BKO2", name="n", unit="", key="", reason="r", by=desk[0]["registrar"])
