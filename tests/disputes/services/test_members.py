"""Who sits: entered by the registry, counted by the pack's law; a key is confirmed by another person than its member."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from kalata.disputes.models import BenchKey, BenchMember
from kalata.disputes.queries import bench as queries
from kalata.disputes.rules.deliberation import NotOfTheBench
from kalata.disputes.rules.sealing_keys import BadPublicKey, PrivateKey
from kalata.disputes.services import members
from kalata.ledger.models import Act
from kalata.people.approving import decide_approval
from kalata.people.rules.approval import Decision, SamePerson
from kalata.refusals import Forbidden
from tests.conftest import holds_only, make_person
from tests.disputes.bench_stage import KEYS, case, judge, person

pytestmark = pytest.mark.django_db


def test_the_registry_seats_a_member_who_has_a_mandate_to_sit(pack_version, registrar):
    who = make_person("membre-neuf", "juge")
    made = members.seat(code="j1", person=who, authority="CSM", since=date(2027, 1, 1), by=registrar)
    assert made.code == "j1" and Act.objects.get(kind="disputes.bench_seated").subject == "bench_member:j1"
    with pytest.raises(members.SeatTaken):
        members.seat(
            code="j1", person=make_person("autre", "juge"), authority="CSM", since=date(2027, 1, 1), by=registrar
        )


def test_who_has_no_mandate_to_sit_is_not_seated_and_a_member_seats_nobody(pack_version, registrar):
    with pytest.raises(members.NoMandate):
        members.seat(
            code="j1", person=make_person("sans", "auditeur"), authority="CSM", since=date(2027, 1, 1), by=registrar
        )
    one = judge(1, key=False)
    with pytest.raises(Forbidden):
        members.seat(
            code="j2", person=make_person("neuf", "juge"), authority="CSM", since=date(2027, 1, 1), by=one.person
        )


def test_a_bench_of_four_cannot_sit_and_of_five_can(contest, registrar):
    petition = case(contest)
    four = [judge(n, key=False) for n in range(1, 5)]
    assert not queries.sitting(petition).can
    judge(5, key=False)
    assert queries.sitting(petition).can
    members.note_absence(member=four[1], first=date(2020, 1, 1), last=None, why="mission", by=registrar)
    found = queries.sitting(petition)
    assert not found.can and found.kept_out == {"j2": "absent"}


def test_who_left_leaves_a_vacancy_with_its_clock(contest, registrar):
    one = judge(1, key=False)
    members.leave(member=one, until=date(2027, 1, 31), why="démission", by=registrar)
    found = queries.sitting(case(contest), date(2027, 2, 10))
    assert found.sitting == () and found.vacancies[0].due == date(2027, 3, 2)


def test_one_president_at_a_time_the_database_says_it_too(contest, registrar):
    first, second = judge(1, key=False), judge(2, key=False)
    members.make_president(member=second, by=registrar)
    assert list(BenchMember.objects.filter(president=True)) == [second]
    with pytest.raises(IntegrityError), transaction.atomic():
        BenchMember.objects.filter(pk=first.pk).update(president=True)


def test_a_key_takes_two_persons_and_its_member_is_never_the_second(contest, registrar):
    one = judge(2, key=False)
    public = KEYS["j2"].public.text()
    asked = members.ask_key(member=one, public=public, by=one.person)
    assert not BenchKey.objects.exists()
    holder = holds_only(one.person, "disputes.bench", "disputes.registry")
    with pytest.raises(SamePerson):
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=holder)
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=registrar)
    kept = BenchKey.objects.get()
    assert (kept.public, kept.by, kept.confirmed_by) == (public, one.person, registrar)
    with pytest.raises(members.KeyInUse):
        members.ask_key(member=one, public=public, by=one.person)


def test_nobody_gives_a_key_for_another_and_a_slip_of_the_pen_is_refused(contest, registrar):
    one = judge(2, key=False)
    with pytest.raises(NotOfTheBench):
        members.ask_key(member=one, public=KEYS["j2"].public.text(), by=registrar)
    with pytest.raises(BadPublicKey):
        members.ask_key(member=one, public=KEYS["j2"].public.text()[:-2] + "AA", by=one.person)


def test_a_new_key_ends_the_one_before_and_no_private_key_is_anywhere(contest, registrar):
    one = judge(2)
    fresh = PrivateKey.fresh()
    asked = members.ask_key(member=one, public=fresh.public.text(), by=one.person)
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=registrar)
    assert BenchKey.objects.filter(withdrawn_at=None).get().public == fresh.public.text()
    assert BenchKey.objects.filter(withdrawn_at__isnull=False).count() == 1
    columns = {f.name for f in BenchKey._meta.get_fields()}
    assert not {c for c in columns if "private" in c or "secret" in c}


def test_a_confirmed_key_is_not_rewritten(contest):
    judge(2)
    with pytest.raises(DatabaseError), transaction.atomic():
        BenchKey.objects.update(public="bench1+00000000+x")


def test_interests_are_declared_by_the_member_alone(contest, registrar):
    one = judge(2, key=False)
    members.declare(member=one, kind="party", name="La pirogue", by=one.person)
    with pytest.raises(NotOfTheBench):
        members.declare(member=one, kind="party", name="La pirogue", by=person("greffe-chef", "greffe"))
    act = Act.objects.get(kind="disputes.interest_declared")
    assert "pirogue" not in str(act.after), "the ledger says that he declared, not what"
