"""A sitting is several persons: each notes being there from their own account, and one account alone decides nothing."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from kalata.people import services as people
from kalata.tally.models import Attendance, Paper, Passage
from kalata.tally.rules.lifecycle import State
from kalata.tally.services import commission, quorum
from kalata.tally.services import reports as tally
from tests.conftest import make_person
from tests.services.test_tally import a_colleague, desk, in_session, register, typed  # noqa: F401

pytestmark = pytest.mark.django_db


def convened(contest, by, members="Présidence ; AIGE\nMembre ; AIGE", quorum=2):
    made = commission.convene(contest=contest, unit=None, title="Séance", quorum=quorum, members=members, by=by)
    here = {m.pk: {"present": True} for m in made.members.all()}
    commission.note_members(sitting_id=made.pk, values=here, by=by)
    return made


def test_one_account_alone_opens_no_sitting_whatever_it_writes_of_the_members(register, desk):  # noqa: F811
    sitting = convened(register, desk["f"], members="Moi\nMoi encore\nEt moi")
    for _turn in range(2):
        with pytest.raises(commission.TooFew):
            commission.change(sitting_id=sitting.pk, to="open", by=desk["f"])
        commission.attend(sitting_id=sitting.pk, by=desk["f"])  # noted twice, counted once
    commission.attend(sitting_id=sitting.pk, by=a_colleague())
    assert commission.change(sitting_id=sitting.pk, to="open", by=desk["f"]).state == "open"


@pytest.mark.parametrize("value", [0, 1, 3])
def test_a_quorum_is_of_two_at_least_and_of_the_seats_at_most(register, desk, value):  # noqa: F811
    with pytest.raises(commission.LowQuorum):
        convened(register, desk["f"], quorum=value)


def test_where_the_law_of_the_pack_states_a_quorum_no_sitting_has_a_smaller_one(register, desk, monkeypatch):  # noqa: F811
    pack = type(register.election.pack.pack)
    kept = pack.records
    said = {"id": "X", "kind": "commission", "details": {"quorum": {"present_min": 3, "article": "art. 9"}}}
    monkeypatch.setattr(pack, "records", lambda self, kind: [said] if kind == "institutions" else kept(self, kind))
    assert quorum.stated(register) == (3, "art. 9") and quorum.least(register) == 3
    with pytest.raises(commission.LowQuorum) as refused:
        convened(register, desk["f"])
    assert "art. 9" in str(refused.value)
    assert convened(register, desk["f"], members="A\nB\nC", quorum=3).quorum == 3


def test_whoever_acts_in_a_sitting_has_noted_being_there(register, desk):  # noqa: F811
    paper = typed(register, desk)
    sitting = in_session(register, make_person("commission-3", "commission"))
    with pytest.raises(commission.NotNoted):
        tally.validate(paper_id=paper.pk, by=desk["f"], sitting_id=sitting.pk)
    with pytest.raises(commission.NotNoted):
        commission.decide(sitting_id=sitting.pk, text="x", votes=[1, 0, 0], by=desk["f"])
    commission.attend(sitting_id=sitting.pk, by=desk["f"])
    assert tally.validate(paper_id=paper.pk, by=desk["f"], sitting_id=sitting.pk).state == State.VALIDATED


def test_a_member_whose_mandate_ended_or_account_closed_is_no_longer_of_the_two(register, desk, administrator):  # noqa: F811
    paper = typed(register, desk)
    sitting = in_session(register, desk["f"])
    a_colleague().mandates.update(revoked_at=timezone.now())
    with pytest.raises(commission.TooFew):
        tally.validate(paper_id=paper.pk, by=desk["f"], sitting_id=sitting.pk)
    other = make_person("commission-3", "commission")
    commission.attend(sitting_id=sitting.pk, by=other)
    people.close_account(person=other, reason="départ", by=administrator)
    with pytest.raises(commission.TooFew):
        tally.validate(paper_id=paper.pk, by=desk["f"], sitting_id=sitting.pk)


def test_one_account_alone_neither_doubts_nor_sets_a_paper_aside(register, desk):  # noqa: F811
    paper = typed(register, desk)
    sitting = convened(register, desk["f"])
    commission.attend(sitting_id=sitting.pk, by=desk["f"])
    type(sitting).objects.filter(pk=sitting.pk).update(state="open")
    for to in (State.UNDER_REVIEW, State.VALIDATED):
        with pytest.raises(commission.TooFew):
            tally.take_step(paper_id=paper.pk, to=to, by=desk["f"], seen=None, reason="doute", sitting_id=sitting.pk)
    assert Paper.objects.get(pk=paper.pk).state == State.CHECKED


def test_the_database_keeps_no_act_of_a_sitting_held_by_one_person(register, desk):  # noqa: F811
    paper = typed(register, desk)
    sitting = convened(register, desk["f"])
    type(sitting).objects.filter(pk=sitting.pk).update(state="open")

    def slipped():
        return Passage.objects.create(
            paper=paper, version=1, start="checked", to="validated", by=desk["f"], right="results.commission",
            at=timezone.now(), previous=paper.last_hash, hash="0" * 64, sitting=sitting,
        )  # fmt: skip

    for by in (None, desk["f"]):
        if by:
            commission.attend(sitting_id=sitting.pk, by=by)
        with pytest.raises(DatabaseError, match="RES-464"), transaction.atomic():
            slipped()
    commission.attend(sitting_id=sitting.pk, by=a_colleague())
    assert slipped().pk
    with pytest.raises(DatabaseError), transaction.atomic():
        Attendance.objects.all().delete()
