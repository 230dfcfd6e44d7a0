"""The demonstration holds the plan alive: approved, done in part, and a change that waits for the steering committee."""

import pytest

from kalata.country.models import Election
from kalata.people.models import Approval
from kalata.planning import demonstration
from kalata.planning.models import ChangeRequest, Plan, Progress

pytestmark = pytest.mark.django_db


def test_the_plan_of_the_demonstration_is_approved_begun_and_asked_to_change(election):
    Election.objects.filter(pk=election.pk).update(code=demonstration.ELECTION)
    said = demonstration.load()
    assert "137" in said and Progress.objects.exists()
    assert dict(Plan.objects.get().versions.values_list("number", "state")) == {1: "approved", 2: "under_review"}
    assert ChangeRequest.objects.get().state == "assessed" and Approval.objects.filter(state="waiting").count() == 1
    assert demonstration.load() == "Plan fictif déjà chargé."
