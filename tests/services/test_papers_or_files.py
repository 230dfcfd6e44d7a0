"""Figures of a station come from its paper or from a file, never from both, whoever comes first."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from kalata.country.models import Contest, Station
from kalata.people import services as people
from kalata.people.models import Approval
from kalata.people.rules.approval import Decision
from kalata.results.services import committing
from kalata.tally.models import Paper
from kalata.tally.services import reports as tally
from tests.conftest import ROWS, bring, csv_of
from tests.services.test_tally import desk, in_session, register, typed, validated  # noqa: F401


@pytest.mark.django_db
def test_the_database_expects_no_paper_of_a_station_whose_figures_come_from_a_file(contest, supervisor):
    bring(contest, supervisor, csv_of(ROWS[:1]))
    station = Station.objects.get(code="KAY-001")
    with pytest.raises(DatabaseError, match="RES-434"), transaction.atomic():
        Paper.objects.create(contest=contest, station=station, since=timezone.now())
    with pytest.raises(tally.CountedFromFiles):
        tally.open_register(contest=contest, by=supervisor)
    assert not Paper.objects.exists()


@pytest.mark.django_db
def test_stations_are_added_to_a_register_that_has_figures_by_two_persons(register, desk, supervisor, publisher):  # noqa: F811
    profile = {
        "rows": "wide", "station": ["bureau"], "areas": ["region", "cercle"], "figures": {"registered": "inscrits"},
    }  # fmt: skip
    text = lambda code: csv_of([f"Kayes,Kayes,{code},9000"], "region,cercle,bureau,inscrits")  # noqa: E731
    again = lambda: Contest.objects.get(pk=register.pk)  # noqa: E731
    one = bring(again(), supervisor, text("NEW-0"), profile=profile, name="avant.csv")
    assert one.state == "committed"  # nothing typed yet: the supervisor completes the register
    tally.open_register(contest=again(), by=supervisor)
    validated(typed(register, desk), desk["f"])
    one = bring(again(), supervisor, text("NEW-1"), profile=profile, name="apres.csv")
    assert one.state == "waiting" and not Station.objects.filter(code="NEW-1").exists()
    with pytest.raises(committing.TwoPersons):
        committing.commit(one, by=supervisor)
    asked = Approval.objects.get(kind="results.correction")
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    assert Station.objects.filter(code="NEW-1").exists()
