"""A paper is brought to each party once, with its proof; the clock it starts is that party's; nobody unserved is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from kalata.deadlines.rules.steps import Unit
from kalata.disputes.models import Clock, Dissolution, Filing, Service, ServiceAttempt
from kalata.disputes.rules import service as rules
from kalata.disputes.rules.service import Mode, Outcome, Term
from kalata.disputes.rules.steps import NotServed, State
from kalata.disputes.services import serving, sheets
from kalata.disputes.services.steps import move
from kalata.ledger.models import Act
from kalata.refusals import Forbidden

pytestmark = pytest.mark.django_db
DAY = Term("ordonnance 2027-31", 24, Unit.HOUR)


@pytest.fixture
def case(court):
    return court.case(state="served")


@pytest.fixture
def opened(court, case):
    """The petition, to be served on the two other parties."""
    return communicated(court, case)


def communicated(court, case, **how):
    how = {"kind": "petition", "title": "Requête", "term": DAY, "filed_at": timezone.now() - timedelta(days=1)} | how
    return serving.file_paper(petition_id=case.petition.pk, by=court.registrar, **how)


def bring(court, service, **how):
    how = {"mode": Mode.HAND, "outcome": Outcome.SERVED, "at": timezone.now() - timedelta(hours=2)} | how
    return serving.try_service(
        petition_id=service.document.petition_id, service_id=service.pk, by=court.registrar, **how
    )


def of(filing, party):
    return Service.objects.get(document=filing, party=party, struck_at=None)


def test_the_petition_goes_to_every_party_but_who_filed_it(opened, case):
    assert {s.party_id for s in opened.services.all()} == {case.respondent.pk, case.authority.pk}


def test_each_party_has_its_own_clock_from_its_own_service(court, case, opened):
    at = timezone.now().replace(second=0, microsecond=0)
    bring(court, of(opened, case.respondent), exhibit_id=case.piece.pk, at=at - timedelta(hours=5))
    bring(court, of(opened, case.authority), exhibit_id=case.piece.pk, at=at - timedelta(hours=2))
    one, two = Clock.objects.filter(petition=case.petition, kind="reply").order_by("bound")
    assert (one.party, two.party) == (case.respondent, case.authority)
    assert two.bound - one.bound == timedelta(hours=3)
    assert one.bound == at + timedelta(hours=19, minutes=1)
    assert one.order == "ordonnance 2027-31"


def test_days_keep_both_readings_in_the_clock(court, case):
    paper = communicated(court, case, term=Term("o", 3, Unit.DAY))
    bring(court, of(paper, case.authority), exhibit_id=case.piece.pk)
    clock = Clock.objects.get(party=case.authority)
    assert [(r["rule"], r["default"]) for r in clock.readings] == [("CALENDAR_EXCL_START", True), ("FRANC", False)]


def test_one_document_is_not_served_four_times(court, case, opened):
    service = of(opened, case.authority)
    bring(court, service, exhibit_id=case.piece.pk)
    for _again in range(3):
        with pytest.raises(rules.ServedAlready):
            bring(court, service, exhibit_id=case.piece.pk)
    assert Clock.objects.filter(party=case.authority).count() == 1
    assert ServiceAttempt.objects.filter(service=service, outcome="served").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.create(petition=case.petition, document=opened, party=case.authority, at=timezone.now())


def test_an_attempt_that_fails_is_kept_and_starts_nothing(court, case, opened):
    bring(court, of(opened, case.authority), outcome=Outcome.ABSENT, note="bureaux fermés")
    service = of(opened, case.authority)
    assert (service.attempts, service.served_at, Clock.objects.count()) == (1, None, 0)


def test_without_proof_nothing_is_served_and_the_database_agrees(court, case, opened):
    with pytest.raises(rules.NoProof):
        bring(court, of(opened, case.authority))
    assert ServiceAttempt.objects.count() == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.filter(document=opened).update(served_at=timezone.now(), mode="hand")


def test_a_piece_of_another_case_proves_nothing_here(court, case, opened):
    other = court.case()
    with pytest.raises(serving.NotHere):
        bring(court, of(opened, case.authority), exhibit_id=other.piece.pk)


def test_a_party_unserved_blocks_the_case_and_its_service_opens_it(court, case, opened):
    bring(court, of(opened, case.respondent), exhibit_id=case.piece.pk)
    case.petition.refresh_from_db()
    with pytest.raises(NotServed) as refused:
        move(case.petition, State.INSTRUCTION, court.registrar)
    assert refused.value.params["n"] == 1
    bring(court, of(opened, case.authority), exhibit_id=case.piece.pk)
    move(case.petition, State.INSTRUCTION, court.registrar)
    assert case.petition.state == "instruction"


def test_a_case_communicated_to_nobody_is_blocked_too(court, case):
    with pytest.raises(NotServed) as refused:
        move(case.petition, State.INSTRUCTION, court.registrar)
    assert refused.value.params["n"] == 2


def test_a_waiver_names_its_act_and_starts_no_clock(court, case, opened):
    for party in (case.respondent, case.authority):
        with pytest.raises(rules.NoTerm):
            serving.waive(petition_id=case.petition.pk, service_id=of(opened, party).pk, act=" ", by=court.registrar)
        serving.waive(
            petition_id=case.petition.pk, service_id=of(opened, party).pk, act="règlement, art. 14", by=court.registrar
        )
    move(case.petition, State.INSTRUCTION, court.registrar)
    assert Clock.objects.count() == 0


def test_a_party_that_no_longer_exists_is_served_by_posting_and_the_case_goes_on(court, case, opened):
    Dissolution.objects.create(party=case.respondent, since="2025-05-13", act="décret", at=timezone.now())
    with pytest.raises(rules.PartyGone):
        bring(court, of(opened, case.respondent), exhibit_id=case.piece.pk)
    bring(court, of(opened, case.respondent), exhibit_id=case.piece.pk, mode=Mode.POSTING)
    assert of(opened, case.respondent).served_at


def test_a_mistake_is_struck_visibly_and_the_paper_is_served_anew(court, case, opened):
    service = of(opened, case.authority)
    bring(court, service, exhibit_id=case.piece.pk)
    with pytest.raises(serving.StruckNeedsWhy):
        serving.strike_service(petition_id=case.petition.pk, service_id=service.pk, why=" ", by=court.registrar)
    serving.strike_service(
        petition_id=case.petition.pk, service_id=service.pk, why="remis à une autre personne", by=court.registrar
    )
    old, new = Service.objects.filter(document=opened, party=case.authority).order_by("pk")
    assert (old.struck_why, bool(old.served_at)) == ("remis à une autre personne", True)
    assert new.served_at is None
    assert Clock.objects.get(service=old).stopped_at
    with pytest.raises(serving.StruckAlready):
        serving.strike_service(petition_id=case.petition.pk, service_id=service.pk, why="encore", by=court.registrar)
    bring(court, new, exhibit_id=case.piece.pk)
    assert Clock.objects.filter(party=case.authority, stopped_at=None).count() == 1


def test_a_paper_struck_stays_with_its_services_and_their_clocks_end(court, case, opened):
    bring(court, of(opened, case.authority), exhibit_id=case.piece.pk)
    serving.strike_paper(
        petition_id=case.petition.pk, filing_id=opened.pk, why="versé dans la mauvaise affaire", by=court.registrar
    )
    assert Filing.objects.get(pk=opened.pk).struck_why
    assert not Clock.objects.filter(stopped_at=None).exists()
    assert opened.services.count() == 2


def test_a_brief_in_time_meets_the_clock_and_goes_to_the_others(court, case, opened):
    bring(court, of(opened, case.authority), exhibit_id=case.piece.pk)
    brief = serving.file_paper(
        petition_id=case.petition.pk, kind="defence", title="Mémoire en défense", by=court.registrar, party_id=case.authority.pk
    )  # fmt: skip
    assert brief.verdict == "in_time"
    assert Clock.objects.get(party=case.authority).met_at == brief.filed_at
    assert {s.party_id for s in brief.services.all()} == {case.petitioner.pk, case.respondent.pk}


def test_a_late_brief_is_kept_and_called_late(court, case, opened):
    bring(court, of(opened, case.authority), exhibit_id=case.piece.pk, at=timezone.now() - timedelta(hours=23))
    late = timezone.now() + timedelta(hours=2)
    brief = serving.file_paper(
        petition_id=case.petition.pk, kind="defence", title="Mémoire", by=court.registrar, party_id=case.authority.pk, filed_at=late,
    )  # fmt: skip
    assert brief.verdict == "late"


def test_two_registrars_on_one_case_the_second_page_is_refused_and_nothing_is_written(court, case, opened):
    case.petition.refresh_from_db()
    seen = sheets.stamp(case.petition)
    one, two = opened.services.all()
    bring(court, one, exhibit_id=case.piece.pk, seen=seen)
    with pytest.raises(sheets.StalePage) as refused:
        bring(court, two, exhibit_id=case.piece.pk, seen=seen)
    assert refused.value.code == "DIS-205"
    two.refresh_from_db()
    assert two.served_at is None


def test_a_step_taken_by_another_makes_a_page_stale_too(court, case, opened):
    case.petition.refresh_from_db()
    seen = sheets.stamp(case.petition)
    for service in opened.services.all():
        serving.waive(petition_id=case.petition.pk, service_id=service.pk, act="art. 14", by=court.registrar)
    move(case.petition, State.INSTRUCTION, court.registrar)
    with pytest.raises(sheets.StalePage):
        communicated(court, case, kind="order", title="Ordonnance", seen=seen)


@pytest.mark.parametrize("role", ["juge", "presidence", "partie", "liaison", "guichet", "admin"])
def test_nobody_but_the_registry_serves(court, case, opened, role):
    with pytest.raises(Forbidden):
        serving.try_service(
            petition_id=case.petition.pk, service_id=opened.services.first().pk, mode=Mode.HAND, at=timezone.now(), outcome=Outcome.ABSENT, by=court.who(role)
        )  # fmt: skip


def test_every_act_is_told_and_none_names_a_person(court, case, opened):
    bring(court, of(opened, case.authority), exhibit_id=case.piece.pk)
    acts = Act.objects.filter(kind__startswith="disputes.", subject=f"petition:{case.petition.number}")
    assert {a.kind for a in acts} == {"disputes.paper_filed", "disputes.service_tried"}
    assert not any("Candidature" in str(a.after) or "Autorité" in str(a.after) for a in acts)


# --- a group ------------------------------------------------------------------------------------
@pytest.fixture
def group(court):
    """A lead and a case joined to it, with the same authority and respondent in both."""
    lead, other = court.case(state="served", ago=timedelta(days=2)), court.case(state="joined")
    other.petition.lead = lead.petition
    other.petition.save(update_fields=["lead"])
    return lead, other


def test_a_paper_of_the_group_reaches_each_person_once_and_starts_the_clock_of_each_case(court, group):
    lead, other = group
    order = communicated(court, lead, kind="order", title="Ordonnance")
    mains = order.services.filter(twin_of=None)
    assert mains.count() == 2 + 1  # petitioner (same name in both), respondent, authority
    assert order.services.count() == 6
    main = mains.get(party=lead.authority)
    bring(court, main, exhibit_id=lead.piece.pk)
    assert {c.petition_id for c in Clock.objects.all()} == {lead.petition.pk, other.petition.pk}
    with pytest.raises(rules.ServedAlready):
        bring(court, of(order, other.authority), exhibit_id=lead.piece.pk)


def test_it_goes_to_those_chosen_alone(court, group):
    lead, other = group
    order = communicated(court, lead, kind="order", title="Ordonnance", chosen=[other.authority.pk])
    assert {s.party.name for s in order.services.all()} == {"Autorité électorale"}
    with pytest.raises(serving.NobodyToServe):
        communicated(court, lead, kind="order", title="Ordonnance", chosen=[])


def test_the_sheet_of_the_docket_follows(court, case, opened):
    case.petition.refresh_from_db()
    assert case.petition.sheet.unserved == 2
    bring(court, of(opened, case.authority), exhibit_id=case.piece.pk)
    case.petition.sheet.refresh_from_db()
    assert case.petition.sheet.unserved == 1
    assert case.petition.sheet.next_kind == "reply"
