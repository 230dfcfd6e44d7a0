"""A house told to stop waits for the act in hand, never for the whole round of chores."""

import pytest

from kalata import stopping
from kalata.ledger.management.commands.sequencer import Command
from kalata.transparency import publiclog

pytestmark = pytest.mark.django_db


class Beater:
    def sure(self):
        return True


@pytest.fixture(autouse=True)
def told_by_nobody():
    with stopping.handlers_back():
        yield


def round_of(*chores):
    names = [(chore, 60, chore.__name__) for chore in chores]
    Command().round(names, dict.fromkeys((c.__name__ for c in chores), 0.0), 0.0, Beater())


def test_a_sequencer_told_to_stop_begins_no_other_chore():
    done = []

    def first():
        done.append("first")
        stopping.ask()

    round_of(first, lambda: done.append("second"))
    assert done == ["first"]


def test_a_long_reading_ends_between_two_records_and_is_no_fault(caplog):
    read = []

    def reading():
        for n in stopping.going(range(1_000)):
            read.append(n)
            if n == 2:
                stopping.ask()

    round_of(reading)
    assert read == [0, 1, 2] and "failed" not in caplog.text


def test_a_log_being_replayed_when_the_house_stops_is_not_halted(published, settings, tmp_path, monkeypatch):
    from tests.services.test_public_log import PHRASE, keys, log_of

    settings.LOG_FOLDER, settings.LOG_KEY = tmp_path / "log", tmp_path / "log.key"
    monkeypatch.setenv("KALATA_LOG_PASSPHRASE", PHRASE)
    keys.create(settings.LOG_KEY, PHRASE)
    secret = keys.open_key(settings.LOG_KEY, PHRASE)
    publiclog.sequence(log_of(published), secret)
    publiclog.forget()
    stopping.ask()
    with pytest.raises(stopping.Stopped):
        publiclog.sequence(log_of(published), secret)
    assert log_of(published).halted is None and not publiclog._held
