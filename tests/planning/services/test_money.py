"""Promised is not received, and nobody alone lets money leave: each step by another person, each sum held by the one before."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from kalata.lifecycle import Lacking, NotFromHere, OtherPerson
from kalata.people.rules.approval import Decision
from kalata.people.rules.shown import PageMoved
from kalata.people.services import decide_approval
from kalata.planning.models import Payment, PlanVersion
from kalata.planning.queries import money as queries
from kalata.planning.rules.money_steps import PLEDGE
from kalata.planning.rules.refusals import (
    AboveCredit,
    AboveStage,
    AccountUsed,
    NoApprovedPlan,
    NoSuchLine,
    NotReceivedYet,
    NotThisStage,
    TakenBack,
)
from kalata.planning.services import content, money, paying
from kalata.refusals import Forbidden, Refused
from tests.conftest import make_person
from tests.planning.conftest import small

pytestmark = pytest.mark.django_db
PAPER = "bordereau 1"


@pytest.fixture
def officer(pack_version):
    return make_person("finances", "finances")


@pytest.fixture
def unit(pack_version):
    return make_person("unite", "chef-unite")


@pytest.fixture
def plan(election, committee, officer, unit):
    """One costed line, A: 10 cards at 100 francs, in an approved version."""
    version = small(election)
    rows = [{
        "id": "A", "dur_likely": "10", "dur_unit": "cd", "cost_driver": "cartes", "quantity": "10", "unit_cost_xof_low": "50",
        "unit_cost_xof_likely": "100", "unit_cost_xof_high": "200", "default_funder": "Etat",
    }]  # fmt: skip
    content.fill(version, rows)
    PlanVersion.objects.filter(pk=version.pk).update(state="approved", sha256="0" * 64, submitted_by=officer, endorsed_by=unit, approved_by=committee)  # fmt: skip
    return version.plan


@pytest.fixture
def funder(plan, officer):
    return money.keep_funder(plan=plan, code="Etat", said=money.Described("État", "state", "Etat"), by=officer)


def promise(funder, by, *moves):
    one = money.pledge(funder=funder, label="Dotation", amount=2_000, on=date(2026, 1, 5), expected=None, document="", by=by)
    for stage, amount in moves:
        money.move(pledge=one, stage=stage, amount=amount, on=date(2026, 2, 1), document=PAPER, by=by)
    return one


def commit(plan, funder, by, amount=400, **more):
    asked = {"plan": plan, "line": "A", "funder": funder, "label": "Acompte", "payee": "imprimeur", "amount": amount, "due": date(2026, 1, 9), "by": by}  # fmt: skip
    return paying.commit(**{**asked, **more})


def test_more_is_never_called_than_agreed_nor_received_than_called(funder, officer):
    one = promise(funder, officer, ("agreed", 1_000), ("called", 600))
    with pytest.raises(AboveStage):
        money.move(pledge=one, stage="called", amount=401, on=date(2026, 2, 1), document=PAPER, by=officer)
    with pytest.raises(AboveStage):
        money.move(pledge=one, stage="received", amount=601, on=date(2026, 2, 1), document=PAPER, by=officer)
    money.move(pledge=one, stage="received", amount=600, on=date(2026, 2, 1), document=PAPER, by=officer)
    one.refresh_from_db()
    assert one.state == "received" and queries.received(funder) == 600
    money.move(pledge=one, stage="called", amount=400, on=date(2026, 2, 1), document=PAPER, by=officer)
    one.refresh_from_db()
    assert one.state == "called"


def test_the_order_of_a_promise_is_kept_and_each_step_has_its_paper(funder, officer):
    one = promise(funder, officer)
    with pytest.raises(NotThisStage):
        money.move(pledge=one, stage="received", amount=1, on=date(2026, 2, 1), document=PAPER, by=officer)
    with pytest.raises(Lacking):
        money.move(pledge=one, stage="agreed", amount=1, on=date(2026, 2, 1), document=" ", by=officer)
    assert not one.movements.exists()
    assert {s.to.value for s in PLEDGE.steps if s.start == "closed"} == set()


def test_an_old_page_moves_nothing(funder, officer):
    one = promise(funder, officer, ("agreed", 100))
    seen = queries.pledge_mark(one)
    money.move(pledge=one, stage="called", amount=40, on=date(2026, 2, 1), document=PAPER, by=officer)
    with pytest.raises(PageMoved):
        money.move(pledge=one, stage="called", amount=40, on=date(2026, 2, 1), document=PAPER, by=officer, seen=seen)


def test_a_wrong_movement_is_taken_back_by_its_opposite_unless_something_rests_on_it(plan, funder, officer):
    one = promise(funder, officer, ("agreed", 1_000), ("called", 600), ("received", 600))
    agreed, _called, came = one.movements.order_by("pk")
    with pytest.raises(TakenBack):
        money.take_back(movement=agreed, reason="erreur", document=PAPER, by=officer)
    money.take_back(movement=came, reason="erreur", document=PAPER, by=officer)
    assert queries.received(funder) == 0 and one.movements.count() == 4
    with pytest.raises(TakenBack):
        money.take_back(movement=came, reason="erreur", document=PAPER, by=officer)


def test_a_commitment_stays_within_the_credit_of_its_line(plan, funder, officer):
    commit(plan, funder, officer, 600)
    with pytest.raises(AboveCredit):
        commit(plan, funder, officer, 401)
    with pytest.raises(NoSuchLine):
        commit(plan, funder, officer, line="X")
    PlanVersion.objects.update(state="superseded")
    with pytest.raises(NoApprovedPlan):
        commit(plan, funder, officer, 1)


def test_a_payment_passes_four_steps_by_three_persons_and_only_on_money_received(plan, funder, officer, unit, committee):
    one = commit(plan, funder, officer)
    with pytest.raises(NotFromHere):
        paying.ask_order(payment=one, reason="r", by=officer)
    with pytest.raises(Lacking):
        paying.verify(payment=one, document="", by=unit)
    paying.verify(payment=one, document=PAPER, by=unit)
    with pytest.raises(NotReceivedYet):
        paying.ask_order(payment=one, reason="r", by=officer)
    promise(funder, officer, ("agreed", 500), ("called", 500), ("received", 500))
    asked = paying.ask_order(payment=one, reason="r", by=officer)
    with pytest.raises(Forbidden):
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=officer)
    with pytest.raises(NotFromHere):
        paying.pay(payment=one, document=PAPER, on=date(2026, 3, 1), by=officer)
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=committee)
    paying.pay(payment=one, document=PAPER, on=date(2026, 3, 1), by=officer)
    one.refresh_from_db()
    assert one.state == "paid" and {one.committed_by_id, one.verified_by_id, one.ordered_by_id} == {officer.pk, unit.pk, committee.pk}  # fmt: skip
    came = next(m for m in funder.pledges.get().movements.all() if m.stage == "received")
    with pytest.raises(TakenBack):
        money.take_back(movement=came, reason="r", document=PAPER, by=officer)
    with pytest.raises(NotFromHere):
        paying.cancel(payment=one, reason="r", by=officer)


def test_one_person_of_two_mandates_takes_no_two_steps_of_a_payment(plan, funder, officer):
    both = make_person("deux", "finances")
    both.mandates.create(role="chef-unite", rights=["planning.read", "planning.progress"])
    one = commit(plan, funder, both)
    with pytest.raises(OtherPerson):
        paying.verify(payment=one, document=PAPER, by=both)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=one.pk).update(verified_by=both)


def test_nobody_alone_cancels_what_two_persons_ordered(plan, funder, officer, unit, committee):
    promise(funder, officer, ("agreed", 500), ("called", 500), ("received", 500))
    one = commit(plan, funder, officer)
    paying.verify(payment=one, document=PAPER, by=unit)
    with pytest.raises(NotFromHere):
        paying.ask_cancel(payment=one, reason="r", by=officer)
    decide_approval(approval_id=paying.ask_order(payment=one, reason="r", by=officer).pk, to=Decision.APPROVED, by=committee)
    with pytest.raises(NotFromHere):
        paying.cancel(payment=one, reason="r", by=officer)
    asked = paying.ask_cancel(payment=one, reason="fournisseur dissous", by=officer)
    assert queries.order_asked(one.pk) == asked
    with pytest.raises(Forbidden):
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=officer)
    one.refresh_from_db()
    assert one.state == "ordered" and queries.spent(funder) == 400
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=committee)
    one.refresh_from_db()
    assert one.state == "cancelled" and queries.spent(funder) == 0


def test_a_payment_that_left_is_not_cancelled_by_an_order_asked_before(plan, funder, officer, unit, committee):
    promise(funder, officer, ("agreed", 500), ("called", 500), ("received", 500))
    one = commit(plan, funder, officer)
    paying.verify(payment=one, document=PAPER, by=unit)
    decide_approval(approval_id=paying.ask_order(payment=one, reason="r", by=officer).pk, to=Decision.APPROVED, by=committee)
    asked = paying.ask_cancel(payment=one, reason="r", by=officer)
    paying.pay(payment=one, document=PAPER, on=date(2026, 3, 1), by=officer)
    with pytest.raises(Refused):
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=committee)
    one.refresh_from_db()
    assert one.state == "paid"


def test_an_order_asked_before_the_money_was_spent_elsewhere_is_not_given(plan, funder, officer, unit, committee):
    promise(funder, officer, ("agreed", 500), ("called", 500), ("received", 500))
    first, second = commit(plan, funder, officer, 300), commit(plan, funder, officer, 300)
    asked = []
    for one in (first, second):
        paying.verify(payment=one, document=PAPER, by=unit)
        asked.append(paying.ask_order(payment=one, reason="r", by=officer))
    decide_approval(approval_id=asked[0].pk, to=Decision.APPROVED, by=committee)
    with pytest.raises(NotReceivedYet):
        decide_approval(approval_id=asked[1].pk, to=Decision.APPROVED, by=committee)


def test_no_more_is_ordered_than_the_version_that_counts_now_gives_to_the_line(plan, funder, officer, unit, committee):
    promise(funder, officer, ("agreed", 1_000), ("called", 1_000), ("received", 1_000))
    one = commit(plan, funder, officer, 800)
    paying.verify(payment=one, document=PAPER, by=unit)
    asked = paying.ask_order(payment=one, reason="r", by=officer)
    plan.versions.get().activities.update(cells={"cost_driver": "cartes", "quantity": "5", "unit_cost_xof_low": "50", "unit_cost_xof_likely": "100", "unit_cost_xof_high": "200", "default_funder": "Etat"})  # fmt: skip
    with pytest.raises(AboveCredit):
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=committee)
    with pytest.raises(AboveCredit):
        paying.ask_order(payment=one, reason="r", by=officer)
    one.refresh_from_db()
    assert one.state == "verified"


def test_the_cash_counts_payments_on_their_day_and_never_a_promise(plan, funder, officer, unit):
    promise(funder, officer, ("agreed", 1_000), ("called", 1_000))
    assert not queries.till(plan).cash.recorded
    promise(funder, officer, ("agreed", 450), ("called", 450), ("received", 450))
    commit(plan, funder, officer, 400, due=timezone.localdate() + timedelta(400))
    till = queries.till(plan)
    assert sum(sum(lines.values()) for _day, lines in till.days) == 1_000
    assert till.cash.first_short == date(2026, 1, 5)  # the receipts of February come after the first days of the line
    commit(plan, funder, officer, 600, due=timezone.localdate() + timedelta(401))
    assert queries.till(plan).cash.first_short == timezone.localdate() + timedelta(401)


def test_accounts_hold_each_other_never_in_a_circle_and_a_used_one_stays(plan, officer):
    money.import_accounts(plan=plan, text="code,label,parent\n604,Cartes,60\n60,Achats,\n", by=officer)
    with pytest.raises(AccountUsed):
        money.keep_account(plan=plan, code="60", label="Achats", parent="604", by=officer)
    money.import_imputations(plan=plan, text="line,account\nA,604\n", by=officer)
    with pytest.raises(AccountUsed):
        money.drop_account(plan=plan, code="604", by=officer)
    with pytest.raises(NoSuchLine):
        money.impute(plan=plan, lines=["X"], account="604", by=officer)
