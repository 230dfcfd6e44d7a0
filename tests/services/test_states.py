"""A state is written with the act that tells it, over the very state that the rule saw, or not at all."""

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from kalata import drawings, states
from kalata.ledger import locks
from kalata.ledger.models import Act as Kept
from kalata.ledger.rules.kinds import known
from kalata.ledger.services import record
from kalata.lifecycle import TABLES, Act, Overtaken
from kalata.people import services as people
from kalata.people.models import Approval, SavedView
from kalata.people.rules.approval import APPROVAL, AlreadyDecided, Decision, Request
from kalata.refusals import Refused

drawings.load()
pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(administrator, security_officer):
    one = people.ask_approval(
        kind="people.mandate", subject="person:s", summary="s", reason="r", by=administrator,
        payload={"person": security_officer.pk, "role": "agent", "unit": None, "contest": None, "starts": None, "ends": None},
    )  # fmt: skip
    return one


def written(row, by, tells, to=Decision.REFUSED, **values):
    ruled = Request(state=Decision(row.state), hands={"asker": row.asked_by_id}, right=row.right)
    values = {"decided_by": by, "decided_at": timezone.now(), **values}
    return states.write(row, APPROVAL, to, Act(by=by.pk, reason="non"), stand=ruled, tells=tells, **values)


def refusal(row, by):
    after = {"approval": row.pk, "sha256": row.sha256}
    return record(by=by, kind=known("people.mandate.refused"), subject=row.subject, after=after)


def stays(row):
    return type(row).objects.get(pk=row.pk).state


def test_the_state_its_columns_and_its_act_are_kept_together(asked, security_officer):
    written(asked, security_officer, lambda: refusal(asked, security_officer), note="non")
    fresh = Approval.objects.get(pk=asked.pk)
    assert (fresh.state, fresh.note, fresh.decided_by) == ("refused", "non", security_officer)
    assert (asked.state, asked.note) == ("refused", "non")
    assert Kept.objects.filter(kind="people.mandate.refused").count() == 1


def test_an_act_that_cannot_be_told_changes_nothing(asked, security_officer):
    def broken():
        raise OSError("no room left")

    with pytest.raises(OSError):
        written(asked, security_officer, broken)
    assert stays(asked) == "waiting"


def test_a_step_that_nothing_tells_is_refused_and_one_told_by_a_row_that_may_go_away_is_a_fault(
    asked, security_officer
):
    with pytest.raises(Refused):
        states.derive(asked, APPROVAL, Decision.REFUSED)

    def passing():
        return SavedView.objects.create(listing="l", name="k", query="", owner=security_officer, at=timezone.now())

    for tells in (passing, lambda: Kept(kind="never kept")):
        with pytest.raises(TypeError, match="is not a row that stays"):
            written(asked, security_officer, tells)
    assert stays(asked) == "waiting" and not SavedView.objects.filter(name="k").exists()


def test_a_state_that_has_moved_since_it_was_read_is_not_written_over(asked, security_officer):
    early, late = Approval.objects.get(pk=asked.pk), Approval.objects.get(pk=asked.pk)
    tells = lambda: refusal(asked, security_officer)  # noqa: E731
    written(early, security_officer, tells)
    before = Kept.objects.count()
    with pytest.raises(Overtaken) as met:
        written(late, security_officer, tells)
    assert Kept.objects.count() == before and stays(asked) == "refused"
    assert met.value.message.text("en") == "This record changed while you were reading it: it is now “Refused”."
    with pytest.raises(AlreadyDecided):
        written(Approval.objects.get(pk=asked.pk), security_officer, tells)


def test_a_request_is_not_decided_to_wait(asked, security_officer):
    with pytest.raises(AlreadyDecided):
        people.decide_approval(approval_id=asked.pk, to=Decision.WAITING, by=security_officer)


def test_a_row_is_born_only_where_its_kind_begins():
    assert states.born(APPROVAL, Decision.WAITING) == {"state": "waiting"}
    with pytest.raises(ValueError, match="approval: none is born approved"):
        states.born(APPROVAL, Decision.APPROVED)


@pytest.mark.parametrize("table", [t for t in TABLES.values() if not t.dated], ids=lambda t: t.name)
def test_the_database_lists_the_states_of_each_table(table):
    columns = apps.get_model(table.row)._meta.db_table
    asked = {
        "sqlite": "select sql from sqlite_master where name = %s",
        "postgresql": "select string_agg(conname, ' ') from pg_constraint where contype = 'c' and conrelid = %s::regclass",
    }  # get_constraints of Django fails on SQLite where a condition names a number of one digit
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor], [columns])
        (there,) = cursor.fetchone()
    assert f"{table.name}_{table.field}_listed" in there


def test_a_table_rebuilt_for_its_list_of_states_has_its_locks_again():
    stateful = {apps.get_model(t.row)._meta.db_table for t in TABLES.values()}
    assert stateful & {model._meta.db_table for model, _rule in locks.guarded()}
    assert locks.faults() == []
