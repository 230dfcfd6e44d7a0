# ruff: noqa: F811
"""The record of a station: who counted, by whom trained, with which page; a replacement by code is on it."""

from datetime import date

import pytest
from django.urls import reverse

from kalata.training.models import PrintRun
from kalata.training.queries import station_record
from kalata.training.services import posts_day
from kalata.training.services.posts_day import Asked
from tests.conftest import make_person
from tests.training.conftest import at, on_the_day, post, printer  # noqa: F401
from tests.training.services.test_classes import certified, draft, lesson, people  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def counted(certified, staffing, people, on_the_day, opened):
    """The certified assessor and a president replaced by code, in one station; the class had a manual with the page of the count."""
    from kalata.training.models import ManualSource, Procedure, ProcedureVersion

    source = ManualSource.objects.create(code="s", head={})
    procedure = Procedure.objects.create(source=source, code="DEP", file="dep.yaml")
    ProcedureVersion.objects.create(procedure=procedure, number=1, content={}, sha256="d", phase="count", roles="|assessors|")
    pages = [{"id": "a" * 64, "code": "aaaa-bbbb-cccc", "procedure": code, "version": "1", "title": code} for code in ("OUV", "DEP")]
    run = PrintRun.objects.create(
        number="T-1", source="s", role="assessors", language="fr", kind="manual", digest="0" * 64, file="0" * 64, pages=pages, copies=9, by=people["plan"], at=at(8)
    )  # fmt: skip
    run.handovers.create(training_class=certified.seat.training_class, copies=9, on=date(2027, 2, 15), by=people["plan"], at=at(8))
    station = certified.agent.posts.get().station
    others = [p.pk for p in station.posts.filter(head=False)]
    posts_day.note_presence(station=station, present=others, teller="président", at=at(7), by=staffing)
    code = posts_day.make_codes(contest=opened, by=printer())
    secret = next(c for body, _name, c in code if body == station.code)
    told = Asked(at=at(7, 12), decided_by="coordination", witness="délégué", name="Une électrice", roll_number=217, code=secret)
    posts_day.replace(post=post(opened, station.code, "president"), asked=told, by=staffing)
    return station


def test_the_record_says_who_counted_with_which_page_and_the_replacement_by_code(counted, certified, staffing, sign_in):
    rows = station_record.record_of(staffing, counted)
    assert len(rows) == 5 and all(s.counted for s in rows)
    chair = rows[0]
    assert chair.agent.name == "Une électrice" and chair.replacement.roll_number == 217 and chair.taught is None
    one = next(s for s in rows if s.agent.pk == certified.agent_id)
    assert one.taught.certificate == certified and [p.code for p in one.taught.pages] == ["aaaa-bbbb-cccc"]
    client = sign_in(staffing)
    page = client.get(reverse("posts:record", args=[counted.contest.code, counted.pk])).content.decode()
    assert "Une électrice" in page and "aaaa-bbbb-cccc" in page and "217" in page and certified.number in page


def test_the_pair_that_taught_stays_with_who_keeps_training(counted, certified, staffing, people, sign_in):
    pair = certified.seat.training_class.pair
    assert {s.taught.pair for s in station_record.record_of(staffing, counted) if s.taught} == {""}
    assert {s.taught.pair for s in station_record.record_of(people["one"], counted) if s.taught} == {pair}
    client = sign_in(staffing)
    page = client.get(reverse("posts:record", args=[counted.contest.code, counted.pk])).content.decode()
    assert certified.seat.training_class.code not in page and f"{pair}<" not in page
    client = sign_in(make_person("personne", "saisie"))
    assert client.get(reverse("posts:record", args=[counted.contest.code, counted.pk])).status_code == 404


def test_the_record_is_a_paper_too(counted, certified, staffing, sign_in, monkeypatch):
    from kalata.documents import rendering

    said = []
    monkeypatch.setattr(rendering, "copy", lambda paper: said.append(paper) or type("R", (), {"pdf": b"%PDF"})())
    client = sign_in(staffing)
    answer = client.get(reverse("posts:record", args=[counted.contest.code, counted.pk]), {"sortie": "pdf"})
    assert answer["Content-Type"] == "application/pdf"
    told = str(said[0].data) if hasattr(said[0], "data") else str(said[0].says())
    assert "Une électrice" in told and "aaaa-bbbb-cccc" in told and "217" in told
