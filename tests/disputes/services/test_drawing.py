"""The draw as it is done: committed by two before filing, from halves that the house does not keep, replayed by anybody."""

import csv
import io

import pytest
from django.db import DatabaseError, transaction

from kalata.country.models import Unit
from kalata.disputes.models import Conflict, Draw, DrawLine, Party, Recusal
from kalata.disputes.queries import bench as queries
from kalata.disputes.queries.drawing import bench_csv, roll_csv
from kalata.disputes.rules import draw as rules
from kalata.disputes.rules.bench import NotAllowed, NotPresent
from kalata.disputes.rules.recusals import State
from kalata.disputes.services import assigning, members
from kalata.ledger.models import Act
from kalata.lifecycle import Lacking, NotFromHere, OtherPerson
from kalata.people.approving import decide_approval
from kalata.people.rules.approval import Decision
from tests.conftest import make_person
from tests.disputes.bench_stage import bench, case, person

pytestmark = pytest.mark.django_db
SEED = "a1" * 16 + "b2" * 16


@pytest.fixture
def president(contest):
    return bench(key=False)[0].person


@pytest.fixture
def committed(contest, president, registrar):
    asked = assigning.ask_commit(
        contest=contest, commit=rules.commitment(SEED), tolerance=1, reason="avant le dépôt", by=president
    )
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=registrar)
    return Draw.objects.get()


def test_the_seed_is_committed_by_two_before_the_first_petition(contest, committed, president, registrar):
    assert (committed.by, committed.second, committed.seed) == (president, registrar, None)


def test_once_a_petition_is_received_no_seed_is_committed(contest, president):
    case(contest)
    with pytest.raises(assigning.SeedLate):
        assigning.ask_commit(contest=contest, commit=rules.commitment(SEED), reason="trop tard", by=president)


def test_a_petition_received_between_the_request_and_its_approval_stops_it(contest, president, registrar):
    asked = assigning.ask_commit(contest=contest, commit=rules.commitment(SEED), reason="avant", by=president)
    case(contest)
    with pytest.raises(assigning.SeedLate):
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=registrar)


def test_every_case_of_the_roll_is_drawn_and_the_seed_is_not_kept(contest, committed, president):
    for n in range(1, 9):
        case(contest, n)
    lines = assigning.draw_all(contest=contest, seed=SEED, by=president)
    assert [line.roll for line in lines] == list(range(1, 9))
    assert Draw.objects.get().seed is None
    assert not any(SEED in str(a.after) for a in Act.objects.all())
    loads = [DrawLine.objects.filter(member__code=f"j{n}").count() for n in range(2, 6)]
    assert not DrawLine.objects.filter(member__code="j1").exists(), "who presides has no mandate to report"
    assert max(loads) - min(loads) <= 1
    assert queries.rapporteur(lines[0].petition) == lines[0].member
    with pytest.raises(assigning.NothingToDraw):
        assigning.draw_all(contest=contest, seed=SEED, by=president)


def test_another_seed_draws_nothing(contest, committed, president):
    case(contest)
    with pytest.raises(rules.OtherSeed):
        assigning.draw_all(contest=contest, seed="00" * 32, by=president)
    assert not DrawLine.objects.exists()


def test_anybody_replays_the_published_list_with_its_absences_its_bars_and_its_decisions(
    contest, committed, president, registrar
):
    for n in range(1, 7):
        case(contest, n)
    assigning.draw_all(contest=contest, seed=SEED, by=president)
    third = DrawLine.objects.get(roll=3)
    other = next(m for m in ("j2", "j3", "j4") if m != third.member.code)
    assigning.give(
        petition=third.petition, member=bench_member(other), why="connexité avec une autre affaire", by=president
    )
    members.note_absence(member=bench_member("j5"), first=queries.today(), last=None, why="mission", by=registrar)
    for n in range(7, 12):
        case(contest, n)
    assigning.draw_all(contest=contest, seed=SEED, by=president)
    published = assigning.publish_draw(contest=contest, seed=SEED, by=president)
    rows = list(csv.DictReader(io.StringIO(roll_csv(contest))))
    judges = rules.bench_from(list(csv.DictReader(io.StringIO(bench_csv(contest)))))
    played = rules.play(published.seed, rules.roll_from(rows, judges), judges, tolerance=published.tolerance)
    assert rules.differences(rows, played) == [] and len(rows) == 12
    assert [p.digest for p in played] == [line.digest for line in DrawLine.objects.order_by("number")]
    with pytest.raises(assigning.DrawClosed):
        assigning.draw_all(contest=contest, seed=SEED, by=president)


def bench_member(code):
    return queries.BenchMember.objects.get(code=code)


def test_a_declaration_that_meets_a_party_or_a_place_bars_until_it_is_decided(contest, committed, president, registrar):
    second, third = bench_member("j2"), bench_member("j3")
    members.declare(member=second, kind="party", name="pirogue, la", by=second.person)
    unit = Unit.objects.filter(geography__code="ml-2015", level=1).first()
    members.declare(member=third, kind="origin", unit=unit, by=third.person)
    petition = case(contest)
    petition.unit = Unit.objects.filter(parent=unit).first()
    petition.save()
    assigning.draw_all(contest=contest, seed=SEED, by=president)
    line = DrawLine.objects.get()
    assert set(line.barred) == {"j1", "j2", "j3"} and line.member.code not in ("j2", "j3")
    hit = Conflict.objects.get(member=second)
    with pytest.raises(NotPresent):
        assigning.give(petition=petition, member=second, why="essai", by=president)
    assigning.decide_conflict(conflict=hit, barred=False, reason="homonyme", by=president)
    assert "j2" not in queries.kept_out(petition)
    with pytest.raises(assigning.Decided):
        assigning.decide_conflict(conflict=hit, barred=True, reason="autre avis", by=president)
    assert assigning.match(petition) == 0, "what was decided is not found again"


def test_nobody_decides_on_his_own_conflict_nor_without_a_reason(contest, president):
    one = bench_member("j1")
    members.declare(member=one, kind="party", name="La pirogue", by=one.person)
    petition = case(contest)
    assigning.match(petition)
    hit = Conflict.objects.get()
    with pytest.raises(assigning.NotTheirs):
        assigning.decide_conflict(conflict=hit, barred=False, reason="rien à voir", by=president)
    with pytest.raises(Lacking):
        assigning.decide_conflict(conflict=hit, barred=False, reason=" ", by=make_person("preside-2", "presidence"))


def test_where_nobody_may_report_nothing_is_drawn_not_even_the_cases_before(contest, committed, president):
    for n in range(1, 6):
        one = bench_member(f"j{n}")
        members.declare(member=one, kind="party", name="Le baobab", by=one.person)
    case(contest, 1)
    case(contest, 2, party="Le baobab")
    with pytest.raises(rules.NobodyEligible) as refused:
        assigning.draw_all(contest=contest, seed=SEED, by=president)
    assert refused.value.params["roll"] == 2 and not DrawLine.objects.exists()


def test_a_case_is_given_by_a_written_decision_only(contest, president):
    petition = case(contest)
    with pytest.raises(Lacking):
        assigning.give(petition=petition, member=bench_member("j3"), why="  ", by=president)
    assigning.give(petition=petition, member=bench_member("j3"), why="aucune graine engagée", by=president)
    assert queries.rapporteur(petition).code == "j3" and DrawLine.objects.get().given
    with pytest.raises(DatabaseError), transaction.atomic():
        DrawLine.objects.update(why="")


def test_where_the_law_has_no_recusal_a_demand_is_recorded_answered_and_never_granted(contest, president):
    petition, one = case(contest), bench_member("j2")
    clerk = person("greffe-chef", "greffe")
    asked = assigning.challenge(petition=petition, member=one, party=Party.objects.get(), grounds="parenté", by=clerk)
    assert queries.kept_out(petition) == {"j2": "undecided"}
    with pytest.raises(OtherPerson):
        assigning.move_recusal(recusal=asked, to=State.ANSWERED, reason="je réponds pour lui", by=president)
    assigning.move_recusal(recusal=asked, to=State.ANSWERED, reason="aucune parenté", by=one.person)
    with pytest.raises(NotAllowed):
        assigning.move_recusal(recusal=asked, to=State.GRANTED, reason="admise", by=president)
    with pytest.raises(OtherPerson):
        assigning.move_recusal(recusal=asked, to=State.REJECTED, reason="je rejette", by=one.person)
    assigning.move_recusal(recusal=asked, to=State.INADMISSIBLE, reason="aucun texte (2018-03/CC-EP)", by=president)
    assert queries.kept_out(petition) == {} and Recusal.objects.get().decided_by == president
    with pytest.raises(NotFromHere):
        assigning.move_recusal(recusal=asked, to=State.REJECTED, reason="encore", by=president)


def test_a_member_steps_aside_when_the_others_say_so(contest, president):
    petition, one = case(contest), bench_member("j2")
    asked = assigning.step_aside(petition=petition, member=one, grounds="j’ai conseillé cette liste", by=one.person)
    with pytest.raises(OtherPerson):
        assigning.move_recusal(recusal=asked, to=State.GRANTED, reason="admis", by=one.person)
    assigning.move_recusal(recusal=asked, to=State.GRANTED, reason="admis", by=president)
    assert queries.kept_out(petition) == {"j2": "aside"}
    assert queries.sitting(petition).can is False, "four of five are left, quorum five"


def test_joined_cases_share_the_conflicts_of_all_their_parties(contest, president):
    lead, joined = case(contest, 1), case(contest, 2, party="Le baobab")
    one = bench_member("j4")
    members.declare(member=one, kind="counsel", name="Le baobab", by=one.person)
    joined.lead = lead
    joined.save()
    assigning.match(lead)
    assert queries.kept_out(lead) == {"j4": "undecided"}
