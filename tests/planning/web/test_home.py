"""What the front page says of the plan, and to whom."""

import pytest

from kalata.planning.services import approving, talking

pytestmark = pytest.mark.django_db


def home(client):
    return client.get("/").content.decode()


def test_the_stage_of_the_plan_is_shown_to_who_may_read_it(draft, planner, sign_in, client):
    assert "1 plan, 0 approuvé" in home(sign_in(planner))
    client.logout()
    assert "1 plan, 0 approuvé" not in home(client)


def test_a_version_waits_for_who_endorses_and_a_remark_for_who_keeps_the_plan(draft, planner, money, sign_in):
    talking.comment(version=draft, code="", text="Pourquoi si tard ?", by=planner)
    assert "1 remarque sans réponse" in home(sign_in(planner)) and "attend un visa" not in home(sign_in(planner))
    talking.resolve(version=draft, comment_id=draft.comments.get().pk, answer="Fichier attendu", by=planner)
    assert "sans réponse" not in home(sign_in(planner))
    approving.submit(version=draft, reason="première version", by=planner)
    assert "la version 1 attend un visa" in home(sign_in(money))
