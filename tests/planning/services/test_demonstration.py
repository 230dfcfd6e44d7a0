"""The demonstration holds the plan alive: approved, done in part, and a change that waits for the steering committee."""

import pytest
from django.utils import timezone

from kalata.country.models import Election
from kalata.people.models import Approval, Person
from kalata.planning import demonstration
from kalata.planning.models import ChangeRequest, LevelRun, Payment, Plan, Progress, ReadyPoint
from kalata.planning.queries import readiness

pytestmark = pytest.mark.django_db


def test_the_plan_of_the_demonstration_is_approved_begun_and_asked_to_change(election):
    Election.objects.filter(pk=election.pk).update(code=demonstration.ELECTION)
    said = demonstration.load()
    assert "137" in said and Progress.objects.exists()
    assert dict(Plan.objects.get().versions.values_list("number", "state")) == {
        1: "approved",
        2: "under_review",
        3: "draft",
    }
    assert ChangeRequest.objects.get().state == "assessed" and sorted(
        Approval.objects.filter(state="waiting").values_list("kind", flat=True)
    ) == ["planning.award", "planning.payment_order", "planning.version"]
    assert LevelRun.objects.get().answer["lines"] and LevelRun.objects.get().answer["bound"]
    assert sorted(Payment.objects.values_list("state", flat=True)) == ["committed", "paid", "verified"]
    plan = Plan.objects.get()
    board = readiness.board(
        plan, Person.objects.get(username="planification"), readiness.opens(plan, timezone.localdate())
    )
    assert [(p.decision.state, p.decision.go) for p in board if p.decision].count(("signed", True)) == 4
    assert (
        sum(p.signed and not p.decision.go for p in board) == 1
        and sum(p.decision is not None and not p.signed and p.yes > 0 for p in board) >= 2
    )
    assert ReadyPoint.objects.exclude(piece="").exists()
    assert demonstration.load() == "Plan fictif déjà chargé."
