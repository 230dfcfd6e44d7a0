"""A list brought while an act of appointment is signed: one of the two sees the other, on the database that has two writers."""

import threading
from datetime import date

import pytest
from django.db import connection, connections

from kalata.people.rules.approval import Decision
from kalata.people.services import decide_approval
from kalata.refusals import Refused
from kalata.training.models import Appointment, Post
from kalata.training.services import posts_appointing
from tests.training.conftest import lines, sent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="two writers at once: SQLite has one")
def test_nobody_is_appointed_whom_the_signer_did_not_see(opened, staffing, authority, monkeypatch):
    sent(opened, staffing, lines("KAY-001"))
    asked = posts_appointing.ask(contest=opened, unit=None, number="D-1", on=date(2027, 2, 1), reason="relue", by=staffing)
    held, brought, said = threading.Event(), threading.Event(), []
    judge = posts_appointing.as_judged

    def judged(approval, posts):
        judge(approval, posts)
        held.set()
        brought.wait(2)  # the list comes now, after the look and before the signature: it must wait, or be seen

    monkeypatch.setattr(posts_appointing, "as_judged", judged)

    def bring():
        held.wait(20)
        try:
            other = lines("KAY-001", change=[(0, "code", "AUTRE-1"), (0, "name", "Une autre personne")])
            sent(opened, staffing, other, name="autre.csv")
            said.append("brought")
        except Refused as refused:
            said.append(refused.code)
        finally:
            brought.set()
            connections.close_all()

    other = threading.Thread(target=bring)
    other.start()
    try:
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=authority)
    except Refused as refused:
        said.append(refused.code)
    other.join(30)
    made = Appointment.objects.get()
    named = Post.objects.get(contest=opened, body="KAY-001", position="president")
    assert named.state == "appointed" and named.appointment_id == made.pk
    assert named.agent.code == "KAY-001-0", said
