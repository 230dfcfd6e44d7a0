"""The sequencer begins again from what it wrote down, and a whole replay behind it has the last word."""

import pytest
from django.db import transaction

from kalata.ledger import locks
from kalata.results.models import StationReport
from kalata.results.rules.boxes import Standing
from kalata.transparency import publiclog, resuming, tasks
from kalata.transparency.models import LogEntry, PublicLog
from tests import court
from tests.services.test_public_log import disk, entries, house_key, log_of, secret  # noqa: F401  the key of the house

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(published):
    """A log written down, its sequencer stopped."""
    publiclog.sequence_all()
    publiclog.sequence_all()  # nothing came since: now it is written down
    assert resuming.path(log_of(published)).exists()
    publiclog.forget()
    return published


def annul(contest, judge, registrar):
    row = StationReport.objects.filter(contest=contest, current=True, standing=0).select_related("station").first()
    court.decide(row.station, Standing.ANNULLED, signer=judge, by=registrar)


def held(contest):
    return publiclog._held[log_of(contest).pk]


def test_a_start_reads_what_was_written_down_and_signs_the_same_as_a_whole_replay(kept, judge, registrar):
    annul(kept, judge, registrar)
    publiclog.sequence(log_of(kept), secret())
    assert held(kept).resumed
    added = entries(kept)
    assert [e["kind"] for e in added if e["kind"] != "total"][-2:] == ["revision", "exclusion"]
    whole = publiclog.rebuilt(log_of(kept))
    assert not whole.resumed and whole.tree.root() == held(kept).tree.root() == disk(kept).checkpoint().root
    assert tasks.replayed.func(log_of(kept).pk) == "same" and log_of(kept).halted is None


def test_what_came_after_it_was_written_down_is_replayed(kept, judge, registrar):
    annul(kept, judge, registrar)
    publiclog.sequence(log_of(kept), secret())
    size = len(held(kept).tree)
    publiclog.forget()
    publiclog.sequence(log_of(kept), secret())
    assert held(kept).resumed and len(held(kept).tree) == size > held(kept).seen


@pytest.mark.parametrize("change", ["byte", "rules", "key"])
def test_what_was_written_down_otherwise_is_not_read(kept, change, monkeypatch):
    """A changed byte, other rules, another key: the log is replayed whole."""
    one, with_ = log_of(kept), secret()
    where = resuming.path(one)
    if change == "byte":
        where.write_bytes(where.read_bytes()[:-1] + b"\x7f")
    elif change == "rules":
        monkeypatch.setattr(resuming, "stamp", lambda: "others")
    else:
        where.write_bytes(where.read_bytes().replace(resuming.sealed(with_, one, *parts(where)).encode(), b"0" * 64))
    publiclog.sequence(one, with_)
    assert not held(kept).resumed


def parts(where):
    _seal, _line, rest = where.read_bytes().partition(b"\n")
    head, _line, body = rest.partition(b"\n")
    return head + b"\n", body


def test_an_old_entry_altered_in_the_database_is_found_behind_the_start_and_stops_the_signing(kept):
    one = log_of(kept)
    with locks.lifted(), transaction.atomic():
        report = one.entries.get(index=1)
        LogEntry.objects.filter(pk=report.pk).update(data=bytes(report.data).replace(b'"n":', b'"n":1', 1))
    assert tasks.replayed.func(one.pk) == "LOG-203"
    one = PublicLog.objects.get(pk=one.pk)
    assert one.halted["code"] == "LOG-203" and not resuming.path(one).exists()
    with pytest.raises(publiclog.Altered):
        publiclog.sequence(one, secret())


def test_a_state_that_says_something_else_than_the_entries_is_thrown_away_and_a_whole_replay_goes_on(kept):
    """Even under the right seal: what was written down decides nothing by itself."""
    one, with_ = log_of(kept), secret()
    publiclog.sequence(one, with_)
    wrong = held(kept)
    wrong.replay.sums[("nation", "")].figures[0] += 1
    resuming.path(one).unlink()
    wrong.seen = len(wrong.tree)
    assert resuming.keep(one, wrong, with_)
    assert tasks.replayed.func(one.pk) == "LOG-203"
    publiclog.sequence(PublicLog.objects.get(pk=one.pk), with_)
    assert not held(kept).resumed and PublicLog.objects.get(pk=one.pk).halted is None


def test_a_full_disk_stops_no_signature(published, monkeypatch):
    def full(*_values):
        raise OSError(28, "No space left on device")

    publiclog.sequence_all()
    monkeypatch.setattr(resuming.os, "open", full)
    publiclog.sequence_all()
    assert log_of(published).halted is None and not resuming.path(log_of(published)).exists()
