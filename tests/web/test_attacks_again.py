"""What a second look found: an old request, an old tab, and a batch that shows more than itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kalata.country.models import Contest
from kalata.people import services as people
from kalata.people.models import Approval
from kalata.people.rules.approval import Decision, Outdated
from kalata.results.models import Import, StationReport
from kalata.results.queries.published import contest_windows
from kalata.results.services import contests as services
from kalata.tally.services import batches as publishing
from tests.conftest import ROWS, bring, csv_of, make_person, seen_on
from tests.services.test_tally import GOOD, desk, entered, register, scanned, validated  # noqa: F401

pytestmark = pytest.mark.django_db


def approved(asked, by):
    return people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=by)


def again(thing):
    return type(thing).objects.get(pk=thing.pk)


def test_a_publication_asked_twice_does_not_come_back_after_a_withdrawal(counted, supervisor, publisher):
    first, twin = (services.ask_publication(contest=counted, reason="r", by=supervisor) for _n in range(2))
    approved(first, publisher)
    approved(services.ask_withdrawal(contest=again(counted), reason="fraude", by=supervisor), publisher)
    with pytest.raises(Outdated):
        approved(twin, publisher)
    assert again(counted).published_at is None


def test_a_withdrawal_asked_twice_does_not_come_back_after_a_publication(counted, supervisor, publisher):
    approved(services.ask_publication(contest=counted, reason="r", by=supervisor), publisher)
    first, twin = (services.ask_withdrawal(contest=again(counted), reason="r", by=supervisor) for _n in range(2))
    approved(first, publisher)
    approved(services.ask_publication(contest=again(counted), reason="remise", by=supervisor), publisher)
    with pytest.raises(Outdated):
        approved(twin, publisher)
    assert again(counted).published_at is not None


@pytest.fixture
def one_instant(monkeypatch):
    """Every clock reads the same, to the microsecond."""
    now = timezone.now()
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


def test_two_requests_decided_at_the_very_instant_they_were_asked_have_an_order(counted, supervisor, publisher, one_instant):  # fmt: skip
    first, twin = (services.ask_publication(contest=counted, reason="r", by=supervisor) for _n in range(2))
    approved(first, publisher)
    approved(services.ask_withdrawal(contest=again(counted), reason="fraude", by=supervisor), publisher)
    with pytest.raises(Outdated):
        approved(twin, publisher)
    assert again(counted).published_at is None


def test_publications_and_withdrawals_of_one_instant_keep_their_order(client, counted, supervisor, publisher, one_instant):  # fmt: skip
    for _turn in range(2):
        late = services.ask_withdrawal  # asked first, decided last: neither numbers nor clocks tell
        approved(services.ask_publication(contest=again(counted), reason=f"r{_turn}", by=supervisor), publisher)
        assert client.get("/resultats/pres/").status_code == 200
        approved(late(contest=again(counted), reason=f"w{_turn}", by=supervisor), publisher)
        assert client.get("/resultats/pres/").status_code == 404
    asked = services.ask_publication(contest=again(counted), reason="dernière", by=supervisor)
    approved(asked, publisher)
    assert again(counted).published_at is not None
    assert [end is None for _begin, end in contest_windows(again(counted))] == [False, False, True]


def test_a_request_asked_after_the_same_was_done_at_that_instant_is_not_outdated(contest, administrator, security_officer, one_instant):  # fmt: skip
    def request():
        return people.ask_mandate(
            person=someone, role="saisie", unit=None, contest=None, starts=None, ends=None, reason="r", by=administrator
        )

    someone = make_person("nouvelle")
    approved(request(), security_officer)
    people.revoke_mandate(mandate=someone.mandates.get(role="saisie"), reason="fin", by=administrator)
    again_asked = request()
    approved(again_asked, security_officer)
    assert again(again_asked).state == "approved"


def test_a_clock_set_back_brings_no_old_request_to_life(counted, supervisor, publisher, monkeypatch):
    first, twin = (services.ask_publication(contest=counted, reason="r", by=supervisor) for _n in range(2))
    yesterday = timezone.now() - timedelta(days=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: yesterday)
    approved(first, publisher)
    approved(services.ask_withdrawal(contest=again(counted), reason="fraude", by=supervisor), publisher)
    with pytest.raises(Outdated):
        approved(twin, publisher)


def in_turn(register, desk, code):  # noqa: F811
    """A report read by two clerks and validated."""
    scanned(register, desk, code)
    entered(register, desk, "a", GOOD)
    return validated(entered(register, desk, "b", GOOD), desk["f"])


def test_a_batch_asked_before_a_withdrawal_is_not_approved_after_it(register, desk, supervisor, publisher):  # noqa: F811
    in_turn(register, desk, "KAY-001")
    approved(publishing.ask_batch(contest=register, document="acte 1", note="n", by=supervisor), publisher)
    in_turn(register, desk, "KAY-002")
    late = publishing.ask_batch(contest=again(register), document="acte 2", note="n", by=supervisor)
    approved(services.ask_withdrawal(contest=again(register), reason="fraude", by=supervisor), publisher)
    with pytest.raises(Outdated):
        approved(late, publisher)
    assert again(register).published_at is None
    with pytest.raises(publishing.WouldShowMore):  # the batch of before would come back with it, unread
        publishing.ask_batch(contest=again(register), document="acte 2", note="n", by=supervisor)


def test_the_button_of_an_old_tab_stores_nothing_that_another_has_tried_since(sign_in, contest, supervisor):
    one = bring(contest, supervisor, csv_of(ROWS), commit=False)
    client, url = sign_in(supervisor), f"/resultats/gerer/imports/{one.pk}/"
    seen = seen_on(client, url)
    assert seen == one.difference != ""
    Import.objects.filter(pk=one.pk).update(difference="0" * 64)
    for old in (seen, ""):
        answer = client.post(url, {"act": "commit", "reason": "x", "seen": old})
        assert answer.status_code == 409 and "IMP-305" in answer.content.decode()
    assert not StationReport.objects.exists() and Contest.objects.get(pk=contest.pk).published_at is None
    assert not Approval.objects.filter(kind="results.correction").exists()
