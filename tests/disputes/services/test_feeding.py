"""What the gate judges is fed from records: who was served, with which proof, until when; nothing is said to hold on nothing."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from kalata.deadlines.rules.steps import Unit
from kalata.disputes.models import Clock, Exhibit, Party, Service
from kalata.disputes.queries.elections import election_of, norms_of
from kalata.disputes.rules import gate
from kalata.disputes.rules.service import Mode, Outcome, Term
from kalata.disputes.rules.steps import GateShut
from kalata.disputes.services import executing, rulings, sections, serving, steps
from tests.disputes.services.test_rulings import BENCH, again, fails, keys, petition, president, ruling  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def told(monkeypatch):
    """The sections of the house, but for who sat: nobody holds a sitting here."""
    monkeypatch.setattr(rulings, "SECTIONS", [lambda _one: {"bench": dict(BENCH)}, sections.served, sections.signed_when])  # fmt: skip
    monkeypatch.setattr(steps, "FACTS", [lambda _one: {"unserved": 0, "undelivered": 0, "voted": True, "passes": True}])  # fmt: skip


@pytest.fixture
def gated(ruling, judge):  # noqa: F811
    return rulings.to_gate(ruling=ruling, by=judge)


@pytest.fixture
def case(petition):  # noqa: F811
    made = {
        role: Party.objects.create(petition=petition, role=role, name=name, kind=kind, at=timezone.now())
        for role, name, kind in (("petitioner", "Une électrice", "voter"), ("respondent", "La pirogue", "list"))
    }
    made["proof"] = proof(petition)
    return made


def proof(petition):  # noqa: F811
    import hashlib

    from kalata.evidence.models import Content

    sha = hashlib.sha256(str(petition.pk).encode()).hexdigest()
    content = Content.objects.create(sha256=sha, size=10, media="application/pdf", kept_at=timezone.now())
    return Exhibit.objects.create(
        petition=petition, number=1, piece=content, kind="petition", name="Requête", received_at=timezone.now()
    )


def paper(petition, registrar, term=None, ago=timedelta(days=3)):  # noqa: F811
    return serving.file_paper(
        petition_id=petition.pk,
        kind="petition",
        title="Requête",
        by=registrar,
        term=term,
        filed_at=timezone.now() - ago,
    )


def reach(petition, document, registrar, ago=timedelta(days=2)):  # noqa: F811
    for one in Service.objects.filter(document=document):
        serving.try_service(
            petition_id=petition.pk, service_id=one.pk, mode=Mode.HAND, at=timezone.now() - ago, outcome=Outcome.SERVED,
            by=registrar, exhibit_id=petition.exhibits.first().pk,
        )  # fmt: skip


def said(ruling, president):  # noqa: F811
    """What the service check says of a decision, in French."""
    return [m.record()["fr"] for m in rulings.examine(ruling, president).of("service")]


def test_a_party_to_whom_nothing_was_sent_blocks_the_decision(gated, president, case):  # noqa: F811
    assert fails(gated, president) == {"service"}
    assert said(gated, president) == [f"« La pirogue ({case['proof'].petition.number}) » n’a pas reçu notification."]


def test_a_case_with_nobody_but_its_petitioner_has_nobody_who_was_heard(gated, president, petition, case):  # noqa: F811  # fmt: skip
    Party.objects.filter(pk=case["respondent"].pk).update(struck=True)  # fmt: skip
    assert fails(gated, president) == {"service"}


def test_served_with_its_proof_the_decision_passes(gated, president, petition, registrar, case):  # noqa: F811
    sent = paper(petition, registrar)
    assert fails(gated, president) == {"service"}
    reach(petition, sent, registrar)
    assert fails(gated, president) == set()
    (row,) = rulings.whole(gated, president)["service"]
    assert (row["mode"], row["proof"], row["n"], row["role"]) == ("hand", case["proof"].piece.sha256, 2, "respondent")


def test_a_decision_waits_for_the_time_to_reply_under_every_reading(gated, president, petition, registrar, case):  # noqa: F811  # fmt: skip
    sent = paper(petition, registrar, Term("Ordonnance n° 7", 2, Unit.DAY), ago=timedelta(days=6))
    reach(petition, sent, registrar, ago=timedelta(days=3))
    row = rulings.whole(gated, president)["service"][0]
    limits = [r["deadline"] for r in row["readings"]]
    assert len(limits) == 2 and row["reply_until"] == max(limits) and row["reply_until"] != min(limits)
    assert fails(gated, president) == {"service"}  # over under one reading, open under the other


def test_a_service_without_its_proof_is_no_service(petition, registrar, case):  # noqa: F811
    sent = paper(petition, registrar)
    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.filter(document=sent).update(served_at=timezone.now(), mode="hand")


def test_a_waiver_holds_by_the_article_it_names_and_by_nothing_else(gated, president, petition, registrar, case):  # noqa: F811  # fmt: skip
    one = Service.objects.get(document=paper(petition, registrar))
    serving.waive(petition_id=petition.pk, service_id=one.pk, act="accord des parties", by=registrar)
    assert fails(gated, president) == {"service"}
    Service.objects.filter(pk=one.pk).update(waiver="art. 31 LO 97-010")
    assert fails(gated, president) == set()


def test_a_struck_service_is_to_be_made_again_before_anything_is_signed(gated, president, petition, registrar, case):  # noqa: F811  # fmt: skip
    sent = paper(petition, registrar)
    reach(petition, sent, registrar)
    one = Service.objects.get(document=sent)
    serving.strike_service(petition_id=petition.pk, service_id=one.pk, why="remis à une autre liste", by=registrar)
    assert fails(gated, president) == {"service"}


def test_an_elector_is_named_by_her_place_in_the_case_in_what_is_published(gated, president, petition, registrar, case):  # noqa: F811  # fmt: skip
    serving.file_paper(petition_id=petition.pk, kind="order", title="Ordonnance", by=registrar)
    told = json.dumps(rulings.whole(gated, president)["service"], ensure_ascii=False)
    assert f"{petition.number} p1" in told and "Une électrice" not in told and "La pirogue" in told


def test_the_house_refuses_to_sign_what_the_command_refuses(sign_in, gated, president, petition, registrar, keys, case):  # noqa: F811  # fmt: skip
    held = again(gated)
    page = f"/contentieux/decisions/{held.pk}/controle/"
    shown = sign_in(president).get(page).content.decode()
    assert "Signature refusée" in shown and "DIS-611" in shown and 'value="sign"' not in shown
    assert sign_in(president).post(page, {"act": "sign", "seen": held.printed_of}).status_code == 409
    with pytest.raises(GateShut):
        executing.sign(ruling=held, by=president)
    house = rulings.examine(held, president).record()
    draft = json.loads(json.dumps(rulings.whole(held, president)))
    command = gate.examine(election_of(held.contest), draft, norms_of(held.contest)).record()
    assert [m["fr"] for m in house["mismatches"]] == [m["fr"] for m in command["mismatches"]] != []
    reach(petition, paper(petition, registrar), registrar)
    assert executing.sign(ruling=held, by=president).state == "signed"


def test_a_hundred_cases_are_read_in_as_many_questions_as_one(gated, petition, registrar, case, django_assert_max_num_queries):  # noqa: F811  # fmt: skip
    reach(petition, paper(petition, registrar), registrar)
    with django_assert_max_num_queries(8):
        sections.served(again(gated))


# --- the Court's own limit -----------------------------------------------------------------------
def limited(petition, *days):  # noqa: F811
    """A limit to decide with a reading that many days from now for each; the first is acted on."""
    ends = [(timezone.now() + timedelta(days=d)).strftime("%Y-%m-%dT24:00") for d in days]
    readings = [{"rule": f"R{n}", "deadline": end, "default": n == 0, "consequence": "breach"} for n, end in enumerate(ends)]  # fmt: skip
    Clock.objects.create(petition=petition, kind="decision", about="DEMO", limit=ends[0], readings=readings, at=timezone.now())  # fmt: skip


def test_a_decision_in_time_under_every_reading_passes(gated, president, petition, registrar, case):  # noqa: F811
    reach(petition, paper(petition, registrar), registrar)
    limited(petition, 2, 3)
    said = rulings.whole(gated, president)["deadline"]
    assert [r["rule"] for r in said["readings"]] == ["R0", "R1"] and "deadline" not in gate.untold({"deadline": said})
    assert fails(gated, president) == set()


@pytest.mark.parametrize("days", [(-2, -1), (2, -1), (-1, 2)])
def test_late_under_one_reading_is_late_until_the_decision_says_it(ruling, president, petition, registrar, judge, case, days):  # noqa: F811  # fmt: skip
    reach(petition, paper(petition, registrar), registrar)
    limited(petition, *days)
    rulings.to_gate(ruling=ruling, by=judge)
    assert fails(ruling, president) == {"deadline"}
    rulings.back(ruling=again(ruling), reason="délai", by=president)
    words = "les originaux n’ont été remis qu’après ce terme."
    held = rulings.generate(ruling=rulings.amend(ruling=again(ruling), by=judge, breach=words), by=judge)
    assert any(words in p for p in held.print["parts"]["reasons"])
    rulings.to_gate(ruling=held, by=judge)
    assert fails(ruling, president) == set()


def test_the_drafter_says_a_breach_on_the_page_of_the_gate(sign_in, ruling, president, petition, registrar, judge, case):  # noqa: F811  # fmt: skip
    limited(petition, -1)
    page = f"/contentieux/decisions/{ruling.pk}/controle/"
    assert 'value="breach"' in sign_in(judge).get(page).content.decode()
    assert sign_in(judge).post(page, {"act": "breach", "seen": ruling.printed_of, "words": "retard"}).status_code == 302
    assert again(ruling).breach == "retard"
