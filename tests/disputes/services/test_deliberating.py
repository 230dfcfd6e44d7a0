"""The deliberation on a real database: sealed bytes in, sealed bytes out, to whom the rounds allow, and a vote in two counts."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from kalata.disputes.models import BenchVote, Conflict, SealedItem
from kalata.disputes.queries import bench as queries
from kalata.disputes.rules.bench import CastingVote, NoAbstention, NoQuorum
from kalata.disputes.rules.deliberation import (
    AlreadyGiven,
    NoKey,
    NotOfTheBench,
    NotReleased,
    NotSealed,
    NotSealedToBench,
    NotSealedToYou,
    NotThePresident,
    StillSilent,
    TwoReseal,
)
from kalata.disputes.rules.sealing import NotForThisKey, unseal
from kalata.disputes.rules.sealing_keys import PrivateKey
from kalata.disputes.rules.steps import State
from kalata.disputes.services import deliberating, members, steps
from kalata.ledger.models import Act
from kalata.people.approving import decide_approval
from kalata.people.rules.approval import Decision
from tests.disputes.bench_stage import KEYS, bench, case, give_key, judge, person, sealed

pytestmark = pytest.mark.django_db
WORD = "palimpseste-indigo"
FIVE = ("j1", "j2", "j3", "j4", "j5")


@pytest.fixture
def judges(contest):
    return {m.code: m for m in bench()}


@pytest.fixture
def petition(contest, judges):
    made = case(contest, state="deliberation")
    deliberating.open_round(number=made.number, by=judges["j1"].person)
    return made


def write(petition, member, text=WORD, kind="opinion", point=0, to=FIVE):
    body = sealed(text, *to)
    return deliberating.deposit(number=petition.number, kind=kind, point=point, body=body, by=member.person)


def hand(petition, member, item=1, round_=1):
    return deliberating.hand(number=petition.number, round_=round_, item=item, by=member.person)


def test_a_text_is_kept_sealed_and_each_member_opens_it_with_his_own_key_after_release(petition, judges):
    for member in judges.values():
        write(petition, member)
    assert unseal(hand(petition, judges["j1"]), KEYS["j1"]).decode() == WORD
    with pytest.raises(NotReleased):
        hand(petition, judges["j2"])
    deliberating.release(number=petition.number, by=judges["j1"].person)
    for code, member in judges.items():
        assert unseal(hand(petition, member), KEYS[code]).decode() == WORD
    with pytest.raises(NotForThisKey):
        unseal(hand(petition, judges["j2"]), KEYS["j9"])


def test_the_server_keeps_no_byte_of_a_text_in_clear(petition, judges):
    write(petition, judges["j2"])
    one = SealedItem.objects.get()
    assert WORD.encode() not in bytes(one.body)
    assert WORD not in str([(a.subject, a.before, a.after, a.reason) for a in Act.objects.all()])


@pytest.mark.parametrize("body", [b"", WORD.encode(), b"kalata.court/sealed/1\n" + b"x" * 400])
def test_what_is_not_sealed_is_refused_and_nothing_of_it_is_repeated(petition, judges, body):
    with pytest.raises(NotSealed) as refused:
        deliberating.deposit(number=petition.number, kind="note", body=body, by=judges["j2"].person)
    assert WORD not in str(refused.value) and not SealedItem.objects.exists()


def test_a_text_sealed_to_fewer_than_the_bench_is_refused(petition, judges):
    with pytest.raises(NotSealedToBench):
        write(petition, judges["j2"], to=FIVE[:4])


def test_outside_the_bench_everybody_is_told_the_same_whatever_exists(petition, judges, contest):
    other = case(contest, 2, state="docketed")
    for who in ("greffe-chef", "admin-essai"):
        outsider = person(who, "greffe" if who == "greffe-chef" else "admin")
        for number in (petition.number, other.number, "2027-P1-BKO2-999999"):
            with pytest.raises(NotOfTheBench):
                deliberating.hand(number=number, round_=1, item=1, by=outsider)
    with pytest.raises(NotOfTheBench):
        deliberating.hand(number=other.number, round_=1, item=1, by=judges["j2"].person)


def test_a_member_kept_out_of_a_case_does_not_enter_its_deliberation(petition, judges):
    members.declare(member=judges["j5"], kind="party", name="La pirogue", by=judges["j5"].person)
    judge(6)
    Conflict.objects.create(
        petition=petition, member=judges["j5"], declaration=judges["j5"].declarations.get(), matched="La pirogue", at=timezone.now()
    )  # fmt: skip
    with pytest.raises(NotOfTheBench):
        write(petition, judges["j5"])


def test_a_member_votes_once_on_a_point_the_database_says_it_too(petition, judges):
    write(petition, judges["j2"], kind="vote", point=1)
    with pytest.raises(AlreadyGiven):
        write(petition, judges["j2"], kind="vote", point=1)
    with pytest.raises(deliberating.PointWanted):
        write(petition, judges["j3"], kind="vote", point=0)


def test_a_round_is_released_by_the_president_when_all_have_written_or_for_a_word(petition, judges):
    write(petition, judges["j1"])
    with pytest.raises(NotThePresident):
        deliberating.release(number=petition.number, by=judges["j2"].person)
    for silence in ("", "un texte libre"):
        with pytest.raises(StillSilent):
            deliberating.release(number=petition.number, silence=silence, by=judges["j1"].person)
    assert deliberating.release(number=petition.number, silence="absent", by=judges["j1"].person).silence == "absent"


def test_without_all_keys_no_round_opens(contest):
    bench(4)
    judge(5, key=False)
    made = case(contest, state="deliberation")
    with pytest.raises(NoKey):
        deliberating.open_round(number=made.number, by=person("membre-1", "presidence"))


def test_a_judge_who_joins_reads_only_what_two_members_seal_to_him(petition, judges):
    for member in judges.values():
        write(petition, member)
    deliberating.release(number=petition.number, by=judges["j1"].person)
    sixth = judge(6)
    with pytest.raises(NotSealedToYou):
        hand(petition, sixth)
    again = deliberating.reseal(
        number=petition.number, round_=1, item=1, body=sealed(WORD, *FIVE, "j6"), by=judges["j3"].person
    )  # fmt: skip
    for member in (sixth, judges["j3"]):
        with pytest.raises(TwoReseal):
            deliberating.confirm(number=petition.number, round_=1, item=again.number, by=member.person)
    with pytest.raises(NotSealedToYou):
        hand(petition, sixth, again.number)
    deliberating.confirm(number=petition.number, round_=1, item=again.number, by=judges["j4"].person)
    assert unseal(hand(petition, sixth, again.number), KEYS["j6"]).decode() == WORD


def test_a_lost_key_is_replaced_and_the_texts_are_sealed_to_the_new_one_by_two(petition, judges, registrar):
    write(petition, judges["j2"])
    deliberating.release(number=petition.number, silence="time", by=judges["j1"].person)
    members.lose_key(member=judges["j5"], by=judges["j5"].person)
    with pytest.raises(NoKey):
        deliberating.reseal(
            number=petition.number, round_=1, item=1, body=sealed(WORD, *FIVE[:4]), by=judges["j2"].person
        )
    fresh = PrivateKey.fresh()
    asked = members.ask_key(member=judges["j5"], public=fresh.public.text(), by=judges["j5"].person)
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=registrar)
    again = deliberating.reseal(
        number=petition.number, round_=1, item=1, body=sealed(WORD, *FIVE), by=judges["j2"].person
    )
    deliberating.confirm(number=petition.number, round_=1, item=again.number, by=judges["j3"].person)
    assert unseal(hand(petition, judges["j5"], again.number), fresh).decode() == WORD


def closed(petition, judges, **said):
    return deliberating.close(number=petition.number, by=judges["j1"].person, **said)


def test_the_vote_that_closes_is_two_counts_and_lets_the_case_be_drafted(petition, judges):
    assert not steps.case_of(petition).voted
    with pytest.raises(deliberating.RoundOpen):
        closed(petition, judges, ayes=3, noes=2)
    deliberating.release(number=petition.number, silence="nothing", by=judges["j1"].person)
    with pytest.raises(NoAbstention):
        closed(petition, judges, ayes=3, noes=1)
    with pytest.raises(CastingVote):
        closed(petition, judges, ayes=3, noes=2, casting=True)
    vote = closed(petition, judges, ayes=3, noes=2, secret=True)
    assert vote.carried and vote.present == list(FIVE) and steps.case_of(petition).voted
    found = queries.gate_bench(petition)
    assert (found["members"], found["quorum"], found["ayes"], found["noes"], found["president"]) == (9, 5, 3, 2, "j1")
    assert not any(a.after.get("ayes") for a in Act.objects.filter(kind="disputes.bench_voted"))
    with pytest.raises(deliberating.Voted):
        write(petition, judges["j2"])


def test_equal_voices_want_the_presidents_and_it_is_kept(contest):
    six = {m.code: m for m in bench(6)}
    made = case(contest, state="deliberation")
    deliberating.open_round(number=made.number, by=six["j1"].person)
    deliberating.release(number=made.number, silence="nothing", by=six["j1"].person)
    with pytest.raises(CastingVote):
        closed(made, six, ayes=3, noes=3)
    vote = closed(made, six, ayes=3, noes=3, casting=False)
    assert vote.casting is False and vote.carried is False


def test_below_the_quorum_nothing_opens(contest):
    bench(4)
    made = case(contest, state="deliberation")
    with pytest.raises(NoQuorum):
        deliberating.open_round(number=made.number, by=person("membre-1", "presidence"))


def test_what_is_sealed_is_never_rewritten_nor_deleted(petition, judges):
    write(petition, judges["j2"])
    deliberating.release(number=petition.number, silence="nothing", by=judges["j1"].person)
    closed(petition, judges, ayes=5, noes=0)
    for act in (
        lambda: SealedItem.objects.update(body=b"x"), lambda: SealedItem.objects.all().delete(),
        lambda: BenchVote.objects.update(ayes=0),
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_a_joined_case_deliberates_in_its_lead(petition, contest, judges):
    joined = case(contest, 2, state="joined")
    joined.lead = petition
    joined.save()
    found, _member = queries.in_deliberation(judges["j2"].person, joined.number)
    assert found == petition and State(found.state) is State.DELIBERATION


def test_the_list_of_keys_is_that_of_who_sits(petition, judges):
    assert queries.key_lines(petition) == [(c, KEYS[c].public.text()) for c in FIVE]
    give = judge(6, key=False)
    give_key(give)
    assert len(queries.key_lines(petition)) == 6
