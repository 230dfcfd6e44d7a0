"""Attacks on a paper through its pages and its key: how a step is taken, and on which figures, is never theirs to say."""

import json
from contextlib import suppress
from dataclasses import replace

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.urls import reverse

from kalata.people import services as people
from kalata.people import tokens
from kalata.people.models import Approval
from kalata.refusals import Refused
from kalata.results.models import Batch
from kalata.tally.models import Paper
from kalata.tally.rules.lifecycle import Lacks, Open, State
from kalata.tally.services import reports as tally
from tests.conftest import make_person
from tests.services.test_tally import (  # noqa: F401
    GOOD,
    OTHER,
    WRONG,
    a_picture,
    desk,
    entered,
    in_session,
    register,
    scanned,
    typed,
    validated,
)

pytestmark = pytest.mark.django_db


def here(paper):
    return reverse("tally:paper", args=[paper.contest.code, paper.pk])


def call(client, person, scopes, path, body):
    Authenticator.objects.get_or_create(user_id=person.pk, type="totp", defaults={"data": {"secret": "x"}})
    key = tokens.create(person=person, name="k", scopes=scopes, days=5).key
    return client.post(
        f"/api/contests/pres/{path}", json.dumps(body), content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )  # fmt: skip


def fresh(paper):
    return Paper.objects.select_related("contest", "station").get(pk=paper.pk)


def awaiting_visa(register, desk, choice=None):  # noqa: F811
    """A paper whose arbiter read a value that nobody typed: with 600 votes it breaks E01 and E04."""
    typed(register, desk, GOOD, OTHER)
    paper = tally.claim_next(contest=register, right="results.arbitrate", by=desk["c"])
    return tally.arbitrate(
        paper_id=paper.pk, choice=choice or {"c2": 600, "c3": 33}, by=desk["c"], reason="x", image=a_picture()
    )


# --- how a step is taken ------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["simple", "", "second", "sitting", "scan", "visa"])
def test_a_visa_keeps_the_errors_of_the_sheet_whatever_the_form_says(register, desk, supervisor, sign_in, kind):  # noqa: F811
    paper = fresh(awaiting_visa(register, desk))
    sign_in(supervisor).post(here(paper), {"to": "matched", "kind": kind, "reason": "vu", "seen": paper.last_hash})
    paper = fresh(paper)
    assert paper.state == State.UNDER_REVIEW and "E01" in paper.errors
    sign_in(desk["e"]).post(here(paper), {"to": "checked", "kind": "simple", "reason": "rien", "seen": paper.last_hash})
    assert fresh(paper).state == State.UNDER_REVIEW  # two persons are asked, whatever the form says
    assert Approval.objects.filter(kind="paper.review", state="waiting").count() == 1


def test_no_key_gives_a_visa(register, desk, client):  # noqa: F811
    paper = fresh(awaiting_visa(register, desk))
    people.give_mandate(person=desk["e"], role="superviseur")
    body = {"to": "matched", "reason": "vu", "seen": paper.last_hash}
    answer = call(client, desk["e"], ["results.review"], f"papers/{paper.pk}/passages", body)
    assert answer.status_code == 403 and fresh(paper).state == State.SECOND_VISA


@pytest.mark.parametrize(("sheet", "code"), [(WRONG, 409), (GOOD, 409)])
def test_nobody_says_that_the_checks_are_done(register, desk, client, sheet, code):  # noqa: F811
    """MATCHED to CHECKED follows from the figures: the house alone takes it."""
    paper = typed(register, desk, sheet, sheet)
    Paper.objects.filter(pk=paper.pk).update(state="matched", errors=[], warnings=[])
    for to in ("checked", "under_review"):
        answer = call(
            client, desk["e"], ["results.review"], f"papers/{paper.pk}/passages",
            {"to": to, "reason": "r", "seen": fresh(paper).last_hash},
        )  # fmt: skip
        assert (answer.status_code, answer.json()["code"]) == (code, "RES-417")
    assert fresh(paper).state == "matched"


def test_errors_wiped_from_the_paper_are_found_again_when_the_commission_validates(register, desk):  # noqa: F811
    """The settled figures are read again: what the paper says of itself is not believed."""
    paper = typed(register, desk, WRONG, WRONG)
    Paper.objects.filter(pk=paper.pk).update(state="checked", errors=[], warnings=[])
    for said in ([], sorted({*paper.errors, *paper.warnings})):
        Paper.objects.filter(pk=paper.pk).update(answered=said)
        with pytest.raises(Open) as refused:
            validated(fresh(paper), desk["f"])
        assert "E01" in str(refused.value)


def test_errors_answered_by_two_persons_pass(register, desk):  # noqa: F811
    paper = typed(register, desk, WRONG, WRONG)
    asked = tally.ask_second(paper_id=paper.pk, to=State.CHECKED, reason="ainsi sur le papier", by=desk["e"])
    people.decide_approval(approval_id=asked.pk, to=people.Decision.APPROVED, by=desk["e2"])
    assert validated(fresh(paper), desk["f"]).state == State.VALIDATED


def test_an_error_found_since_the_answer_stops_the_validation_and_a_doubt_sends_it_to_two_persons(
    register, desk, monkeypatch  # noqa: F811
):  # fmt: skip
    from kalata.tally.services import passing

    paper = typed(register, desk)
    monkeypatch.setattr(passing, "found_on", lambda paper, sheet: (frozenset({"E12"}), frozenset()))
    with pytest.raises(Open):
        validated(paper, desk["f"])
    doubter = make_person("commission-d", "commission")
    sitting = in_session(register, doubter)
    paper = tally.pass_on(paper_id=paper.pk, to=State.UNDER_REVIEW, reason="image", by=doubter, sitting_id=sitting.pk)
    assert paper.errors == ["E12"]
    with pytest.raises(Lacks):
        tally.pass_on(paper_id=paper.pk, to=State.CHECKED, reason="vu", by=desk["e"])


# --- one door to what is public -----------------------------------------------------------------
def test_a_paper_is_never_published_alone(register, desk, supervisor, client, sign_in):  # noqa: F811
    paper = fresh(validated(typed(register, desk), desk["f"]))
    both = make_person("multi", "controle")
    people.give_mandate(person=both, role="publication")
    both = type(both).objects.get(pk=both.pk)
    body = {"to": "published", "reason": "acte", "document": "acte 1", "seen": paper.last_hash}
    for kind in ("second", "simple", ""):
        answer = sign_in(supervisor).post(here(paper), {**body, "kind": kind})
        assert answer.status_code == 409 and "RES-417" in answer.content.decode()
    for path in ("requests", "passages"):
        answer = call(client, both, ["results.review", "results.publish"], f"papers/{paper.pk}/{path}", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "RES-417")
    assert fresh(paper).state == State.VALIDATED
    assert not Approval.objects.exists() and not Batch.objects.exists()


def test_a_step_of_one_person_is_not_asked_of_two(register, desk, client, sign_in):  # noqa: F811
    paper = fresh(tally.receive(contest=register, station="KAY-001", by=desk["reception"]))
    both = make_person("multi", "controle")
    people.give_mandate(person=both, role="reception")
    both = type(both).objects.get(pk=both.pk)
    body = {"to": "incident", "reason": "x", "seen": paper.last_hash}
    answer = call(client, both, ["results.review", "results.receive"], f"papers/{paper.pk}/requests", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "RES-417")
    assert fresh(paper).state == State.RECEIVED
    answer = sign_in(desk["reception"]).post(here(paper), {**body, "kind": "second"})
    assert answer.status_code == 302 and fresh(paper).state == State.INCIDENT  # the step is what it is


def test_every_step_asked_in_every_way_is_done_or_refused_with_a_code(register, desk):  # noqa: F811
    """By somebody who holds every right of the centre, from every state: nothing breaks."""
    every = make_person("tout", "controle")
    for role in ("commission", "reception", "numerisation", "saisie", "arbitre", "superviseur", "publication"):
        people.give_mandate(person=every, role=role)
    every = type(every).objects.get(pk=every.pk)
    paper = typed(register, desk)
    for start, to in [*tally.TABLE, *((s, State.EXPECTED) for s in State), (State.VALIDATED, State.VALIDATED)]:
        for way in (tally.take_step, tally.ask_second):
            with suppress(Refused), transaction.atomic():
                Paper.objects.filter(pk=paper.pk).update(state=start.value, holder=desk["a"])
                way(paper_id=paper.pk, to=to, by=every, seen=None, reason="r", document="d")
                raise Refused  # done: undone again
    assert fresh(paper).state == State.CHECKED


# --- figures never seen -------------------------------------------------------------------------
def typed_again(register, desk, paper, sheet):  # noqa: F811
    """The commission doubts, review sends the paper back, two other clerks type something else."""
    doubter = make_person("commission-d", "commission")
    sitting = in_session(register, doubter)
    tally.pass_on(paper_id=paper.pk, to=State.UNDER_REVIEW, reason="doute", by=doubter, sitting_id=sitting.pk)
    tally.pass_on(paper_id=paper.pk, to=State.SCANNED, reason="à retaper", by=desk["e"])
    others = {"a": make_person("a9", "saisie"), "b": make_person("b9", "saisie")}
    entered(register, others, "a", sheet)
    return entered(register, others, "b", sheet)


def test_a_stale_tab_never_validates_figures_it_did_not_show(register, desk, sign_in):  # noqa: F811
    paper = typed(register, desk)
    sitting = in_session(register, desk["f"])
    client = sign_in(desk["f"])
    shown = paper.last_hash
    assert f'name="seen" value="{shown}"' in client.get(here(paper)).content.decode()
    typed_again(register, desk, paper, replace(GOOD, votes=(60, 100, 35)))
    for seen in (shown, "", "0" * 64):
        answer = client.post(here(paper), {"to": "validated", "sitting": sitting.pk, "seen": seen})
        assert answer.status_code == 409 and "RES-416" in answer.content.decode()
    assert "Contrôlé" in answer.content.decode()
    assert fresh(paper).state == State.CHECKED
    answer = client.post(here(paper), {"to": "validated", "sitting": sitting.pk, "seen": fresh(paper).last_hash})
    assert answer.status_code == 302 and fresh(paper).state == State.VALIDATED


def test_a_stale_tab_never_gives_a_visa_on_another_value(register, desk, supervisor, sign_in):  # noqa: F811
    paper = fresh(awaiting_visa(register, desk, {"c2": 62, "c3": 33}))
    client = sign_in(supervisor)
    client.get(here(paper))
    shown = paper.last_hash
    tally.give_visa(paper_id=paper.pk, agree=False, reason="non", by=make_person("sup2", "superviseur"))
    other = make_person("c2", "arbitre")
    taken = tally.claim_next(contest=register, right="results.arbitrate", by=other)
    tally.arbitrate(paper_id=taken.pk, choice={"c2": 9, "c3": 86}, by=other, reason="y", image=a_picture())
    answer = client.post(here(paper), {"to": "matched", "reason": "vu", "seen": shown})
    assert answer.status_code == 409 and "RES-416" in answer.content.decode()
    assert fresh(paper).state == State.SECOND_VISA


@pytest.mark.parametrize("path", ["passages", "requests"])
def test_the_api_acts_on_the_paper_that_was_read(register, desk, client, path):  # noqa: F811
    paper = typed(register, desk, WRONG, WRONG)
    body = {"to": "checked", "reason": "r"}
    answer = call(client, desk["e"], ["results.review"], f"papers/{paper.pk}/{path}", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "API-422")
    answer = call(client, desk["e2"], ["results.review"], f"papers/{paper.pk}/requests", {**body, "seen": "0" * 64})
    assert (answer.status_code, answer.json()["code"]) == (409, "RES-416")
    assert not Approval.objects.exists()


def test_a_recall_is_asked_on_the_paper_that_was_read(register, desk, sign_in):  # noqa: F811
    paper = fresh(validated(typed(register, desk), desk["f"]))
    client = sign_in(make_person("commission-2", "commission"))
    body = {"to": "recalled", "reason": "doute", "document": "acte"}
    assert client.post(here(paper), {**body, "seen": "1" * 64}).status_code == 409
    assert not Approval.objects.exists()
    assert client.post(here(paper), {**body, "seen": paper.last_hash}).status_code == 302
    assert Approval.objects.get().payload["seen"] == paper.last_hash
