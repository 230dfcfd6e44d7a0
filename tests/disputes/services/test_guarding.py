"""Each act on a case asks for itself who acts: what a page would have stopped is stopped all the same where none is passed."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from django.utils import timezone

from kalata.country.models import Unit
from kalata.disputes.chained import exhibits_seen
from kalata.disputes.models import Measure, Party, RulingOutcome, WhatIf
from kalata.disputes.rules import recusals
from kalata.disputes.rules.instruct import NotTheReporter
from kalata.disputes.rules.steps import State
from kalata.disputes.services import (
    assigning,
    checking,
    curing,
    docketing,
    executing,
    hearings,
    issuing,
    measures,
    overriding,
    portal,
    reasons,
    rulings,
    steps,
    whatifs,
)
from kalata.disputes.services.guarding import OutOfTheCase
from kalata.evidence.models import Content
from kalata.people import services as people
from kalata.people.models import Person
from kalata.refusals import Forbidden, Refused
from tests.conftest import make_person
from tests.disputes import bench_stage, instructed

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year


@pytest.fixture
def seats(contest):
    """j1 presides, j2 and j3 may report."""
    return bench_stage.bench(3, key=False)


@pytest.fixture
def case(contest, seats):
    """In instruction, reported by j2."""
    made = bench_stage.case(contest, 1, state="instruction")
    instructed.given(made, seats[1])
    instructed.aimed(made)
    return made


def recuse(petition, member, *, granted: bool = True):
    party = petition.parties.first()
    return petition.recusals.create(
        member=member, party=party, grounds="parenté", allowed=True, article="art. 9", at=timezone.now(),
        by=make_person(f"greffe-{member.code}", "greffe"),
        **({"state": "granted", "reply": "vrai", "decision": "fondée", "decided_by": bench_stage.person("membre-9", "juge"), "decided_at": timezone.now()} if granted else {"state": "demanded"}),
    )  # fmt: skip


def draft(contest, case, by, rank=7):
    return rulings.draft(contest=contest, number=f"{YEAR}-{rank}/CC-EL", words="motif", by=by, petitions=[case])


# --- a member kept out of the case ----------------------------------------------------------------------------
@pytest.mark.parametrize("granted", [True, False], ids=["recused", "while the demand waits"])
def test_a_member_kept_out_of_a_case_takes_no_step_asks_no_measure_and_draws_no_list_of_it(case, seats, granted):
    recuse(case, seats[1], granted=granted)
    out = seats[1].person
    for act in (
        lambda: steps.move(case, State.READY, out, act="rapport"),
        lambda: docketing.step(petition_id=case.pk, to=State.READY, by=out, act="rapport"),
        lambda: measures.ask(petition_id=case.pk, kind="report", what="PV", by=out),
        lambda: checking.check(petition_id=case.pk, by=out),
    ):
        with pytest.raises(OutOfTheCase):
            act()
    case.refresh_from_db()
    assert case.state == "instruction" and not Measure.objects.exists()


def test_a_president_kept_out_assigns_nothing_hears_nothing_and_sends_nothing_to_deliberation(contest, case, seats):
    case.state = "ready"
    case.save(update_fields=["state"])
    recuse(case, seats[0])
    out = seats[0].person
    at = timezone.now() + timedelta(days=3)
    for act in (
        lambda: assigning.give(petition=case, member=seats[2], why="charge", by=out),
        lambda: hearings.fix(contest=contest, starts_at=at, place="Salle 1", petitions=[case], by=out),
        lambda: steps.move(case, State.DELIBERATION, out, why="procédure écrite"),
    ):
        with pytest.raises(OutOfTheCase):
            act()
    assert not contest.hearings.exists()


def test_a_member_kept_out_writes_nothing_of_the_decision_and_nobody_kept_out_signs_or_corrects_it(
    contest, case, seats
):
    out, third, president = seats[1].person, seats[2].person, seats[0].person
    held = draft(contest, case, third)
    recuse(case, seats[1])
    recuse(case, seats[0])
    for act in (
        lambda: draft(contest, case, out, 8),
        lambda: rulings.amend(ruling=held, by=out, articles=["ML-D-OPERATIONS"]),
        lambda: rulings.generate(ruling=held, by=out),
        lambda: reasons.remark(ruling=held, key="visas", words="non", by=out),
        lambda: rulings.back(ruling=held, reason="revoir", by=president),
        lambda: rulings.override(ruling=held, reasons="vu", by=president),
        lambda: executing.sign(ruling=held, by=president),
        lambda: rulings.pronounce(ruling=held, minutes="PV d’audience", by=president),
        lambda: rulings.correct(ruling=held, passage="a", reads="b", why="faute", by=president),
    ):
        with pytest.raises(OutOfTheCase):
            act()
    assert RulingOutcome.objects.count() == 1
    rulings.amend(ruling=held, by=third, articles=["ML-D-OPERATIONS"])  # who sits goes on


def test_who_is_out_for_good_decides_of_nobody_else_and_who_only_waits_may(case, seats):
    """Were every member challenged at once, nobody could decide, if a demand alone kept a member from deciding of others."""
    other = recuse(case, seats[1], granted=False)
    waiting = recuse(case, seats[2], granted=False)
    assigning.move_recusal(recusal=other, to=recusals.State.INADMISSIBLE, reason="aucun texte", by=seats[2].person)
    petition = case
    recuse(petition, seats[0])
    with pytest.raises(OutOfTheCase):
        assigning.move_recusal(
            recusal=waiting, to=recusals.State.INADMISSIBLE, reason="aucun texte", by=seats[0].person
        )


def test_a_simulation_is_not_deleted_by_who_is_out_of_its_case(contest, case, seats):
    one = WhatIf.objects.create(
        petition=case,
        name="essai",
        case={},
        told={},
        digest="d" * 64,
        revision=1,
        by=seats[1].person,
        at=timezone.now(),
    )
    recuse(case, seats[1])
    with pytest.raises(OutOfTheCase):
        whatifs.drop(one=one, by=seats[1].person)
    assert WhatIf.objects.filter(pk=one.pk).exists()


# --- who reports it ------------------------------------------------------------------------------------------
def test_what_follows_from_the_report_is_of_its_reporting_judge_and_of_no_other(case, seats):
    third = seats[2].person
    for act in (
        lambda: measures.ask(petition_id=case.pk, kind="report", what="PV", by=third),
        lambda: checking.check(petition_id=case.pk, by=third),
        lambda: steps.move(case, State.READY, third, act="rapport"),
    ):
        with pytest.raises(NotTheReporter):
            act()
    steps.move(case, State.READY, seats[1].person, act="rapport")
    assert case.state == "ready"


def test_a_member_whose_mandate_is_of_another_contest_has_no_place_in_this_case(contest, case, seats, settings):
    from kalata.disputes.queries.instruct import place_of
    from kalata.disputes.rules.instruct import Place

    person = seats[2].person
    assert place_of(person, case) is Place.MEMBER
    other = type(contest).objects.create(
        election=contest.election, code="autre", name_fr="Autre", system=contest.system, boxes=contest.boxes
    )
    person.mandates.update(revoked_at=timezone.now())
    people.give_mandate(person=person, role="juge", contest=other)
    assert place_of(Person.objects.get(pk=person.pk), case) is Place.NOBODY


# --- other people --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["admin", "superviseur", "partie", "guichet", "liaison", "publication-cour"])
def test_neither_an_administrator_nor_a_party_nor_a_clerk_acts_on_a_case(contest, case, seats, role):
    other = make_person("autre-personne", role)
    party = Party.objects.get(petition=case)
    at = timezone.now() + timedelta(days=3)
    acts = (
        lambda: steps.move(case, State.READY, other, act="rapport"),
        lambda: steps.move(case, State.WITHDRAWN, other, act="désistement"),
        lambda: measures.ask(petition_id=case.pk, kind="report", what="PV", by=other),
        lambda: checking.check(petition_id=case.pk, by=other),
        lambda: assigning.give(petition=case, member=seats[2], why="charge", by=other),
        lambda: assigning.challenge(petition=case, member=seats[2], party=party, grounds="parenté", by=other),
        lambda: hearings.fix(contest=contest, starts_at=at, place="Salle 1", petitions=[case], by=other),
        lambda: draft(contest, case, other),
        lambda: issuing.letters(petition=case, lang="fr", by=other),
        lambda: curing.invite(petition_id=case.pk, defects=[], by=other, lang="fr"),
        lambda: issuing.copy(petition=case, number=1, held="", asked_by="", lang="fr", by=other),
        lambda: docketing.sever(petition_id=case.pk, why="x", by=other),
        lambda: overriding.ask(petition_id=case.pk, clock_id=1, value="2027-01-01", authority="a", document="d", decided=date(2027, 1, 1), reason="r", by=other),
    )  # fmt: skip
    if role != "guichet":  # a clerk of the counter that received it prints its receipt
        acts = (*acts, lambda: issuing.receipt(petition=case, lang="fr", by=other))
    for act in acts:
        with pytest.raises(Forbidden):
            act()


def test_a_registrar_of_a_region_or_of_another_contest_has_no_act_on_a_case_of_the_court(contest, case):
    unit = Unit.objects.filter(geography=contest.election.geography, level=1).first()
    here, nobody = make_person("greffe-region", "greffe", unit=unit), make_person("greffe-sans-mandat")
    acts = (
        lambda by: steps.move(case, State.WITHDRAWN, by, act="désistement"),
        lambda by: issuing.letters(petition=case, lang="fr", by=by),
        lambda by: docketing.sever(petition_id=case.pk, why="x", by=by),
    )
    for by, act in itertools.product((here, nobody), acts):
        with pytest.raises(Forbidden):
            act(by)


def test_a_party_of_another_case_neither_acknowledges_nor_files_in_this_one(contest, case):
    lawyer = make_person("avocat", "partie")
    mine = bench_stage.case(contest, 2, party="Une autre liste")
    Party.objects.filter(petition=mine).update(account=lawyer)
    with pytest.raises(type(case).DoesNotExist):
        portal.acknowledge(number=str(case.number), service_id=1, by=lawyer)
    with pytest.raises(type(case).DoesNotExist):
        portal.file_brief(number=str(case.number), kind="reply", title="Mémoire", content=None, name="m.pdf", party_id=case.parties.get().pk, by=lawyer)  # fmt: skip
    with pytest.raises(Forbidden):
        issuing.receipt(petition=case, lang="fr", by=lawyer)


def test_the_registry_and_the_reporting_judge_ask_that_a_limit_be_set_aside(case, seats):
    for by in (seats[1].person, bench_stage.person("greffe-chef", "greffe")):
        with pytest.raises(Refused) as met:
            overriding.ask(petition_id=case.pk, clock_id=1, value="2027-01-01", authority="", document="", decided=date(2027, 1, 1), reason="r", by=by)  # fmt: skip
        assert met.value.code == "DIS-207"  # there is no such clock: the right was there


def test_a_member_out_of_a_case_finds_no_piece_of_it_by_its_identifier_nor_from_the_case(case, seats):
    content = Content.objects.create(sha256="a" * 64, size=1, media="image/png", kept_at=timezone.now())
    piece = case.exhibits.create(number=90, piece=content, kind="pv", name="Lettre du témoin.png", received_at=timezone.now())
    out, stays = seats[1].person, seats[2].person
    assert set(exhibits_seen(out)) == set(exhibits_seen(stays)) == {piece}
    recuse(case, seats[1])
    assert not exhibits_seen(out).exists() and set(exhibits_seen(stays)) == {piece}
