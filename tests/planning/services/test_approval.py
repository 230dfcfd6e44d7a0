"""Two roles sign a version: one endorses it on its effect, another approves; a change is bound to its exact difference."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from kalata.ledger.models import Act
from kalata.lifecycle import Lacking, NotFromHere
from kalata.people.models import Approval, Person
from kalata.people.rules.approval import Decision
from kalata.people.rules.shown import PageMoved
from kalata.people.services import decide_approval, give_mandate
from kalata.planning.models import ChangeRequest, PlanVersion
from kalata.planning.queries import content, effects
from kalata.planning.rules.effects import recorded
from kalata.planning.rules.refusals import BaseMoved, NotAwaited, NotDraft, NothingChanged, OpenRemarks, OwnHand
from kalata.planning.services import approving, editing, talking, versions
from kalata.refusals import Forbidden
from tests.conftest import make_person
from tests.planning.conftest import small

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(election):
    return small(election, "A 5 cd", "B 20 cd A", "C 10 cd A", "D 1 cd B;C")


def approved(version, planner, money, committee):
    approving.submit(version=version, reason="prête", by=planner)
    asked = approving.endorse(version=version, reason="le coût est vu", by=money)
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=committee)
    return PlanVersion.objects.get(pk=version.pk)


def states():
    return dict(PlanVersion.objects.values_list("number", "state"))


def test_a_version_is_approved_by_two_roles_that_did_not_make_it(first, planner, money, committee):
    one = approved(first, planner, money, committee)
    assert one.state == "approved" and one.sha256 == content.sha256(one)
    assert (one.submitted_by, one.endorsed_by, one.approved_by) == (planner, money, committee)
    kinds = list(
        Act.objects.filter(kind__startswith="planning.")
        .exclude(kind__startswith="planning.odds")
        .order_by("pk")
        .values_list("kind", flat=True)
    )
    assert kinds == ["planning.submitted", "planning.version.asked", "planning.version.approved", "planning.approved"]


def test_nobody_signs_twice_and_no_role_signs_for_another(first, planner, money, committee):
    approving.submit(version=first, reason="prête", by=planner)
    with pytest.raises(Forbidden):
        approving.endorse(version=first, reason="r", by=planner)
    with pytest.raises(Forbidden):
        approving.endorse(version=first, reason="r", by=committee)
    asked = approving.endorse(version=first, reason="r", by=money)
    for person in (planner, money):
        with pytest.raises(Forbidden):
            decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=person)
    assert states() == {1: "under_review"}


def test_only_a_draft_is_modified(first, planner, money, committee):
    approving.submit(version=first, reason="prête", by=planner)
    with pytest.raises(NotDraft):
        editing.change(version=first, code="A", new={"dur_pessimistic": "9"}, by=planner)
    with pytest.raises(NotFromHere):
        approving.submit(version=first, reason="encore", by=planner)


def test_a_version_with_a_remark_that_waits_is_not_submitted(first, planner, money):
    made = talking.comment(version=first, code="B", text="Durée trop courte", by=money)
    with pytest.raises(OpenRemarks):
        approving.submit(version=first, reason="prête", by=planner)
    talking.resolve(version=first, comment_id=made.pk, answer="Mesurée en 2023", by=planner)
    approving.submit(version=first, reason="prête", by=planner)
    with pytest.raises(NotFromHere):
        talking.resolve(version=first, comment_id=made.pk, answer="Encore", by=planner)


def test_a_submission_says_why(first, planner):
    with pytest.raises(Lacking):
        approving.submit(version=first, reason=" ", by=planner)


def test_the_cell_takes_its_version_back_before_it_is_endorsed(first, planner):
    approving.submit(version=first, reason="prête", by=planner)
    approving.give_back(version=first, reason="une erreur", by=planner)
    editing.change(version=first, code="A", new={"dur_pessimistic": "9"}, by=planner)
    assert states() == {1: "draft"}


# --- changes -------------------------------------------------------------------------------------
@pytest.fixture
def change(first, planner, money, committee):
    base = approved(first, planner, money, committee)
    made = versions.open_draft(plan=base.plan, by=planner)
    editing.change(version=made, code="C", new={"dur_likely": "30", "dur_pessimistic": "30", "unit_cost_xof_low": "10", "unit_cost_xof_likely": "20", "unit_cost_xof_high": "30", "quantity": "7"}, by=planner)  # fmt: skip
    return made


def test_a_draft_opened_from_the_approved_version_is_that_version_to_the_letter(first, planner, money, committee):
    base = approved(first, planner, money, committee)
    made = versions.open_draft(plan=base.plan, by=planner)
    assert content.sheet(made) == content.sheet(base) and made.base == base
    with pytest.raises(NothingChanged):
        approving.submit(version=made, reason="rien", by=planner)


def test_a_change_shows_days_and_francs_before_it_is_decided(change, planner):
    asked = approving.submit(version=change, reason="le marché a échoué", by=planner)
    effect = recorded(asked.effect)
    assert effect.end == ("2026-01-30", "2026-02-09") and effect.francs == 140
    assert effect.critical == ("C",)
    assert [d["code"] for d in asked.difference] == ["C"] and asked.state == "open"


def test_an_approved_change_supersedes_the_version_it_changed(change, planner, money, committee):
    approved(change, planner, money, committee)
    assert states() == {1: "superseded", 2: "approved"}
    assert ChangeRequest.objects.get().state == "approved"
    moves = Act.objects.filter(kind="planning.change_moved").order_by("pk")
    assert [a.after["to"] for a in moves] == ["assessed", "approved"]


def test_a_refused_change_is_a_draft_again_and_its_request_keeps_why(change, planner, money, committee):
    approving.submit(version=change, reason="r", by=planner)
    asked = approving.endorse(version=change, reason="vu", by=money)
    decide_approval(approval_id=asked.pk, to=Decision.REFUSED, note="trop cher", by=committee)
    assert states() == {1: "approved", 2: "draft"}
    assert (ChangeRequest.objects.get().state, ChangeRequest.objects.get().note) == ("refused", "trop cher")
    approving.submit(version=change, reason="autrement", by=planner)
    assert ChangeRequest.objects.count() == 2


def test_who_endorses_may_give_a_change_back_with_a_reason(change, planner, money):
    approving.submit(version=change, reason="r", by=planner)
    approving.give_back(version=change, reason="chiffrez-le", by=money)
    assert ChangeRequest.objects.get().state == "refused" and states()[2] == "draft"


def test_the_cell_withdraws_its_own_change(change, planner):
    approving.submit(version=change, reason="r", by=planner)
    approving.give_back(version=change, reason="je corrige", by=planner)
    assert ChangeRequest.objects.get().state == "withdrawn"


def test_the_picture_of_a_request_holds_the_effect_and_the_exact_difference(change, planner, money):
    approving.submit(version=change, reason="r", by=planner)
    asked = approving.endorse(version=change, reason="vu", by=money)
    facts = Approval.objects.get(pk=asked.pk).facts
    assert facts["francs"] == "0 → 140" and facts["end"] == "2026-01-30 → 2026-02-09"
    assert facts["activity:C:dur_likely"] == "10 → 30"
    assert facts["difference"] == ChangeRequest.objects.get().sha256


def test_a_draft_whose_base_was_superseded_is_not_submitted(change, planner, money, committee):
    other = versions.open_draft(plan=change.plan, by=planner)
    editing.change(version=other, code="A", new={"dur_pessimistic": "6"}, by=planner)
    approved(change, planner, money, committee)
    with pytest.raises(BaseMoved):
        approving.submit(version=other, reason="r", by=planner)


def test_any_two_versions_are_compared(change, planner):
    base = change.base
    editing.remove(version=change, code="B", by=planner)
    editing.add(version=change, cells={"id": "E", "dur_likely": "1", "dur_unit": "cd"}, after="", by=planner)
    found = {(d.code, d.kind.value) for d in effects.difference(base, change)}
    assert found == {("B", "removed"), ("C", "changed"), ("D", "changed"), ("E", "added")}
    assert effects.difference(change, change) == []


# --- the database agrees -------------------------------------------------------------------------
def test_the_database_knows_one_approved_version_of_a_plan_and_three_persons(change, planner, money, committee):
    for bad in ({"state": "approved"}, {"state": "lost"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PlanVersion.objects.filter(pk=change.pk).update(**bad)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanVersion.objects.filter(pk=change.pk).update(approved_by=money, endorsed_by=money, submitted_by=planner)


# --- progress ---------------------------------------------------------------------------------------
def test_progress_is_said_of_the_approved_plan_by_who_may(first, planner, money, committee):
    from datetime import timedelta

    from django.utils import timezone

    from kalata.planning.rules.refusals import EvidenceAsked, NotHere, NotYetPassed

    head = make_person("chef", "chef-unite")
    today = timezone.localdate()
    said = {"plan": first.plan, "unit": None, "on": today, "by": head}
    with pytest.raises(NotHere):
        talking.say_progress(code="A", percent=10, **said)
    editing.change(version=first, code="A", new={"evidence_required": "1"}, by=planner)
    approved(first, planner, money, committee)
    assert talking.say_progress(code="A", percent=40, blocked="camions", **said).percent == 40
    with pytest.raises(EvidenceAsked):
        talking.say_progress(code="A", percent=100, finished=today, **said)
    with pytest.raises(NotYetPassed):
        talking.say_progress(code="B", percent=10, started=today + timedelta(days=1), **said)
    with pytest.raises(Forbidden):
        talking.say_progress(**{**said, "by": planner}, code="A", percent=10)


def test_a_coordinator_says_progress_in_their_own_territory_alone(first, planner, money, committee):
    from django.utils import timezone

    from kalata.country.models import Unit

    here, there = Unit.objects.filter(geography__code="ml-2015", level=1).order_by("name")[:2]
    one = make_person("coordo", "coordination-region", unit=here)
    approved(first, planner, money, committee)
    said = {"plan": first.plan, "code": "A", "on": timezone.localdate(), "percent": 30, "by": one}
    assert talking.say_progress(unit=here, **said).unit == here
    for place in (there, None):
        with pytest.raises(Forbidden):
            talking.say_progress(unit=place, **said)


def test_an_endorsement_is_of_the_content_that_was_shown(first, planner, money):
    approving.submit(version=first, reason="prête", by=planner)
    read = PlanVersion.objects.get(pk=first.pk).sha256
    approving.give_back(version=first, reason="à revoir", by=planner)
    editing.change(
        version=first, code="B", new={"dur_optimistic": "30", "dur_likely": "30", "dur_pessimistic": "30"}, by=planner
    )
    approving.submit(version=first, reason="revue", by=planner)
    with pytest.raises(PageMoved):
        approving.endorse(version=first, reason="vu", by=money, seen=read)
    assert not Approval.objects.exists()
    now = PlanVersion.objects.get(pk=first.pk).sha256
    assert approving.endorse(version=first, reason="vu", by=money, seen=now).payload["sha256"] == now


def test_what_nobody_submitted_or_somebody_endorsed_is_neither_endorsed_nor_given_back(first, planner, money):
    def refused():
        for act in (approving.endorse, approving.give_back):
            with pytest.raises(NotAwaited):
                act(version=first, reason="r", by=money)

    refused()
    assert not Approval.objects.exists() and states() == {1: "draft"}
    approving.submit(version=first, reason="prête", by=planner)
    approving.endorse(version=first, reason="vu", by=money)
    refused()
    assert Approval.objects.count() == 1


def test_another_polling_day_washes_nobody_s_hands(draft, planner, money):
    """Prices written by who endorses stay in the version: moving the polling day only ends their undoing."""
    cells = {"unit_cost_xof_low": "10", "unit_cost_xof_likely": "20", "unit_cost_xof_high": "30"}
    editing.edit(version=draft, what="import", act=lambda sheet: [{**c, **cells} if c["id"] == "E11" else c for c in sheet], by=money, right="planning.money")  # fmt: skip
    versions.move_polling_day(version=draft, j1=draft.j1.replace(day=13), by=planner)
    approving.submit(version=draft, reason="prête", by=planner)
    with pytest.raises(OwnHand):
        approving.endorse(version=draft, reason="le coût est vu", by=money)


def test_who_moved_the_polling_day_and_went_to_the_money_since_does_not_endorse(draft, planner):
    one = make_person("mutation", "cellule-planification")
    versions.move_polling_day(version=draft, j1=draft.j1.replace(day=13), by=one)
    one.mandates.update(revoked_at=timezone.now())
    give_mandate(person=one, role="finances")
    one = Person.objects.get(pk=one.pk)
    approving.submit(version=draft, reason="prête", by=planner)
    with pytest.raises(OwnHand):
        approving.endorse(version=draft, reason="vu", by=one)


def test_who_wrote_in_a_version_and_went_to_the_committee_since_does_not_approve_it(draft, planner, money):
    one = make_person("mutation", "cellule-planification")
    editing.change(version=draft, code="E11", new={"dur_pessimistic": "400"}, by=one)
    approving.submit(version=draft, reason="prête", by=planner)
    asked = approving.endorse(version=draft, reason="vu", by=money)
    one.mandates.update(revoked_at=timezone.now())
    give_mandate(person=one, role="comite-pilotage")
    with pytest.raises(OwnHand):
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=Person.objects.get(pk=one.pk))
    assert states() == {1: "under_review"}
