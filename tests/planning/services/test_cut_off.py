"""What is cut off or meets another act leaves the plan sound: a killed levelling is made again, of two approvals one counts."""

import pytest
from django.db import transaction

from kalata.ledger.models import Act
from kalata.people.rules.approval import Decision
from kalata.people.services import decide_approval
from kalata.planning.models import LevelRun, PlanVersion
from kalata.planning.queries import content, plans
from kalata.planning.services import approving, editing, levelling, odds, resources, versions
from tests.planning.conftest import T0, small

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_in_the_background(monkeypatch):
    monkeypatch.setattr(odds, "ask", lambda **_: None)


class Killed(BaseException):
    """The process is gone: nothing after it is done."""


def killed(*_given, **_named):
    raise Killed


def test_a_levelling_whose_worker_is_killed_is_made_again_once_and_touches_no_row(election, planner, monkeypatch):
    one = small(election, "A 5 cd", "B 5 cd")
    resources.keep_pool(plan=one.plan, code="EQ", said=resources.Described(), by=planner)
    resources.add_period(plan=one.plan, code="EQ", first=T0, last=None, amount=1, by=planner)
    for code in "AB":
        resources.set_need(version=one, code=code, pool="EQ", units=1, by=planner)
    run = LevelRun.objects.create(version=one, sha256=content.sha256(one), pools_sha256=levelling.queries.pools_mark(one.plan), limit=10, seed=1, by=planner)  # fmt: skip
    was = content.sha256(one)
    with monkeypatch.context() as patch:
        patch.setattr("kalata.planning.levelling_plans.level_plan", killed)
        with pytest.raises(Killed), transaction.atomic():
            levelling.make(run)
    run.refresh_from_db()
    assert run.ended_at is None and run.answer is None and content.sha256(one) == was
    for _again in range(2):
        levelling.level_version.func(run.pk)
    run.refresh_from_db()
    assert run.answer["status"] == "optimal" and run.answer["end"] == 10 and content.sha256(one) == was
    assert Act.objects.filter(kind="planning.level_done").count() == 1


def test_of_two_changes_approved_at_once_one_becomes_the_plan(election, planner, money, committee, monkeypatch):
    first = small(election, "A 5 cd", "B 20 cd A")

    def endorsed(version):
        approving.submit(version=version, reason="prête", by=planner)
        return approving.endorse(version=version, reason="vu", by=money)

    decide_approval(approval_id=endorsed(first).pk, to=Decision.APPROVED, by=committee)
    asked = []
    for days in ("30", "40"):
        draft = versions.open_draft(plan=first.plan, by=planner)
        editing.change(version=draft, code="B", new={"dur_likely": days, "dur_pessimistic": days}, by=planner)
        asked.append(endorsed(draft))
    decide_approval(approval_id=asked[0].pk, to=Decision.APPROVED, by=committee)
    stale = PlanVersion.objects.get(pk=first.pk)
    monkeypatch.setattr(plans, "approved", lambda _plan: stale)
    with pytest.raises(Exception), transaction.atomic():  # noqa: B017, PT011  the rule or the database: either says no
        decide_approval(approval_id=asked[1].pk, to=Decision.APPROVED, by=committee)
    states = dict(PlanVersion.objects.values_list("number", "state"))
    assert states == {1: "superseded", 2: "approved", 3: "under_review"}
