"""Attacks through the pages and the API: nobody alone validates, wipes an entry, adds an image or closes a sitting."""

import json

import pytest
from allauth.mfa.models import Authenticator

from kalata.people import services as people
from kalata.people import tokens
from kalata.tally.models import Paper, Passage
from kalata.tally.rules.lifecycle import State
from kalata.tally.services import reports as tally
from tests.conftest import make_person, post_as_shown
from tests.services.test_tally import (  # noqa: F401
    GOOD,
    OTHER,
    desk,
    entered,
    in_session,
    register,
    scanned,
    typed,
)

pytestmark = pytest.mark.django_db


def here(contest, path=""):
    return f"/resultats/centralisation/{contest.code}/{path}"


def call(client, person, scope, path, body, contest):
    Authenticator.objects.get_or_create(user_id=person.pk, type="totp", defaults={"data": {"secret": "x"}})
    key = tokens.create(person=person, name="k", scopes=[scope], days=5).key
    return client.post(
        f"/api/contests/{contest.code}/{path}", json.dumps(body), content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )  # fmt: skip


def test_the_paper_page_validates_in_a_sitting_only(client, sign_in, register, desk):  # noqa: F811
    paper = typed(register, desk)
    sign_in(desk["f"])
    page = here(register, f"pv/{paper.pk}/")
    for sitting, code in (("", "RES-464"), ("999999999", "RES-464"), ("0", "EDG-101"), ("x", "EDG-101")):
        answer = client.post(page, {"to": "validated", "sitting": sitting, "seen": paper.last_hash})
        assert answer.status_code in (403, 422) and code in answer.content.decode()
    assert "Aucune séance ouverte" in client.get(page).content.decode()
    sitting = in_session(register, desk["f"])
    assert client.post(page, {"to": "validated", "sitting": sitting.pk, "seen": paper.last_hash}).status_code == 302
    paper.refresh_from_db()
    assert paper.state == State.VALIDATED and paper.passages.last().sitting == sitting
    assert "séance « Séance »" in client.get(page).content.decode().replace("\xa0", " ")


@pytest.mark.parametrize("to", ["validated", "under_review"])
def test_the_api_is_no_way_round_the_sitting(client, register, desk, to):  # noqa: F811
    paper = typed(register, desk)
    path = f"papers/{paper.pk}/passages"
    body = {"to": to, "reason": "r", "document": "d", "seen": paper.last_hash}
    answer = call(client, desk["f"], "results.commission", path, body, register)
    assert answer.status_code == 403 and answer.json()["code"] == "RES-464"
    missing = Paper.objects.get(station__code="KAY-002")
    answer = call(
        client,
        desk["f"],
        "results.commission",
        f"papers/{missing.pk}/passages",
        {**body, "to": "missing", "seen": ""},
        register,
    )
    assert answer.status_code == 403 and answer.json()["code"] == "RES-464"
    sitting = in_session(register, desk["f"])
    sitting.members.update(present=False)
    answer = call(client, desk["f"], "results.commission", path, {**body, "sitting": sitting.pk}, register)
    assert answer.json()["code"] == "RES-461"
    answer = call(
        client, desk["f"], "results.commission", f"sittings/{sitting.pk}/validations",
        {"papers": {str(paper.pk): paper.last_hash}}, register,
    )  # fmt: skip
    assert answer.json()["code"] == "RES-461"
    sitting.members.update(present=True)
    answer = call(client, desk["f"], "results.commission", path, {**body, "sitting": sitting.pk}, register)
    assert answer.status_code == 201 and answer.json()["state"] == to
    assert Passage.objects.filter(right="results.commission", sitting=None).count() == 0


def test_a_clerk_does_not_send_the_entry_of_another_to_incident_by_page_or_by_key(client, sign_in, register, desk):  # noqa: F811
    paper = scanned(register, desk)
    entered(register, desk, "a", GOOD)
    sign_in(desk["b"])
    answer = client.post(here(register, "saisie/"), {"paper": paper.pk, "act": "incident", "reason": "illisible"})
    assert answer.status_code in (404, 409)
    body = {"to": "incident", "reason": "illisible", "seen": Paper.objects.get(pk=paper.pk).last_hash}
    answer = call(client, desk["b"], "results.enter", f"papers/{paper.pk}/passages", body, register)
    assert answer.status_code in (403, 404, 409)
    paper.refresh_from_db()
    assert paper.state == State.FIRST_ENTERED and paper.entries.count() == 1


def test_an_arbiter_who_discarded_both_entries_gets_no_blind_entry_by_key_either(client, register, desk):  # noqa: F811
    people.give_mandate(person=desk["c"], role="saisie")
    typed(register, desk, GOOD, OTHER)
    paper = tally.claim_next(contest=register, right="results.arbitrate", by=desk["c"])
    tally.pass_on(paper_id=paper.pk, to=State.SCANNED, reason="refaire", by=desk["c"])
    answer = call(client, desk["c"], "results.enter", "claims", {}, register)
    assert answer.status_code == 404 and answer.json()["code"] == "RES-436"
    third = make_person("saisie-c", "saisie")
    assert call(client, third, "results.enter", "claims", {}, register).status_code == 201


def test_the_desks_offer_no_paper_that_would_be_refused(client, sign_in, register, desk):  # noqa: F811
    from tests.services.test_tally import WRONG

    both = make_person("saisie-c", "saisie")
    people.give_mandate(person=both, role="controle")
    paper = scanned(register, desk)
    tally.claim_next(contest=register, right="results.enter", by=both)
    tally.submit(paper_id=paper.pk, sheet=WRONG, by=both)
    entered(register, desk, "b", WRONG)
    link = f"pv={paper.pk}#"
    sign_in(both)
    assert link not in client.get(here(register, "controle/")).content.decode()
    assert 'name="to" value="checked"' not in client.get(here(register, f"pv/{paper.pk}/")).content.decode()
    sign_in(desk["e"])
    assert link in client.get(here(register, "controle/")).content.decode()


def test_a_sitting_whose_recap_differs_everywhere_is_not_closed_from_its_page(client, sign_in, register, desk):  # noqa: F811
    tally.validate(paper_id=typed(register, desk).pk, by=desk["f"], sitting_id=in_session(register, desk["f"]).pk)
    sitting = in_session(register, desk["f"])
    sign_in(desk["f"])
    page = here(register, f"commission/{sitting.pk}/")
    wrong = dict.fromkeys(register.boxes, "7") | {f"c{i}": "7" for i in (1, 2, 3)}
    assert post_as_shown(client, page, {"act": "recap", "stations": "7", **wrong}).status_code == 302
    members = list(sitting.members.all())
    for act, code in (({}, "RES-467"), ({f"signature-{m.pk}": "signed" for m in members}, "RES-468")):
        if act:
            post_as_shown(client, page, {"act": "members", **{f"present-{m.pk}": "on" for m in members}, **act})
        answer = post_as_shown(client, page, {"act": "closed"})
        assert answer.status_code == 409 and code in answer.content.decode()
    lines = [*(b for b in register.boxes if not b.startswith(("gap", "words", "sign"))), "c1", "c2", "c3", "stations"]
    text = {"act": "explain", "kind": "decision", "text": "Le récapitulatif est celui d’une autre zone.", "line": lines}
    assert post_as_shown(client, page, text).status_code == 302
    assert "celui d’une autre zone" in client.get(page).content.decode()
    assert post_as_shown(client, page, {"act": "closed"}).status_code == 302
    sitting.refresh_from_db()
    assert sitting.state == "closed"
