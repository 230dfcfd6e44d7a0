"""People of the posts, and a contest of three stations whose posts are open."""

import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from kalata.country import services as country
from kalata.country.models import Geography, Station, Unit
from kalata.people.models import Person
from kalata.training.models import Post
from kalata.training.services import posts_day, posts_lists, posts_opening
from tests.conftest import BOXES, LISTS, make_person

POLL = date(2027, 2, 28)
HEAD = "station,position,code,name,sex,born,phone,languages,proposed_by,certificate_role,certificate_version,certificate_expires,payment"
VERSIONS = {"president": ["1"], "assessor": ["1"]}


def at(hour: int, minute: int = 0, day: date = POLL) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo("Africa/Bamako"))


@pytest.fixture
def staffing(pack_version):
    return make_person("agents", "coordination-agents")


def printer():
    """Another person of the same office: whoever prints the codes of stations uses none of them."""
    return Person.objects.filter(username="tirage").first() or make_person("tirage", "coordination-agents")


@pytest.fixture
def authority(pack_version):
    return make_person("nominations", "autorite-nomination")


@pytest.fixture
def contest(pack_version):
    geography = Geography.objects.get(code="ml-2015")
    election = country.create_election(
        code="pres-27",
        name_fr="Présidentielle 2027",
        name_en="",
        pack=pack_version,
        geography=geography,
        polling_day=POLL,
    )
    made = country.create_contest(
        election=election, code="pres-27-1", name_fr="Présidentielle, tour 1", name_en="",
        system=dict(pack_version.pack.engine_systems()["ML-PRES"]), boxes=BOXES, options=[{"name": n} for n in LISTS],
    )  # fmt: skip
    kayes, segou = (Unit.objects.get(code=c, geography=geography) for c in ("ML-KAY", "ML-SEG"))
    for code, unit in (("KAY-001", kayes), ("KAY-002", kayes), ("SEG-001", segou)):
        Station.objects.create(contest=made, code=code, unit=unit, registered=471)
    return made


@pytest.fixture
def opened(contest, staffing):
    posts_opening.open_posts(contest=contest, versions=VERSIONS, by=staffing)
    return contest


@pytest.fixture
def on_the_day(monkeypatch):
    """The clock of the house says the day of the vote."""
    monkeypatch.setattr(posts_day, "today", lambda: POLL)


def lines(
    *stations: str, positions=("president", "assessor-1", "assessor-2", "assessor-3", "assessor-4"), change=None
) -> list[str]:
    """A row for each place of these stations, with people that are told apart by their number."""
    rows = []
    for station in stations:
        for n, position in enumerate(positions):
            row = [
                station,
                position,
                f"{station}-{n}",
                f"Personne {station} {n}",
                "f",
                "1980-01-01",
                "",
                "bambara",
                "",
                position.split("-")[0],
                "1",
                "2027-12-31",
                "oui",
            ]
            rows.append(row)
    for spot, column, value in change or ():
        rows[spot][HEAD.split(",").index(column)] = value
    return [",".join(row) for row in rows]


def sent(contest, by, rows, *, name="liste.csv", shared=False, document="Lettre 12", head=HEAD):
    content = io.BytesIO("\n".join([head, *rows]).encode())
    return posts_lists.read_list(contest=contest, file=content, name=name, document=document, shared_read=shared, by=by)


def post(contest, station, position) -> Post:
    return Post.objects.select_related("agent", "station__unit", "unit", "contest__election__pack").get(
        contest=contest, body=station, position=position
    )


def appointed(contest, staffing, authority, *stations):
    """These stations with all their people named by one signed act."""
    from kalata.people.rules.approval import Decision
    from kalata.people.services import decide_approval
    from kalata.training.services import posts_appointing

    sent(contest, staffing, lines(*stations))
    asked = posts_appointing.ask(
        contest=contest, unit=None, number="D-1", on=date(2027, 2, 1), reason="liste relue", by=staffing
    )
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=authority)
