"""Receipts and days of custody get their instants from the Court's own authority, whenever its keys are open."""

from datetime import UTC, datetime, timedelta

import pytest

from kalata.disputes.models import CustodyRoot, PetitionReceipt
from kalata.disputes.rules import custody
from kalata.disputes.services import stamping
from kalata.disputes.services.custody import chain, note
from kalata.disputes.signing import authority, court, times
from kalata.ledger.models import Act
from tests.disputes import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases(contest, settings, tmp_path):
    settings.COUNTER_KEYS = tmp_path / "counters"
    settings.COURT_KEYS = tmp_path / "court"
    who, counter = desk.open_court(contest)
    return [desk.received(contest, counter, who["clerk"]) for _n in range(2)]


@pytest.fixture
def keys(settings, monkeypatch):
    monkeypatch.setenv("KALATA_COURT_PASSPHRASE", "quatre mots au hasard\nquatre autres mots")
    authority.create(settings.COURT_KEYS, court.passphrase(), court="Cour", country="ML", origin="cour.example", at=court.now())  # fmt: skip
    return court.the_court()


def three_days_ago(cases):
    at = datetime.now(UTC) - timedelta(days=3)
    for one in cases:
        note(one, "received", actor="counter:1", at=at)
    return at.date()


def test_without_keys_nothing_waits_and_nothing_is_lost(cases):
    day = three_days_ago(cases)
    stamping.turn()
    assert set(PetitionReceipt.objects.values_list("token", flat=True)) == {None}
    assert CustodyRoot.objects.get(day=day).token is None  # the root is written, its token comes later


def test_each_receipt_is_stamped_once_over_its_root(cases, keys):
    assert stamping.receipts() == 2 and stamping.receipts() == 0
    for one in PetitionReceipt.objects.all():
        assert times.read(bytes(one.token), bytes.fromhex(one.root), [keys.root])


def test_each_day_that_is_over_has_its_root_its_token_and_its_line_in_the_ledger(cases, keys):
    day = three_days_ago(cases)
    stamping.turn()
    found = CustodyRoot.objects.get(day=day)
    assert found.heads == {one.number: chain(one)[-1]["hash"] for one in cases} and found.petitions == 2
    assert custody.day_root(found.heads).hex() == found.root
    assert times.read(bytes(found.token), bytes.fromhex(found.root), [keys.root])
    assert Act.objects.filter(kind="disputes.custody_root").count() == CustodyRoot.objects.count()
    count = CustodyRoot.objects.count()
    assert stamping.turn() == 0 and CustodyRoot.objects.count() == count
    assert not CustodyRoot.objects.filter(day=datetime.now(UTC).date()).exists()  # today is not over


def test_a_root_written_while_the_keys_were_shut_is_stamped_when_they_open(cases, settings, monkeypatch):
    day = three_days_ago(cases)
    stamping.turn()
    monkeypatch.setenv("KALATA_COURT_PASSPHRASE", "quatre mots au hasard\nquatre autres mots")
    authority.create(settings.COURT_KEYS, court.passphrase(), court="Cour", country="ML", origin="c", at=court.now())
    assert stamping.turn() >= 3
    assert CustodyRoot.objects.get(day=day).token is not None
