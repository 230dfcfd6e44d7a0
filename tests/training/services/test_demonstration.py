"""The demonstration shows procedures in several states, none of them by one person alone."""

from collections import Counter

import pytest

from kalata.people.models import Approval
from kalata.training import demonstration
from kalata.training.models import ProcedureVersion

pytestmark = pytest.mark.django_db


def test_procedures_are_there_in_several_states(pack_version):
    demonstration.load()
    states = Counter(ProcedureVersion.objects.values_list("state", flat=True))
    assert states == {"draft": 29, "legal_ok": 1, "tested": 2, "approved": 1}
    assert Approval.objects.filter(kind="procedures.version", state="waiting").count() == 1
    one = ProcedureVersion.objects.get(state="approved")
    assert one.approved_by_id not in one.authors and one.approved_by != one.tested_by
    assert demonstration.load() == "Formation fictive déjà chargée."
