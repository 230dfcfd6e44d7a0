"""A register opened while a file is stored: one of the two, on the database that has two writers at once."""

import threading

import pytest
from django.db import connection, connections
from django.utils import timezone

from kalata.country.models import Contest, Station, Unit
from kalata.results.models import StationReport
from kalata.results.services import committing, importing
from kalata.tally.models import Paper
from kalata.tally.services import reports as tally
from tests.conftest import ROWS, bring, csv_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="two writers at once: SQLite has one")
def test_a_register_opened_while_a_file_is_stored_leaves_one_of_the_two(contest, supervisor, monkeypatch):
    kayes = Unit.objects.get(name="Kayes", level=2, geography__code="ml-2015")
    one = bring(contest, supervisor, csv_of(ROWS[:1]), commit=False)
    Station.objects.create(contest=contest, code="KAY-001", unit=kayes, registered=400)
    Contest.objects.filter(pk=contest.pk).update(register_revision=contest.register_revision + 1)
    one.refresh_from_db()
    importing.dry_run(one)
    one.refresh_from_db()
    looked, go, out = threading.Event(), threading.Event(), []

    class Clock:
        def __getattr__(self, name):
            return getattr(timezone, name)

        def now(self):
            if threading.current_thread().name == "opener":
                looked.set()
                go.wait(3)  # the file comes now, between the look and the papers
            return timezone.now()

    monkeypatch.setattr(tally, "timezone", Clock())

    def opened():
        try:
            tally.open_register(contest=Contest.objects.get(pk=contest.pk), by=supervisor)
        except tally.CountedFromFiles:
            out.append("refused")
        finally:
            connections.close_all()

    opener = threading.Thread(target=opened, name="opener")
    opener.start()
    looked.wait(20)
    try:
        committing.ask_or_commit(one=one, reason="x", by=supervisor)
    except Exception as refused:
        out.append(type(refused).__name__)
    go.set()
    opener.join(30)
    papers = Paper.objects.filter(station__code="KAY-001").count()
    filed = StationReport.objects.filter(station__code="KAY-001", authority="import").count()
    assert papers + filed == 1 and len(out) == 1
