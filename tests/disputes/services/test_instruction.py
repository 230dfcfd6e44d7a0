"""Measures answered by the EMB, mandates decided by the registry, overrides by two persons, alerts told once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from kalata.deadlines.rules.steps import Unit
from kalata.disputes import alerts
from kalata.disputes.models import CaseSheet, Clock, Measure, Party
from kalata.disputes.rules.service import Term
from kalata.disputes.services import mandates, measures, overriding, sheets
from kalata.evidence.models import Content
from kalata.notices.models import Notice, Receipt
from kalata.people.approving import decide_approval
from kalata.people.rules.approval import Decision
from kalata.refusals import Forbidden, Refused
from tests.disputes.services.test_serving import bring, communicated, of

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(court):
    return court.case(state="instruction")


def content():
    return Content.objects.create(sha256="c" * 64, size=9, media="application/pdf", kept_at=timezone.now())


# --- measures -----------------------------------------------------------------------------------
def test_the_rapporteur_asks_and_the_liaison_answers_once(court, case):
    liaison = court.who("liaison")
    made = measures.ask(
        petition_id=case.petition.pk,
        kind="report",
        what="PV de six bureaux",
        by=court.rapporteur,
        due=timezone.now() + timedelta(days=1),
    )
    assert Receipt.objects.filter(person=liaison, notice__topic="disputes.measure").count() == 1
    measures.answer(measure_id=made.pk, text="Voici", by=liaison)
    made.refresh_from_db()
    assert (made.answered_by, made.answer) == (liaison, "Voici")
    assert Clock.objects.get(kind="measure").met_at
    assert Notice.objects.get(topic="disputes.measure").done_at
    with pytest.raises(measures.AnsweredAlready):
        measures.answer(measure_id=made.pk, text="Encore", by=liaison)


@pytest.mark.parametrize("role", ["greffe", "liaison", "partie", "guichet"])
def test_nobody_else_asks_a_measure(court, case, role):
    with pytest.raises(Forbidden):
        measures.ask(petition_id=case.petition.pk, kind="report", what="x", by=court.who(role))
    assert not Measure.objects.exists()


def test_a_piece_given_in_answer_enters_the_file_and_its_custody(court, case, monkeypatch):
    made = measures.ask(petition_id=case.petition.pk, kind="originals", what="x", by=court.rapporteur)
    kept = content()
    measures.answer(measure_id=made.pk, text="", by=court.who("liaison"), content=kept, name="pv.pdf")
    made.refresh_from_db()
    assert made.exhibit.piece == kept
    assert case.petition.custody.filter(exhibit=made.exhibit, kind="received").exists()


# --- mandates -----------------------------------------------------------------------------------
def test_a_mandate_is_proved_by_a_document_and_decided_by_the_registry(court, case):
    lawyer = court.who("partie")
    asked = mandates.produce(
        number=case.petition.number, name="autorité  ELECTORALE", words="Conseil", content=content(), by=lawyer
    )
    assert Party.objects.get(pk=case.authority.pk).account is None
    with pytest.raises(Forbidden):
        mandates.decide(petition_id=case.petition.pk, representation_id=asked.pk, accept=True, why="", by=lawyer)
    mandates.decide(petition_id=case.petition.pk, representation_id=asked.pk, accept=True, why="", by=court.registrar)
    assert Party.objects.get(pk=case.authority.pk).account == lawyer
    with pytest.raises(mandates.DecidedAlready):
        mandates.decide(
            petition_id=case.petition.pk, representation_id=asked.pk, accept=False, why="x", by=court.registrar
        )


@pytest.mark.parametrize(
    ("how", "code"),
    [({"number": "2027-P1-BKO2-999999"}, "DIS-216"), ({"name": "Inconnue"}, "DIS-216"), ({"content": None}, "DIS-217")],
)
def test_a_mandate_without_its_party_or_its_document_is_refused(court, case, how, code):
    asked = {"number": case.petition.number, "name": "Candidature n° 1", "words": "x", "content": content()} | how
    with pytest.raises(Refused) as refused:
        mandates.produce(**asked, by=court.who("partie"))
    assert refused.value.code == code


def test_refused_it_opens_nothing_and_says_why(court, case):
    lawyer = court.who("partie")
    asked = mandates.produce(
        number=case.petition.number, name="Candidature n° 1", words="x", content=content(), by=lawyer
    )
    mandates.decide(
        petition_id=case.petition.pk,
        representation_id=asked.pk,
        accept=False,
        why="signature absente",
        by=court.registrar,
    )
    assert Party.objects.get(pk=case.respondent.pk).account is None
    assert Receipt.objects.filter(person=lawyer, notice__topic="disputes.party").count() == 1


# --- overrides ----------------------------------------------------------------------------------
@pytest.fixture
def clock(court, case):
    paper = communicated(court, case)
    bring(court, of(paper, case.authority), exhibit_id=case.piece.pk)
    return Clock.objects.get(party=case.authority)


def asked(court, case, clock, **how):
    how = {
        "value": "2030-01-01T12:00",
        "authority": "Présidence",
        "document": "ordonnance 2027-40",
        "decided": date(2026, 1, 5),
        "reason": "force majeure",
    } | how
    return overriding.ask(petition_id=case.petition.pk, clock_id=clock.pk, by=court.registrar, **how)


def test_an_override_takes_two_persons_and_the_computed_reading_stays(court, case, clock):
    one = asked(court, case, clock)
    with pytest.raises(Refused):
        decide_approval(approval_id=one.pk, to=Decision.APPROVED, by=court.registrar)
    decide_approval(approval_id=one.pk, to=Decision.APPROVED, by=court.president)
    clock.refresh_from_db()
    assert clock.limit == "2030-01-01T12:00"
    assert [r["rule"] for r in clock.readings] == ["OVERRIDE", "HOURS_FROM_INSTANT"]
    assert clock.override["document"] == "ordonnance 2027-40"


@pytest.mark.parametrize("field", ["authority", "document", "reason"])
def test_an_override_without_basis_is_refused(court, case, clock, field):
    with pytest.raises(Refused) as refused:
        asked(court, case, clock, **{field: " "})
    assert refused.value.code == "DL-110"


def test_a_limit_that_moved_since_is_not_overridden(court, case, clock):
    one = asked(court, case, clock)
    Clock.objects.filter(pk=clock.pk).update(limit="2029-01-01T12:00")
    with pytest.raises(overriding.LimitMoved):
        decide_approval(approval_id=one.pk, to=Decision.APPROVED, by=court.president)


# --- alerts -------------------------------------------------------------------------------------
def test_each_distance_is_told_once_and_what_is_past_stays_until_it_is_done(court, case, clock):
    court.registrar  # noqa: B018
    bound = clock.bound - timedelta(minutes=1)
    told = [alerts.near(bound - timedelta(hours=h)) for h in (49, 48, 47, 24, 4, 1)]
    assert told == [0, 1, 0, 1, 1, 1]
    assert alerts.near(bound + timedelta(hours=1)) == 1
    assert Notice.objects.filter(topic="disputes.late", done_at=None).count() == 1
    clock.met_at = timezone.now()
    clock.save()
    alerts.near(bound + timedelta(hours=2))
    assert not Notice.objects.filter(topic="disputes.late", done_at=None).exists()


def test_the_party_whose_clock_it_is_is_told_too(court, case, clock):
    lawyer = court.who("partie")
    Party.objects.filter(pk=case.authority.pk).update(account=lawyer)
    alerts.near(clock.bound - timedelta(hours=3))
    assert Receipt.objects.filter(person=lawyer).count() == 1


def test_the_earliest_reading_gives_the_alarm(court, case):
    paper = communicated(court, case, term=Term("o", 3, Unit.DAY))
    bring(court, of(paper, case.authority), exhibit_id=case.piece.pk)
    one = Clock.objects.get(party=case.authority)
    assert alerts.earliest(one).iso() == one.readings[0]["deadline"] < one.readings[1]["deadline"]


def test_a_case_left_with_nobody_asking_is_told_and_told_no_more_when_somebody_acts(court, case):
    court.registrar  # noqa: B018
    sheets.rank()
    CaseSheet.objects.update(last_act_at=timezone.now() - timedelta(days=60))
    assert alerts.silent(timezone.now()) == 1
    assert alerts.silent(timezone.now()) == 0
    communicated(court, case)
    alerts.silent(timezone.now())
    assert not Notice.objects.filter(topic="disputes.silent", done_at=None).exists()
