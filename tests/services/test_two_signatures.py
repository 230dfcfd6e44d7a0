"""A decision and a mandate stay what two persons made them, whoever writes; who could read figures never types them."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from kalata.country.models import Contest, Unit
from kalata.ledger import locks
from kalata.ledger.models import Act
from kalata.people import services as people
from kalata.people.models import Approval, Mandate
from kalata.people.rules.approval import Decision
from kalata.results.services import announcing, authority
from kalata.results.services import contests as services
from kalata.tally.models import Paper
from kalata.tally.rules.lifecycle import NotYou
from kalata.tally.rules.lifecycle import State as S
from kalata.tally.services import reports as tally
from tests.conftest import holds_only, make_person
from tests.services.test_tally import (  # noqa: F401
    GOOD,
    a_picture,
    desk,
    entered,
    register,
    scanned,
    typed,
    validated,
)

pytestmark = pytest.mark.django_db


def refused(says, table, change, pk, *values):
    with pytest.raises(DatabaseError, match=says), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"update {table} set {change} where id = %s", [*values, pk])  # noqa: S608


@pytest.fixture
def asked(counted, supervisor):
    return services.ask_publication(contest=counted, reason="r", by=supervisor)


# --- requests -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "change",
    [
        "state = 'approved'",
        "state = 'withdrawn'",
        "state = 'autre'",
        "decided_at = '2027-01-01 00:00:00+00:00'",
    ],
)
def test_a_request_is_not_decided_by_nobody(asked, change):
    refused("PEO-208|approval_decided", "people_approval", change, asked.pk)


def test_a_request_that_waits_has_nobody_who_decided_it(asked, publisher):
    refused("PEO-208", "people_approval", "decided_by_id = %s", asked.pk, publisher.pk)


@pytest.mark.parametrize("to", ["waiting", "approved", "withdrawn"])
def test_a_request_decided_is_not_decided_again(asked, publisher, to):
    people.decide_approval(approval_id=asked.pk, to=Decision.REFUSED, by=publisher, note="non")
    refused("PEO-208", "people_approval", "state = %s", asked.pk, to)
    refused("PEO-208", "people_approval", "note = %s", asked.pk, "oui")


def test_a_request_is_born_waiting(supervisor, publisher):
    with pytest.raises(DatabaseError, match="PEO-208"), transaction.atomic():
        Approval.objects.create(
            kind="k", right="r", subject="s", summary="s", reason="r", asked_by=supervisor, sha256="0" * 64,
            state="approved", decided_by=publisher, decided_at=timezone.now(),
        )  # fmt: skip


# --- mandates -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("change", ["rights = '[\"results.publish\"]'", "role = 'juge'", "starts = '2020-01-01'"])
def test_a_mandate_is_not_rewritten(supervisor, change):
    refused("PEO-210", "people_mandate", change, supervisor.mandates.get().pk)


def test_a_mandate_goes_to_nobody_else_and_is_never_deleted(supervisor, publisher):
    one = supervisor.mandates.get()
    refused("PEO-210", "people_mandate", "person_id = %s", one.pk, publisher.pk)
    with pytest.raises(DatabaseError, match="PEO-210"), transaction.atomic():
        one.delete()


def test_a_mandate_ends_sooner_and_never_later(supervisor):
    one = supervisor.mandates.get()
    Mandate.objects.filter(pk=one.pk).update(ends="2027-06-01")
    Mandate.objects.filter(pk=one.pk).update(ends="2027-05-31")
    refused("PEO-210", "people_mandate", "ends = '2027-06-01'", one.pk)
    refused("PEO-210", "people_mandate", "ends = null", one.pk)
    Mandate.objects.filter(pk=one.pk).update(revoked_at=timezone.now())
    refused("PEO-210", "people_mandate", "revoked_at = null", one.pk)


def test_a_mandate_that_says_it_was_asked_has_its_approved_request(supervisor, publisher, administrator, outsider):
    with pytest.raises(DatabaseError, match="PEO-211"), transaction.atomic():
        Mandate.objects.create(
            person=outsider, role="juge", rights=["results.decide"], asked_by=supervisor, approved_by=publisher
        )


# --- publication ----------------------------------------------------------------------------------------
def test_a_contest_is_not_made_public_by_one_update(counted, asked, publisher, supervisor):
    def publish():
        Contest.objects.filter(pk=counted.pk).update(published_at=timezone.now())

    with pytest.raises(DatabaseError, match="RES-312"), transaction.atomic():
        publish()
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    taken = services.ask_withdrawal(contest=counted, reason="r", by=supervisor)
    people.decide_approval(approval_id=taken.pk, to=Decision.APPROVED, by=publisher)
    with pytest.raises(DatabaseError, match="RES-312"), transaction.atomic():
        publish()  # the approval of before the withdrawal is spent


def test_a_paper_made_public_by_one_update_is_found(register, desk):  # noqa: F811
    paper = validated(typed(register, desk), desk["f"])
    assert authority.unproved(register) == []
    Paper.objects.filter(pk=paper.pk).update(state="published")
    found = authority.unproved(register)
    assert [(u.kept, u.proved) for u in found] == [("published", "validated")]


def test_the_guards_of_requests_and_mandates_are_watched(db):
    with connection.cursor() as cursor:
        limit = locks.limits.DECLARED["people_mandate_limit_kept"]
        locks.limits.drop(cursor, connection.vendor, limit)
    try:
        assert "people_mandate_limit_kept" in {f.guard for f in locks.faults()}
    finally:
        locks.install()


def test_what_the_guards_did_not_stop_is_found_at_night(
    counted, supervisor, publisher, administrator, security_officer
):
    from kalata.results.queries.signatures import unsigned

    person = make_person("agent")
    asked = people.ask_mandate(person=person, role="saisie", unit=None, reason="r", by=administrator)
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=security_officer)
    assert unsigned() == []
    with locks.lifted():
        Contest.objects.filter(pk=counted.pk).update(published_at=timezone.now())
        Mandate.objects.filter(person=person).update(rights=["results.enter", "results.publish"])
        Mandate.objects.create(person=publisher, role="juge", rights=["results.decide"])
    found = unsigned()
    assert len(found) == 3 and found[0].startswith("contest:pres is public")
    assert {one.split()[0] for one in found[1:]} == {"person:agent", "person:publication"}
    assert announcing.compare_all() == 3
    assert Act.objects.get(kind="signature.missing").after["count"] == 3


# --- blind typing ---------------------------------------------------------------------------------------
@pytest.fixture
def recalled(register, desk, supervisor):  # noqa: F811
    """A paper validated, recalled and to be typed again: its figures stood on totals, tables and requests."""
    paper = validated(typed(register, desk), desk["f"])
    asked = tally.ask_second(paper_id=paper.pk, to=S.RECALLED, reason="r", by=supervisor)
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=make_person("com2", "commission"))
    tally.pass_on(paper_id=paper.pk, to=S.RECEIVED, reason="r", by=make_person("com3", "commission"))
    return tally.scan(paper_id=paper.pk, image=a_picture(), by=desk["scan"])


def claims(register, by) -> bool:  # noqa: F811
    try:
        return tally.claim_next(contest=register, right="results.enter", by=by).state == S.FIRST_ENTRY
    except (tally.NothingWaits, tally.OthersWait, NotYou):
        return False


@pytest.mark.parametrize("right", ["read", "review", "commission", "publish", "decide", "proclaim", "annul", "recall"])
def test_who_may_read_the_figures_of_a_paper_does_not_type_it_again(register, recalled, right):  # noqa: F811
    assert not claims(register, holds_only(make_person("double"), f"results.{right}", "results.enter"))
    assert claims(register, make_person("autre", "saisie"))


def test_a_mandate_that_read_figures_counts_after_its_end_and_one_that_ended_before_does_not(
    register,  # noqa: F811
    desk,  # noqa: F811
    supervisor,
    request,
):
    before, after = make_person("avant", "auditeur"), make_person("apres", "auditeur")
    before.mandates.update(revoked_at=timezone.now())
    request.getfixturevalue("recalled")
    after.mandates.update(revoked_at=timezone.now())
    for one in (after, before):
        people.give_mandate(person=one, role="saisie")
    assert not claims(register, type(after).objects.get(pk=after.pk))
    assert claims(register, type(before).objects.get(pk=before.pk))


def test_a_reader_of_another_region_types(register, recalled):  # noqa: F811
    segou = Unit.objects.get(code="ML-SEG", geography__code="ml-2015")
    away = make_person("segou", "auditeur", unit=segou)
    people.give_mandate(person=away, role="saisie")
    assert claims(register, type(away).objects.get(pk=away.pk))


def test_a_reader_types_a_paper_whose_figures_nobody_has_agreed_yet(register, desk):  # noqa: F811
    scanned(register, desk)
    assert claims(register, holds_only(make_person("double"), "results.read", "results.enter"))


def test_who_becomes_a_reader_while_typing_does_not_submit(register, recalled):  # noqa: F811
    clerk = make_person("clerc", "saisie")
    taken = tally.claim_next(contest=register, right="results.enter", by=clerk)
    people.give_mandate(person=clerk, role="auditeur")
    clerk = type(clerk).objects.get(pk=clerk.pk)
    with pytest.raises(NotYou):
        tally.submit(paper_id=taken.pk, sheet=GOOD, by=clerk, seen=taken.last_hash)
    assert Paper.objects.get(pk=taken.pk).state == S.FIRST_ENTRY
