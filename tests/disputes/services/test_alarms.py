"""What is no longer what it was, and a day whose root was not time-stamped, are tasks of the registry until they are mended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kalata.disputes import alerts
from kalata.disputes.models import CustodyRoot
from kalata.disputes.services import intake, nightly, stamping
from kalata.evidence import store
from kalata.notices import services as notices
from tests.disputes import desk
from tests.disputes.services.test_stamping import cases, keys, three_days_ago  # noqa: F401

pytestmark = pytest.mark.django_db


def test_a_piece_that_changed_in_the_night_is_on_the_registrars_screen_until_it_is_back(sign_in, contest, settings, tmp_path):  # fmt: skip
    settings.COUNTER_KEYS = tmp_path / "counters"
    who, counter = desk.open_court(contest)
    draft = intake.draft(contest=contest, filing=desk.filing(), channel="counter", by=who["clerk"])
    kept = intake.keep(b"constat", name="constat.txt", by=who["clerk"])
    intake.attach(petition=draft, content=kept, name="Constat", kind="bailiff", by=who["clerk"])
    made = intake.receive(petition_id=draft.pk, counter=counter, by=who["clerk"])
    path = store.path(kept.sha256)
    path.chmod(0o600)
    path.write_bytes(b"constaT")
    assert len(nightly.reread()) == 1 == len(nightly.reread())
    assert set(notices.open_keys("disputes:damaged:")) == {f"disputes:damaged:{made.pk}:P1"}
    assert f"{made.number}, pièce P1" in sign_in(who["registrar"]).get("/avis/").content.decode()
    path.write_bytes(b"constat")
    assert nightly.reread() == [] and not list(notices.open_keys("disputes:damaged:"))


def test_a_day_without_its_time_stamped_root_is_told_six_hours_after_its_end_and_not_before(cases, keys):  # noqa: F811
    day = three_days_ago(cases)
    end = datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC)
    told = lambda: list(notices.open_keys("disputes:root:"))  # noqa: E731
    alerts.unstamped(end + timedelta(hours=5, minutes=59))
    assert told() == []
    alerts.unstamped(end + timedelta(hours=6))
    alerts.unstamped(end + timedelta(hours=7))
    assert told() == [f"disputes:root:{day}"]
    stamping.turn()
    assert CustodyRoot.objects.get(day=day).token is not None
    alerts.unstamped(end + timedelta(hours=8))
    assert told() == []
