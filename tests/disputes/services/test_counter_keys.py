"""The key of a counter that leaves the Court is under a passphrase: who finds the laptop signs nothing, and loses nothing."""

from __future__ import annotations

import os

import pytest
from click.testing import CliRunner
from django.test import override_settings

from kalata.cli import main
from kalata.disputes.models import Counter, Petition, Roll
from kalata.disputes.services import carrying, counters, intake, keys
from kalata.transparency import keys as log_keys
from tests.disputes.desk import filing, open_court

pytestmark = pytest.mark.django_db
PHRASE = "quatre mots au hasard"


@pytest.fixture(autouse=True)
def quick(tmp_path, monkeypatch):
    monkeypatch.setattr(log_keys, "COST", (2, 8, 1))
    monkeypatch.delenv("KALATA_COUNTER_PASSPHRASE", raising=False)
    with override_settings(COUNTER_KEYS=tmp_path / "counters"):
        yield


@pytest.fixture
def sealed(contest):
    """(clerk, a counter whose key is under the passphrase, a draft)"""
    who, _plain = open_court(contest)
    counter = counters.open_counter(code="MPT1", name="Préfecture", by=who["registrar"], passphrase=PHRASE)
    return who["clerk"], counter, intake.draft(contest=contest, filing=filing(), channel="field", by=who["clerk"])


def test_the_file_of_the_key_does_not_hold_it_in_clear(sealed, monkeypatch):
    _clerk, counter, _draft = sealed
    data = keys.path_of("MPT1").read_bytes()
    monkeypatch.setenv("KALATA_COUNTER_PASSPHRASE", PHRASE)
    secret = keys.private("MPT1", counter.key).private_bytes_raw()
    assert secret not in data and secret.hex().encode() not in data and b"sealed" in data
    assert keys.path_of("MPT1").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("given", [None, "quatre mots au hasarD"])
def test_without_its_passphrase_nothing_is_received_and_the_draft_stays(sealed, monkeypatch, given, tmp_path):
    clerk, counter, draft = sealed
    if given is not None:
        monkeypatch.setenv("KALATA_COUNTER_PASSPHRASE", given)
    for act in (
        lambda: intake.receive(petition_id=draft.pk, counter=counter, by=clerk),
        lambda: carrying.export(counter=counter, by=None, to=tmp_path / "lot.zip", drift_ms=None),
    ):
        with pytest.raises(keys.CounterKeyShut, match="DIS-138"):
            act()
    again = Petition.objects.get(pk=draft.pk)
    assert again.state == "draft" and again.number is None and Roll.objects.get().last == 0


def test_with_it_the_receipt_is_signed_by_that_key(sealed, monkeypatch, tmp_path):
    clerk, counter, draft = sealed
    (tmp_path / "phrase").write_text(f"{PHRASE}\n")
    monkeypatch.setenv("KALATA_COUNTER_PASSPHRASE_FILE", str(tmp_path / "phrase"))
    made = intake.receive(petition_id=draft.pk, counter=counter, by=clerk)
    assert made.receipt.key == counter.key and made.number.endswith("-MPT1-000001")


def test_a_short_passphrase_and_a_second_key_are_refused_and_leave_no_trace(sealed):
    with pytest.raises(keys.WeakPassphrase):
        counters.open_counter(code="MPT2", name="x", by=None, passphrase="onze signes")
    with pytest.raises(FileExistsError):
        keys.create("MPT1", PHRASE)
    assert [p.name for p in sorted(keys.folder().iterdir())] == ["BKO2.key", "MPT1.key"]
    assert not Counter.objects.filter(code="MPT2").exists()


def test_the_power_cut_while_a_key_is_written_leaves_no_half_of_one(sealed, monkeypatch):
    def cut(_descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", cut)
    with pytest.raises(KeyboardInterrupt):
        keys.create("SEG1", PHRASE)
    assert not keys.path_of("SEG1").exists()
    monkeypatch.undo()


def test_the_command_takes_the_passphrase_of_a_file(tmp_path):
    (tmp_path / "phrase").write_text(f"{PHRASE}\n")
    done = CliRunner().invoke(main, ["disputes", "counter", "open", "GAO1", "--name", "Gao", "--passphrase-file", str(tmp_path / "phrase"), "--json"])  # fmt: skip
    assert done.exit_code == 0 and keys.path_of("GAO1").read_bytes().startswith(b"{")
