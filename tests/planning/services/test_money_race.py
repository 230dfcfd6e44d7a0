"""Two clicks, two processes: of a credit and of a payment, what is asked at the same instant is done once, on both databases."""

from datetime import date

import pytest

from kalata.people.rules.approval import Decision
from kalata.people.services import decide_approval
from kalata.planning.models import Payment
from kalata.planning.queries import money as queries
from kalata.planning.services import paying
from tests.planning.services.test_money import PAPER, commit, promise
from tests.planning.services.test_money import funder as funder
from tests.planning.services.test_money import officer as officer
from tests.planning.services.test_money import plan as plan
from tests.planning.services.test_money import unit as unit
from tests.services.test_account_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_credit_is_committed_once_a_payment_ordered_once_and_paid_once_by_whoever_asks_at_the_same_instant(
    plan, funder, officer, unit, committee
):
    promise(funder, officer, ("agreed", 700), ("called", 700), ("received", 700))
    got = at_once(4, lambda n: commit(plan, funder, officer, 400))
    assert sum(isinstance(g, Payment) for g in got) == 2 and queries.taken(plan, "A") == 800  # of a credit of 1 000
    one, other = Payment.objects.order_by("pk")
    asked = [paying.ask_order(payment=paying.verify(payment=p, document=PAPER, by=unit), reason="r", by=officer).pk for p in (one, other)]
    twice = [asked[0], asked[0], paying.ask_order(payment=one, reason="encore", by=officer).pk, asked[1]]
    got = at_once(4, lambda n: decide_approval(approval_id=twice[n], to=Decision.APPROVED, by=committee))
    assert sum(not isinstance(g, Exception) for g in got) == 1 and queries.spent(funder) == 400  # 700 came: two would be 800
    ordered = Payment.objects.get(state="ordered")
    days = [date(2026, 3, n + 1) for n in range(3)]
    acts = [lambda n: paying.pay(payment=ordered, document=PAPER, on=days[n], by=officer)] * 3
    got = at_once(3, lambda n: acts[n](n))
    assert sum(isinstance(g, Payment) for g in got) == 1
    ordered.refresh_from_db()
    assert ordered.state == "paid" and ordered.paid_on in days
