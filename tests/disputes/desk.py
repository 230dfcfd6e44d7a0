"""A court in a test: a contest with its stations, its roll, a counter with its key, and persons of each role."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import override_settings

from kalata.country.models import Station
from kalata.disputes.models import Counter, Petition, Roll
from kalata.disputes.rules.filing import Filing, GroundSaid, PartySaid
from kalata.disputes.services import counters, intake
from tests.conftest import make_person

AT = datetime(2027, 3, 7, 19, 31, 8, 250_000, tzinfo=UTC)
ROLES = {"clerk": "guichet", "registrar": "greffe", "judge": "juge", "president": "presidence", "party": "partie"}


@pytest.fixture(autouse=True)
def own_keys(tmp_path):
    """Keys of counters in a folder of the test; for every test of a file that imports it."""
    with override_settings(COUNTER_KEYS=tmp_path / "counters"):
        yield


PHRASE = "huit mots au hasard et huit autres mots encore"


@pytest.fixture
def court_keys(tmp_path, settings, monkeypatch):
    """The ceremony of the Court's keys was held in a folder of the test, at the least cost; the passphrase is there."""
    from kalata.disputes.signing import authority

    monkeypatch.setattr(authority, "COST", (2, 8, 1))
    monkeypatch.setenv("KALATA_COURT_PASSPHRASE", PHRASE)
    settings.COURT_KEYS = tmp_path / "court-keys"
    authority.create(settings.COURT_KEYS, PHRASE, court="Cour d’essai", country="ML", origin="cour.example", at=datetime.now(UTC))  # fmt: skip
    return settings.COURT_KEYS


def open_court(contest, *, stations: int = 4, code: str = "BKO2", short: str = "P1"):
    """(persons by role, the counter). Stations BV-001… of the contest, named « École n° 1 »…"""
    Station.objects.bulk_create(
        Station(contest=contest, code=f"BV-{n:03d}", name=f"École n° {n}", registered=300)
        for n in range(1, stations + 1)
    )
    who = {name: make_person(f"{name}-cour", role) for name, role in ROLES.items()}
    counters.open_roll(contest=contest, short=short, year=2027, by=who["registrar"])
    return who, counters.open_counter(code=code, name="Greffe central", by=who["registrar"])


def filing(**changed) -> Filing:
    said = {
        "about": "results", "capacity": "candidate", "relief": "annulation de deux bureaux", "signed": True,
        "text": "Le requérant demande l’annulation des bureaux visés, où des présidents ont été remplacés hors liste.",
        "parties": (PartySaid(role="petitioner", name="Candidature n° 2", kind="candidate"),),
        "grounds": (GroundSaid(code="officers_replaced", stations=("BV-001", "BV-002"), words=("Niéna école",)),),
        **changed,
    }  # fmt: skip
    return Filing(**said)


def received(contest, counter, by, *, channel: str = "counter", said: Filing | None = None, **more) -> Petition:
    draft = intake.draft(contest=contest, filing=said or filing(), channel=channel, by=by)
    return intake.receive(petition_id=draft.pk, counter=counter, by=by, **more)


def counter_of(code: str) -> Counter:
    return Counter.objects.get(code=code)


def roll_of(contest) -> Roll:
    return Roll.objects.get(contest=contest)
