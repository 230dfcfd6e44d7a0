"""A notice to cure moves the case when it is written and starts its clock when it is served; the term ends at its instant."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from kalata.deadlines.rules.steps import Unit
from kalata.disputes.models import Clock, Filing, Petition
from kalata.disputes.papers.registry import Defect
from kalata.disputes.queries.law import norms_of
from kalata.disputes.rules import curing as rules
from kalata.disputes.rules.service import NoTerm, Term
from kalata.disputes.rules.steps import State
from kalata.disputes.services import checking, curing, issuing, serving, several
from kalata.disputes.services.steps import move
from kalata.documents.models import IssuedDocument
from kalata.lifecycle import NotFromHere
from kalata.refusals import Forbidden
from tests.disputes.services.test_serving import bring, of

pytestmark = pytest.mark.django_db
LACKS = [Defect("La requête n’est pas signée", "art. 31", "La signer au greffe")]
ORDER = Term("lettre du greffe 12", 48, Unit.HOUR)


@pytest.fixture
def case(court):
    return court.case(state="docketed")


def invited(court, case, term: Term | None = ORDER, **how):
    return curing.invite(
        petition_id=case.petition.pk, defects=LACKS, term=term, lang="fr", **({"by": court.registrar} | how)
    )


def state(case):
    return Petition.objects.get(pk=case.petition.pk).state


def notice(case):
    return Filing.objects.get(petition=case.petition, kind="cure")


def served(court, case, at=None):
    at = (at or timezone.now() - timedelta(minutes=5)).replace(second=0, microsecond=0)
    Filing.objects.filter(pk=notice(case).pk).update(filed_at=at - timedelta(days=9))
    bring(court, of(notice(case), case.petitioner), exhibit_id=case.piece.pk, at=at)
    return Clock.objects.get(petition=case.petition, kind="cure"), at


def test_the_notice_moves_the_case_by_its_table_and_is_a_letter_to_the_petitioner_alone(court, case):
    letter = invited(court, case)
    step = case.petition.steps.get()
    assert (step.start, step.to, step.why) == ("docketed", "to_cure", "La requête n’est pas signée")
    assert [s.party for s in notice(case).services.all()] == [case.petitioner]
    assert letter.kind == "court-cure"


def test_written_it_starts_no_clock_served_it_does_from_that_very_instant(court, case):
    invited(court, case)
    assert not Clock.objects.filter(kind="cure").exists()
    clock, at = served(court, case)
    assert (clock.party, clock.started_at, clock.order) == (case.petitioner, at, "lettre du greffe 12")
    assert clock.bound == at + timedelta(hours=48, minutes=1)


def test_days_keep_both_readings(court, case):
    invited(court, case, Term("lettre 12", 3, Unit.DAY))
    clock, _at = served(court, case)
    assert [r["rule"] for r in clock.readings] == ["CALENDAR_EXCL_START", "FRANC"]


def test_the_case_goes_on_at_the_first_instant_past_the_term_and_not_one_second_before(court, case):
    invited(court, case)
    clock, _at = served(court, case)
    assert curing.expire(clock.bound - timedelta(seconds=1)) == 0
    assert state(case) == State.TO_CURE
    assert curing.expire(clock.bound) == 1
    assert state(case) == State.ADMISSIBILITY
    assert case.petition.steps.last().by is None
    assert curing.expire(clock.bound) == 0


def test_where_readings_differ_the_case_waits_for_the_last_of_them(court, case):
    invited(court, case, Term("lettre 12", 3, Unit.DAY))
    clock, _at = served(court, case)
    assert curing.expire(clock.bound) == 0
    late = curing.too_late_at(clock)
    assert late is not None and late > clock.bound
    assert curing.expire(late - timedelta(seconds=1)) == 0
    assert curing.expire(late) == 1


def test_a_notice_that_reached_nobody_lets_no_term_run_out(court, case):
    invited(court, case)
    assert curing.expire(timezone.now() + timedelta(days=900)) == 0
    assert state(case) == State.TO_CURE


def brought(court, case, at):
    return serving.file_paper(
        petition_id=case.petition.pk, kind=rules.CURED, title="Requête signée", by=court.registrar, party_id=case.petitioner.pk, filed_at=at,
    )  # fmt: skip


@pytest.mark.parametrize(("late", "verdict"), [(timedelta(seconds=-1), "in_time"), (timedelta(), "late")])
def test_what_the_petitioner_brings_meets_the_clock_and_takes_the_case_on(court, case, late, verdict):
    invited(court, case)
    clock, _at = served(court, case)
    brought(court, case, clock.bound + late)
    clock.refresh_from_db()
    assert (clock.verdict, clock.met_at) == (verdict, clock.bound + late)
    assert state(case) == State.ADMISSIBILITY
    assert Filing.objects.get(kind=rules.CURED).verdict == verdict


def test_brought_after_the_case_went_on_it_is_late_and_says_so(court, case):
    invited(court, case)
    served(court, case, timezone.now() - timedelta(days=4))
    curing.expire(timezone.now())
    assert brought(court, case, timezone.now()).verdict == "late"
    assert state(case) == State.ADMISSIBILITY


def test_taken_on_by_a_person_the_case_waits_for_no_cure_any_more(court, case):
    invited(court, case)
    clock, _at = served(court, case)
    move(Petition.objects.get(pk=case.petition.pk), State.ADMISSIBILITY, court.registrar)
    clock.refresh_from_db()
    assert (clock.met_at, clock.stopped_why) == (None, rules.RESUMED)


# --- what is refused, and leaves nothing half done ----------------------------------------------
def untouched(case, was="docketed"):
    return state(case) == was and not Filing.objects.exists() and not IssuedDocument.objects.exists()


def test_without_a_term_of_a_text_or_of_an_act_there_is_no_notice(court, case):
    for term, refusal in ((None, issuing.NoNotice), (Term("", 3), NoTerm), (Term("lettre 12"), NoTerm)):
        with pytest.raises(refusal):
            invited(court, case, term)
    with pytest.raises(issuing.NoNotice):
        invited(court, case, Term("lettre 12", until=f"{timezone.localtime():%Y-%m-%dT%H:%M}"))
    assert untouched(case)


def test_only_a_case_newly_on_the_docket_is_invited_and_once(court, case):
    invited(court, case)
    with pytest.raises(NotFromHere):
        invited(court, case)
    assert Filing.objects.filter(kind="cure").count() == 1


def test_what_the_law_does_not_let_cure_is_not_asked_for(court, case, monkeypatch):
    real = norms_of(court.contest)
    law = replace(real, rules=tuple(replace(r, curable={"signed": False, "dated": False, "certified": False}) if r.item == "form" else r for r in real.rules))  # fmt: skip
    monkeypatch.setattr(checking, "norms_of", lambda contest: law)
    checking.check(petition_id=case.petition.pk, by=court.registrar, form={})
    with pytest.raises(rules.NotCurable):
        invited(court, case)
    assert untouched(case)


def test_who_does_not_keep_the_registry_invites_nobody(court, case):
    with pytest.raises(Forbidden):
        invited(court, case, by=court.rapporteur)
    assert untouched(case)


# --- the term of the pack -----------------------------------------------------------------------
@pytest.fixture
def law(court, monkeypatch):
    """The pack as it is, its norm on form naming five days from the event: those of another limit, for the figure."""
    real = norms_of(court.contest)
    made = replace(
        real, rules=tuple(replace(r, cure_limits=("ML-COMPLAINT-OPERATIONS",)) if r.item == "form" else r for r in real.rules)
    )  # fmt: skip
    for module in (curing, issuing):
        monkeypatch.setattr(module, "norms_of", lambda contest: made)
    return made


def test_the_norm_of_the_pack_counts_from_the_service_with_its_source(court, case, law):
    invited(court, case, None)
    clock, at = served(court, case)
    record = law.limits["ML-COMPLAINT-OPERATIONS"]
    default = next(r for r in clock.readings if r["default"])
    assert default["deadline"][:10] == (timezone.localtime(at) + timedelta(days=5)).date().isoformat()
    assert clock.about == "ML-COMPLAINT-OPERATIONS"
    assert record["law"] in clock.article and clock.confidence == record["confidence"]


def test_an_act_that_gives_a_term_goes_before_the_norm(court, case, law):
    invited(court, case, ORDER)
    clock, at = served(court, case)
    assert clock.bound == at + timedelta(hours=48, minutes=1)


# --- several at once ----------------------------------------------------------------------------
def test_several_are_invited_each_from_its_own_checklist_and_one_refusal_stops_no_other(court, case):
    bare, moved = court.case(state="docketed"), court.case(state="served")
    for one in (case, moved):
        checking.check(petition_id=one.petition.pk, by=court.registrar, form={"certified": True})
    ids = [one.petition.pk for one in (bare, moved, case)]
    found = several.invite(ids=ids, by=court.registrar, lang="fr", term=ORDER)
    assert found.done == [case.petition.pk]
    assert isinstance(found.refused[bare.petition.pk], rules.NothingToCure)
    assert isinstance(found.refused[moved.petition.pk], NotFromHere)
    assert (state(case), state(bare), state(moved)) == ("to_cure", "docketed", "served")
    assert {f.petition_id for f in Filing.objects.all()} == {case.petition.pk}


def test_several_are_notified_and_what_one_lacks_leaves_it_whole(court):
    one, alone, early = court.case(), court.case(), court.case(state="docketed")
    alone.petition.parties.exclude(role="petitioner").update(struck=True)
    ids = [c.petition.pk for c in (one, alone, early)]
    found = several.notify(ids=ids, by=court.registrar, lang="fr", term=ORDER)
    assert found.done == [one.petition.pk]
    assert isinstance(found.refused[alone.petition.pk], serving.NobodyToServe)
    assert isinstance(found.refused[early.petition.pk], several.NothingToTell)
    assert (state(one), state(alone), state(early)) == ("served", "admissibility", "docketed")
    assert not alone.petition.filings.exists()
    again = several.notify(ids=[one.petition.pk], by=court.registrar, lang="fr")
    assert again.done and one.petition.filings.count() == 1
