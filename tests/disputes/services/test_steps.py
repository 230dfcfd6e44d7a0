"""A case moves by one function; the database keeps what was received, whatever code writes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from kalata.disputes.models import Counter, Petition, PetitionStep, Strike
from kalata.disputes.rules.steps import NoRoll, NotServed, OneHand, State
from kalata.disputes.services import steps
from kalata.ledger.models import Act
from kalata.lifecycle import NotFromHere, Overtaken
from kalata.people import services as people
from kalata.refusals import Forbidden
from tests.conftest import holds_only, make_person

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 7, 19, 31, 8, tzinfo=UTC)


@pytest.fixture
def counter(db):
    return Counter.objects.create(code="BKO2", name="Greffe central", key="0" * 64, at=timezone.now())


@pytest.fixture
def received(contest, counter):
    def make(n=1, roll=None, state="received"):
        return Petition.objects.create(
            contest=contest, counter=counter, number=f"2027-P1-BKO2-{n:06d}", sequence=n, roll=roll, state=state,
            received_at=AT, at=timezone.now(),
        )  # fmt: skip

    return make


@pytest.fixture
def facts(monkeypatch):
    """What the other parts of the room say of every case."""
    said = {"unserved": 0, "undelivered": 0, "voted": True, "passes": True}
    monkeypatch.setattr(steps, "FACTS", [lambda petition: dict(said)])
    return said


def everybody(pack_version):
    roles = {"registrar": "greffe", "rapporteur": "juge", "president": "presidence", "publisher": "publication-cour"}
    return {name: make_person(f"{name}-essai", role) for name, role in roles.items()}


WAY = [
    ("registrar", State.DOCKETED, {}), ("registrar", State.ADMISSIBILITY, {}), ("registrar", State.SERVED, {}),
    ("registrar", State.INSTRUCTION, {}), ("rapporteur", State.READY, {"act": "rapport"}), ("president", State.HEARING, {}),
    ("president", State.DELIBERATION, {"act": "procès-verbal d’audience"}), ("rapporteur", State.DRAFTED, {}),
    ("rapporteur", State.GATE, {"act": "2027-04/CC-EL"}), ("president", State.SIGNED, {"act": "2027-04/CC-EL"}),
    ("president", State.PRONOUNCED, {"act": "audience publique"}), ("registrar", State.NOTIFIED, {}),
    ("publisher", State.PUBLISHED, {}), ("president", State.APPLIED, {"act": "2027-04/CC-EL"}), ("registrar", State.CLOSED, {}),
]  # fmt: skip


def test_a_case_goes_from_the_counter_to_the_archive_and_each_step_is_told(received, facts, pack_version):
    one, who = received(roll=1), everybody(pack_version)
    for name, to, said in WAY:
        steps.move(one, to, who[name], **said)
    assert one.state == "closed"
    assert list(one.steps.values_list("to", flat=True)) == [to.value for _n, to, _s in WAY]
    assert Act.objects.filter(kind="disputes.petition_moved", subject=f"petition:{one.number}").count() == len(WAY)


def test_a_step_that_is_refused_leaves_nothing_behind(received, facts, pack_version):
    one, who = received(), everybody(pack_version)
    with pytest.raises(NoRoll):
        steps.move(one, State.DOCKETED, who["registrar"])
    with pytest.raises(Forbidden):
        steps.move(one, State.DOCKETED, who["president"])
    with pytest.raises(NotFromHere):
        steps.move(one, State.SIGNED, who["president"], act="x")
    assert (one.state, PetitionStep.objects.count(), Act.objects.filter(kind__startswith="disputes.").count()) == (
        "received",
        0,
        0,
    )


def test_without_a_word_from_who_knows_a_party_is_not_served(received, pack_version, monkeypatch):
    monkeypatch.setattr(steps, "FACTS", [])
    one, who = received(roll=1, state="served"), everybody(pack_version)
    with pytest.raises(NotServed):
        steps.move(one, State.INSTRUCTION, who["registrar"])


def test_who_carried_the_draft_to_the_gate_does_not_sign_it(received, facts, pack_version):
    one = received(roll=1, state="deliberation")
    both = holds_only(make_person("les-deux"), "disputes.rapporteur", "disputes.preside")
    steps.move(one, State.DRAFTED, both)
    steps.move(one, State.GATE, both, act="2027-04/CC-EL")
    with pytest.raises(OneHand):
        steps.move(one, State.SIGNED, both, act="2027-04/CC-EL")
    other = make_person("autre-president", "presidence")
    steps.move(one, State.DRAFTED, other, why="annexe à revoir")
    with pytest.raises(NotFromHere):
        steps.move(one, State.SIGNED, other, act="2027-04/CC-EL")


def test_a_joined_case_keeps_its_number_and_goes_to_the_gate_with_its_lead(received, facts, pack_version):
    who = everybody(pack_version)
    lead, one = received(1, roll=1, state="deliberation"), received(2, roll=2, state="ready")
    steps.move(one, State.JOINED, who["registrar"], why="même acte", lead=lead)
    assert (one.lead_id, one.number) == (lead.pk, "2027-P1-BKO2-000002")
    steps.move(lead, State.DRAFTED, who["rapporteur"])
    steps.move(lead, State.GATE, who["rapporteur"], act="2027-04/CC-EL")
    steps.move(one, State.GATE, None)
    assert one.state == "gate"


def test_a_severed_case_goes_on_where_it_was(received, facts, pack_version):
    who = everybody(pack_version)
    lead, one = received(1, roll=1, state="instruction"), received(2, roll=2, state="served")
    steps.move(one, State.JOINED, who["registrar"], why="même acte", lead=lead)
    steps.move(one, State.SEVERED, who["registrar"], why="moyens distincts")
    assert one.lead_id is None
    with pytest.raises(Exception, match="DIS-110"):
        steps.move(one, State.READY, who["registrar"])
    steps.move(one, State.SERVED, who["registrar"])


@pytest.mark.parametrize("lead_of", ["itself", "joined", "other contest", "nobody"])
def test_a_case_is_not_joined_to_what_cannot_lead(received, facts, pack_version, lead_of):
    who = everybody(pack_version)
    one, other, third = received(1, 1, "ready"), received(2, 2, "ready"), received(3, 3, "ready")
    steps.move(other, State.JOINED, who["registrar"], why="même acte", lead=third)
    lead = {"itself": one, "joined": other, "nobody": None, "other contest": Petition(pk=99, contest_id=0)}[lead_of]
    with pytest.raises(Exception, match="DIS-108"):
        steps.move(one, State.JOINED, who["registrar"], why="même acte", lead=lead)


def test_two_registrars_on_one_case_the_second_is_told(received, facts, pack_version):
    one, who = received(roll=1), everybody(pack_version)
    same = Petition.objects.get(pk=one.pk)
    steps.move(one, State.DOCKETED, who["registrar"])
    with pytest.raises(Overtaken):
        steps.move(same, State.DOCKETED, who["registrar"])
    assert one.steps.count() == 1


def refuses(act) -> None:
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        act()


def test_what_was_received_is_never_deleted_by_any_code(received, contest):
    one = received()
    draft = Petition.objects.create(contest=contest, at=timezone.now())
    refuses(lambda: Petition.objects.filter(pk=one.pk).delete())
    party = one.parties.create(role="petitioner", name="requérante", at=timezone.now())
    ground = one.grounds.create(key="g1", code="stuffing")
    target = ground.targets.create(words="Kayes 1")
    refuses(lambda: type(party).objects.filter(pk=party.pk)._raw_delete("default"))
    refuses(lambda: type(ground).objects.filter(pk=ground.pk)._raw_delete("default"))
    refuses(lambda: type(target).objects.filter(pk=target.pk)._raw_delete("default"))
    draft.delete()
    assert Petition.objects.count() == 1


@pytest.mark.parametrize("change", [
    {"received_at": AT + timedelta(microseconds=1)}, {"received_at": AT - timedelta(hours=5)}, {"number": "2027-P1-BKO2-000009"},
    {"sequence": 9}, {"channel": "web"}, {"received_at": None, "number": None, "sequence": None, "counter": None, "state": "draft"},
])  # fmt: skip
def test_the_instant_and_the_number_of_receipt_are_written_once(received, change):
    one = received()
    refuses(lambda: Petition.objects.filter(pk=one.pk).update(**change))
    Petition.objects.filter(pk=one.pk).update(received_at=AT, about="results")  # the same instant moves nothing
    assert Petition.objects.get(pk=one.pk).received_at == AT


def test_a_roll_number_is_given_once_and_twice_to_nobody(received):
    one, two = received(1), received(2)
    Petition.objects.filter(pk=one.pk).update(roll=5)
    refuses(lambda: Petition.objects.filter(pk=one.pk).update(roll=6))
    refuses(lambda: Petition.objects.filter(pk=two.pk).update(roll=5))


def test_a_petition_is_received_whole_or_a_draft(contest, counter):
    whole = {"number": "2027-P1-BKO2-000001", "sequence": 1, "counter": counter, "received_at": AT}
    for left_out in whole:
        said = {k: v for k, v in whole.items() if k != left_out}
        refuses(lambda said=said: Petition.objects.create(contest=contest, state="received", at=timezone.now(), **said))
    refuses(lambda: Petition.objects.create(contest=contest, at=timezone.now(), **whole))
    refuses(lambda: Petition.objects.create(contest=contest, state="lost", at=timezone.now(), **whole))


def test_steps_and_strikes_are_kept_as_they_were_written(received, facts, pack_version):
    one, who = received(roll=1), everybody(pack_version)
    row = steps.move(one, State.DOCKETED, who["registrar"])
    struck = Strike.objects.create(
        petition=one, what="party", row=1, words="x", why="erreur", by=who["registrar"], at=timezone.now()
    )
    for kept in (row, struck):
        refuses(lambda kept=kept: type(kept).objects.filter(pk=kept.pk).update(at=AT))
        refuses(lambda kept=kept: type(kept).objects.filter(pk=kept.pk)._raw_delete("default"))


@pytest.mark.parametrize(("first", "second", "may"), [
    ("guichet", "juge", False), ("guichet", "presidence", False), ("greffe", "juge", False), ("greffe", "presidence", False),
    ("greffe", "liaison", False), ("liaison", "juge", False), ("partie", "juge", False), ("partie", "greffe", False),
    ("partie", "guichet", False), ("publication-cour", "juge", False), ("admin", "guichet", False), ("admin", "partie", False),
    ("liaison", "recensement", False), ("greffe", "guichet", True), ("juge", "presidence", True),
])  # fmt: skip
def test_nobody_holds_two_rights_that_the_court_parts(pack_version, first, second, may):
    one = make_person("deux-roles", first)
    if may:
        people.give_mandate(person=one, role=second)
        return
    with pytest.raises(Exception, match=r"PEO-316|PEO-304"):
        people.give_mandate(person=one, role=second)
